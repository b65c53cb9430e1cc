using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Values;

/// <summary>Reads the date at the start of a text. Years have four digits: two would leave the century to be guessed.</summary>
internal static class DateFields
{
    static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    public static bool TryRead(ReadOnlySpan<byte> text, ref int at, ref MomentText moment)
    {
        var digits = Run(text, at);
        switch (digits)
        {
            case 8 or 14:
                moment.Form = TextShape.CompactDate;
                (moment.Year, moment.First, moment.Second) = (Number(text, at, 4), Number(text, at + 4, 2), Number(text, at + 6, 2));
                at += 8;
                return true;
            case 4:
                return TryYearFirst(text, ref at, ref moment);
            case 1 or 2:
                return TryDayOrMonthFirst(text, ref at, digits, ref moment);
            case 0:
                return TryMonthName(text, ref at, ref moment);
            default:
                return false;
        }
    }

    static bool TryYearFirst(ReadOnlySpan<byte> text, ref int at, ref MomentText moment)
    {
        moment.Year = Number(text, at, 4);
        at += 4;
        if (at == text.Length)
            return false;
        var separator = text[at];
        moment.Form = separator switch { (byte)'-' => TextShape.IsoDate, (byte)'/' => TextShape.SlashedIsoDate, (byte)'.' => TextShape.DottedIsoDate, _ => TextShape.None };
        return moment.Form != TextShape.None && TrySmall(text, ref at, separator, out moment.First) && TrySmall(text, ref at, separator, out moment.Second);
    }

    static bool TryDayOrMonthFirst(ReadOnlySpan<byte> text, ref int at, int digits, ref MomentText moment)
    {
        var first = Number(text, at, digits);
        at += digits;
        if (at == text.Length)
            return false;
        var separator = text[at];
        if (char.IsAsciiLetter((char)separator) || (separator is (byte)' ' or (byte)'-' or (byte)'/' or (byte)'.' && at + 1 < text.Length && char.IsAsciiLetter((char)text[at + 1])))
        {
            if (!char.IsAsciiLetter((char)separator))
                at++;
            (moment.Form, moment.Second) = (TextShape.NamedMonthDate, first);
            return TryNamed(text, ref at, out moment.First) && TryYear(text, ref at, out moment.Year, isSeparated: !char.IsAsciiLetter((char)separator));
        }

        moment.First = first;
        moment.Form = separator switch { (byte)'/' => TextShape.SlashedDate, (byte)'-' => TextShape.DashedDate, (byte)'.' => TextShape.DottedDate, _ => TextShape.None };
        if (moment.Form == TextShape.None || !TrySmall(text, ref at, separator, out moment.Second) || at >= text.Length || text[at] != separator)
            return false;
        at++;
        if (moment.Form == TextShape.DottedDate)
            (moment.First, moment.Second) = (moment.Second, moment.First);
        return TryYear(text, ref at, out moment.Year, isSeparated: false);
    }

    static bool TryMonthName(ReadOnlySpan<byte> text, ref int at, ref MomentText moment)
    {
        moment.Form = TextShape.NamedMonthDate;
        if (!TryNamed(text, ref at, out moment.First) || at >= text.Length || text[at] is not ((byte)' ' or (byte)'-' or (byte)'/'))
            return false;
        at++;
        var digits = Run(text, at);
        if (digits is not (1 or 2))
            return false;
        moment.Second = Number(text, at, digits);
        at += digits;
        return TryYear(text, ref at, out moment.Year, isSeparated: true);
    }

    /// <summary>A year of four digits, after a separator if there must be one.</summary>
    static bool TryYear(ReadOnlySpan<byte> text, ref int at, out int year, bool isSeparated)
    {
        year = 0;
        if (isSeparated)
        {
            var start = at;
            if (at < text.Length && text[at] == ',')
                at++;
            if (at < text.Length && text[at] is (byte)' ' or (byte)'-' or (byte)'/' or (byte)'.' && (at == start || text[at] == ' '))
                at++;
            if (at == start)
                return false;
        }

        if (Run(text, at) != 4)
            return false;
        year = Number(text, at, 4);
        at += 4;
        return true;
    }

    static bool TryNamed(ReadOnlySpan<byte> text, ref int at, out int month)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiLetter((char)text[end]))
            end++;
        var word = text[at..end];
        for (month = 1; word.Length >= 3 && month <= 12; month++)
        {
            var name = Months[month - 1];
            if ((word.Length == 3 || word.Length == name.Length || (word.Length == 4 && month == 9)) && System.Text.Ascii.EqualsIgnoreCase(word, name.AsSpan(0, word.Length)))
            {
                at = end < text.Length && text[end] == '.' ? end + 1 : end;
                return true;
            }
        }

        return false;
    }

    static bool TrySmall(ReadOnlySpan<byte> text, ref int at, byte separator, out int value)
    {
        value = 0;
        if (at >= text.Length || text[at] != separator)
            return false;
        at++;
        var digits = Run(text, at);
        if (digits is not (1 or 2))
            return false;
        value = Number(text, at, digits);
        at += digits;
        return true;
    }

    static int Run(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end < text.Length && (uint)(text[end] - '0') <= 9)
            end++;
        return end - at;
    }

    static int Number(ReadOnlySpan<byte> text, int at, int digits)
    {
        var value = 0;
        foreach (var digit in text.Slice(at, digits))
            value = value * 10 + (digit - '0');
        return value;
    }
}
