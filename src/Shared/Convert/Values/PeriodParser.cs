using System.Globalization;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>
/// The first day of a statistical period, as SDMX and statistical offices write it: <c>2024</c>, <c>2024-Q1</c>, <c>2024Q1</c>, <c>2024-01</c>,
/// <c>2024M01</c>, <c>2024-M01</c>, <c>2024-S1</c> (half-year, also H and B), <c>2024-W05</c> (ISO week), <c>2024-A1</c>, <c>2024-01-31</c> (that day).
/// The averages of a year that the US Bureau of Labor Statistics counts as <c>M13</c>, <c>Q05</c> and <c>S03</c> begin with it.
/// </summary>
internal sealed class PeriodParser(FixedBuilder<int> builder) : CellParser
{
    /// <summary>The word for it in a column's format.</summary>
    public const string Name = "period";

    const int MostCharacters = 16;
    static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[MostCharacters];
        if (text.Length > MostCharacters || !Encoding.UTF8.TryGetChars(text, characters, out var length) || !TryRead(characters[..length], out var day))
            return false;
        builder.Append(day.DayNumber - Epoch);
        return true;
    }

    /// <summary>Reads a period; false if the text is none.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out DateOnly day)
    {
        day = default;
        if (text.Length < 4 || !Number(text[..4], out var year) || year == 0)
            return false;
        var rest = text[4..].TrimStart('-');
        if (rest.IsEmpty)
            return text.Length == 4 && First(year, 1, out day);
        if (char.IsAsciiDigit(rest[0]))
            return Digits(text, year, rest, out day);
        if (rest.Length > 3 || !Number(rest[1..], out var number) || number == 0)
            return false;
        return char.ToUpperInvariant(rest[0]) switch
        {
            'A' => number == 1 && First(year, 1, out day),
            'S' or 'H' or 'B' => number <= 3 && First(year, number == 3 ? 1 : (number * 6) - 5, out day),
            'Q' => number <= 5 && First(year, number == 5 ? 1 : (number * 3) - 2, out day),
            'M' => number <= 13 && First(year, number == 13 ? 1 : number, out day),
            'W' => Week(year, number, out day),
            _ => false,
        };
    }

    static bool Digits(ReadOnlySpan<char> text, int year, ReadOnlySpan<char> rest, out DateOnly day)
    {
        if (rest.Length == 2 && Number(rest, out var month))
            return First(year, month, out day);
        return DateOnly.TryParseExact(text, text.Length == 8 ? "yyyyMMdd" : "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    static bool Week(int year, int week, out DateOnly day)
    {
        day = default;
        if (week > ISOWeek.GetWeeksInYear(year))
            return false;
        day = DateOnly.FromDateTime(ISOWeek.ToDateTime(year, week, DayOfWeek.Monday));
        return true;
    }

    static bool First(int year, int month, out DateOnly day)
    {
        day = default;
        if (month is < 1 or > 12)
            return false;
        day = new(year, month, 1);
        return true;
    }

    static bool Number(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
