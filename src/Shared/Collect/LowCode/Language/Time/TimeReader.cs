using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>Times read by the formats that <see cref="TimeFormat"/> writes, as strictly as Python reads them: the whole text has to fit.</summary>
internal static class TimeReader
{
    // The patterns are linear in short texts: more time is only ever needed by a machine that is busy.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    const int MaxPatterns = 1000; // formats come from manifests, but some are made by templates

    static readonly ConcurrentDictionary<string, Regex?> Patterns = new(StringComparer.Ordinal);
    static readonly DateTimeFormatInfo Names = CultureInfo.InvariantCulture.DateTimeFormat;

    /// <summary>The time, or null where the text does not fit the format. Without an offset in the format it is UTC.</summary>
    public static MomentValue? Read(string text, string format)
    {
        var time = ReadNaive(text, format);
        return time is { IsNaive: true } ? time with { Offset = TimeSpan.Zero } : time;
    }

    /// <summary>The same; without an offset in the format it has none.</summary>
    public static MomentValue? ReadNaive(string text, string format)
    {
        try
        {
            return format switch
            {
                "%s" => Epoch(text, 1_000_000),
                "%s_as_float" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) ? After((decimal)Math.Round(seconds * 1e6)) : null,
                "%ms" => Epoch(text, 1_000),
                "%epoch_microseconds" => Epoch(text, 1),
                _ => Match(text, format.Replace("%_ms", "%f", StringComparison.Ordinal)),
            };
        }
        catch (Exception impossible) when (impossible is ArgumentException or OverflowException)
        {
            return null;
        }
    }

    static MomentValue? Epoch(string text, long microseconds) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count) ? After(count * microseconds) : null;

    static MomentValue After(decimal microseconds) => MomentValue.Of(DateTimeOffset.UnixEpoch.AddTicks((long)(microseconds * 10)));

    static MomentValue? Match(string text, string format)
    {
        if (text.Length > 200 || format.Length > 200)
            return null;
        if (Patterns.Count > MaxPatterns)
            Patterns.Clear();
        if (Patterns.GetOrAdd(format, static f => PatternOf(f)) is not { } pattern || pattern.Match(text) is not { Success: true } match)
            return null;

        var year = Has(match, "Y") ? Int(match, "Y") : Has(match, "y") ? Century(Int(match, "y")) : 1900;
        var month = Has(match, "m") ? Int(match, "m") : Has(match, "b") ? Month(match.Groups["b"].Value, Names.AbbreviatedMonthNames) : Has(match, "B") ? Month(match.Groups["B"].Value, Names.MonthNames) : 1;
        var day = new DateTime(year, month, Has(match, "d") ? Int(match, "d") : 1);
        if (Has(match, "j"))
            day = new DateTime(year, 1, 1).AddDays(Int(match, "j") - 1);
        else if (Has(match, "G") && Has(match, "V"))
            day = ISOWeek.ToDateTime(Int(match, "G"), Int(match, "V"), (DayOfWeek)((Has(match, "u") ? Int(match, "u") : 1) % 7));

        var hour = Has(match, "H") ? Int(match, "H") : Has(match, "I") ? Int(match, "I") % 12 + (match.Groups["p"].Value.Equals("PM", StringComparison.OrdinalIgnoreCase) ? 12 : 0) : 0;
        var local = day.AddHours(hour).AddMinutes(Int(match, "M")).AddSeconds(Math.Min(Int(match, "S"), 59))
            .AddTicks(Has(match, "f") ? long.Parse(match.Groups["f"].Value.PadRight(6, '0'), CultureInfo.InvariantCulture) * 10 : 0);
        var offset = Has(match, "z") ? IsoTime.OffsetOf(match.Groups["z"].Value) : null;
        return new(local, offset);
    }

    static Regex? PatternOf(string format)
    {
        var pattern = new StringBuilder(@"\A");
        var used = new HashSet<char>();
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (char.IsWhiteSpace(c))
            {
                pattern.Append(@"\s+");
                while (i + 1 < format.Length && char.IsWhiteSpace(format[i + 1]))
                    i++;
                continue;
            }

            if (c != '%')
            {
                pattern.Append(Regex.Escape(c.ToString()));
                continue;
            }

            if (++i == format.Length)
                return null;
            var directive = format[i] is '-' or '#' && i + 1 < format.Length ? format[++i] : format[i];
            if (directive == 'T')
                pattern.Append("(?<H>2[0-3]|[0-1][0-9]|[0-9]):(?<M>[0-5][0-9]|[0-9]):(?<S>6[0-1]|[0-5][0-9]|[0-9])");
            else if (directive == 'F')
                pattern.Append("(?<Y>[0-9]{4})-(?<m>1[0-2]|0[1-9]|[1-9])-(?<d>3[0-1]|[1-2][0-9]|0[1-9]|[1-9])");
            else if (Piece(directive) is not { } piece || (directive != '%' && !used.Add(directive)))
                return null; // a directive that does not exist, or twice
            else
                pattern.Append(piece);
        }

        return new(pattern.Append(@"\z").ToString(), RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Longest);
    }

    static string? Piece(char directive) => directive switch
    {
        'd' or 'e' => "(?<d>3[0-1]|[1-2][0-9]|0[1-9]|[1-9]| [1-9])",
        'f' => "(?<f>[0-9]{1,6})",
        'H' => "(?<H>2[0-3]|[0-1][0-9]|[0-9])",
        'I' => "(?<I>1[0-2]|0[1-9]|[1-9])",
        'G' => "(?<G>[0-9]{4})",
        'j' => "(?<j>36[0-6]|3[0-5][0-9]|[1-2][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9])",
        'm' => "(?<m>1[0-2]|0[1-9]|[1-9])",
        'M' => "(?<M>[0-5][0-9]|[0-9])",
        'S' => "(?<S>6[0-1]|[0-5][0-9]|[0-9])",
        'U' or 'W' => "(5[0-3]|[0-4][0-9]|[0-9])",
        'u' => "(?<u>[1-7])",
        'V' => "(?<V>5[0-3]|0[1-9]|[1-4][0-9]|[0-9])",
        'w' => "[0-6]",
        'y' => "(?<y>[0-9]{2})",
        'Y' => "(?<Y>[0-9]{4})",
        'z' => "(?<z>[+-][0-9]{2}:?[0-5][0-9](:?[0-5][0-9])?|Z)",
        'Z' => "(utc|gmt)",
        'a' => $"({string.Join('|', Names.AbbreviatedDayNames)})",
        'A' => $"({string.Join('|', Names.DayNames)})",
        'b' or 'h' => $"(?<b>{string.Join('|', Names.AbbreviatedMonthNames.Take(12))})",
        'B' => $"(?<B>{string.Join('|', Names.MonthNames.Take(12))})",
        'p' => "(?<p>am|pm)",
        '%' => "%",
        _ => null,
    };

    static bool Has(Match match, string name) => match.Groups[name].Success;

    static int Int(Match match, string name) => match.Groups[name] is { Success: true, Value: var digits } ? int.Parse(digits, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) : 0;

    // As POSIX reads two digits.
    static int Century(int year) => year < 69 ? year + 2000 : year + 1900;

    static int Month(string name, string[] names) => Array.FindIndex(names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) + 1;
}
