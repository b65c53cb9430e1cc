using System.Globalization;
using System.Text;

namespace DataIngestion.Conversion.Ofx;

/// <summary>Values in the spelling of OFX (specification 1.6, section 3.2.8) as others write them.</summary>
internal static class OfxTexts
{
    const int DayLength = 8;
    const int MostOffset = 14;

    /// <summary>
    /// <c>YYYYMMDD</c> as a date, <c>YYYYMMDDHHMM[SS[.XXX]]</c> as a date with a time, moved by <c>[offset:name]</c>; without one the zone is GMT.
    /// Anything else as it is.
    /// </summary>
    public static string Moment(string text)
    {
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        var digits = (bracket < 0 ? text : text[..bracket]).Trim();
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (digits, "") : (digits[..point], digits[(point + 1)..]);
        if (whole.Length is not (8 or 10 or 12 or 14) || whole.AsSpan().ContainsAnyExceptInRange('0', '9') || fraction.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return text;
        var day = $"{whole[..4]}-{whole[4..6]}-{whole[6..DayLength]}";
        if (whole.Length == DayLength)
            return day;
        var time = whole[DayLength..].PadRight(6, '0');
        return Zone(bracket < 0 ? "" : text[(bracket + 1)..]) is { } zone ? $"{day}T{time[..2]}:{time[2..4]}:{time[4..]}{(fraction.Length > 0 ? "." + fraction : "")}{zone}" : text;
    }

    /// <summary><c>-5:EST]</c>, <c>+5.5]</c>: hours, with a fraction.</summary>
    static string? Zone(string text)
    {
        var end = text.IndexOfAny([':', ']']);
        var hours = (end < 0 ? text : text[..end]).Trim();
        if (hours.Length == 0)
            return "Z";
        if (!decimal.TryParse(hours, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var offset) || Math.Abs(offset) > MostOffset)
            return null;
        var minutes = (int)(offset * 60);
        return minutes == 0 ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}:{Math.Abs(minutes) % 60:00}");
    }

    /// <summary>A number whose decimal mark is a comma, which OFX allows, with a point.</summary>
    public static string Number(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return comma >= 0 && comma == text.LastIndexOf(',') && !text.Contains('.', StringComparison.Ordinal) ? text.Replace(',', '.') : text;
    }

    /// <summary>A text without its references to characters.</summary>
    public static string Plain(string text)
    {
        if (!text.Contains('&', StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var end = text[at] == '&' ? text.IndexOf(';', at) : -1;
            if (end < 0 || end - at > 8 || Character(text[(at + 1)..end]) is not { } character)
            {
                plain.Append(text[at]);
                continue;
            }

            plain.Append(character);
            at = end;
        }

        return plain.ToString();
    }

    static string? Character(string name) => name switch
    {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u00A0",
        _ when name.StartsWith('#') => Coded(name.AsSpan(1)),
        _ => null,
    };

    static string? Coded(ReadOnlySpan<char> digits)
    {
        var isHexadecimal = digits.StartsWith("x", StringComparison.OrdinalIgnoreCase);
        var style = isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return int.TryParse(isHexadecimal ? digits[1..] : digits, style, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code) && code > 0 ? new Rune(code).ToString() : null;
    }
}
