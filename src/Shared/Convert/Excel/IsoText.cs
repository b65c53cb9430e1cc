using System.Buffers.Text;
using System.Globalization;

namespace DataIngestion.Conversion.Excel;

/// <summary>
/// Dates, times and durations as workbooks write them in ISO 8601: with any number of digits after the second, most of them the noise of a double,
/// so that they are rounded to milliseconds.
/// </summary>
internal static class IsoText
{
    const double LongestSeconds = 1e11;

    /// <param name="day">Of a moment, days since 0001-01-01.</param>
    /// <param name="milliseconds">Since midnight, or of the duration.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out FormatKind kind, out long day, out long milliseconds)
    {
        (kind, day, milliseconds) = (FormatKind.Time, 0, 0);
        if (text.Length >= 10 && text[4] == '-')
        {
            kind = FormatKind.Moment;
            if (!DateOnly.TryParseExact(System.Text.Encoding.ASCII.GetString(text[..10]), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return false;
            day = date.DayNumber;
            return text.Length == 10 || (text[10] is (byte)'T' or (byte)' ' && TryClock(text[11..], out milliseconds) && (milliseconds < 86_400_000 || date < DateOnly.MaxValue));
        }

        if (text.StartsWith("P"u8) || text.StartsWith("-P"u8))
        {
            kind = FormatKind.Duration;
            return TryDuration(text, out milliseconds);
        }

        return TryClock(text, out milliseconds);
    }

    static bool TryClock(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < 5 || text[2] != ':' || !Utf8Parser.TryParse(text[..2], out int hours, out var read) || read != 2
            || !Utf8Parser.TryParse(text.Slice(3, 2), out int minutes, out read) || read != 2 || hours > 23 || minutes > 59)
            return false;
        var seconds = 0.0;
        if (text.Length > 5 && (text[5] != ':' || !TrySeconds(text[6..], out seconds) || seconds >= 60))
            return false;
        milliseconds = (hours * 60 + minutes) * 60_000L + (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
        return true;
    }

    static bool TrySeconds(ReadOnlySpan<byte> text, out double seconds) =>
        Utf8Parser.TryParse(text, out seconds, out var read) && read == text.Length && seconds is >= 0 and <= LongestSeconds && !text.ContainsAny("eE+-"u8);

    /// <summary><c>[-]P[nD][T[nH][nM][n[.n]S]]</c>.</summary>
    static bool TryDuration(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        var isNegative = text[0] == '-';
        text = text[(isNegative ? 2 : 1)..];
        var (total, isTime) = (0.0, false);
        while (!text.IsEmpty)
        {
            if (text[0] == 'T' && !isTime)
            {
                isTime = true;
                text = text[1..];
                continue;
            }

            var length = text.IndexOfAny("DHMS"u8);
            if (length < 1 || (text[length] == 'D') == isTime || !TrySeconds(text[..length], out var count))
                return false;
            total += count * (text[length] switch { (byte)'D' => 86_400, (byte)'H' => 3_600, (byte)'M' => 60, _ => 1 });
            text = text[(length + 1)..];
        }

        if (total > LongestSeconds)
            return false;
        milliseconds = (long)Math.Round(total * 1000, MidpointRounding.AwayFromZero) * (isNegative ? -1 : 1);
        return true;
    }
}
