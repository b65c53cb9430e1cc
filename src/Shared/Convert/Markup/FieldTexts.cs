using System.Globalization;

namespace DataIngestion.Conversion.Markup;

/// <summary>Texts of fields as inference wants them, the value unchanged. Lexical rules are those of XML Schema part 2.</summary>
internal static class FieldTexts
{
    const int DayLength = 10;

    /// <summary>Brings a text to the form of its kind.</summary>
    /// <returns>Null where it is none.</returns>
    public static string? Settle(FieldKind kind, string text) => kind switch
    {
        FieldKind.Number => Number(text),
        FieldKind.Day => Day(text),
        FieldKind.Moment => Moment(text),
        FieldKind.Flag => Flag(text),
        _ => text,
    };

    /// <summary>What was expected of a kind, for a sentence.</summary>
    public static string Expected(FieldKind kind) => kind switch
    {
        FieldKind.Number => "a decimal number",
        FieldKind.Day => "a date YYYY-MM-DD",
        FieldKind.Moment => "a date with a time YYYY-MM-DDThh:mm:ss",
        _ => "true or false",
    };

    /// <summary>A decimal (<c>xs:decimal</c>, or with an exponent <c>xs:double</c>) without a plus, leading zeros or a bare point.</summary>
    public static string? Number(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t\r\n");
        var isNegative = text.StartsWith("-");
        var body = isNegative || text.StartsWith("+") ? text[1..] : text;
        var exponent = body.IndexOfAny('e', 'E');
        var mantissa = exponent < 0 ? body : body[..exponent];
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || !AreDigits(whole) || !AreDigits(fraction) || (exponent >= 0 && !IsExponent(body[(exponent + 1)..])))
            return null;
        whole = whole.TrimStart('0');
        var isZero = whole.IsEmpty && !fraction.ContainsAnyExcept('0');
        return string.Concat(isNegative && !isZero ? "-" : "", whole.IsEmpty ? "0" : whole, fraction.IsEmpty ? "" : $".{fraction}", exponent < 0 ? "" : body[exponent..]);
    }

    /// <summary>The number with the other sign.</summary>
    public static string Negate(string number) => number.StartsWith('-') ? number[1..] : number.AsSpan().ContainsAnyInRange('1', '9') ? "-" + number : number;

    static string? Day(string text)
    {
        var day = text.Trim();
        if (day.Length < DayLength || !DateOnly.TryParseExact(day.AsSpan(0, DayLength), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return null;
        return day.Length == DayLength || IsZone(day.AsSpan(DayLength)) || Moment(day) is not null ? day[..DayLength] : null;
    }

    static string? Moment(string text)
    {
        var moment = text.Trim();
        return moment.Length > DayLength && moment[DayLength] == 'T' && DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? moment : null;
    }

    static string? Flag(string text) => text.Trim() switch
    {
        "true" or "1" => "true",
        "false" or "0" => "false",
        _ => null,
    };

    static bool IsZone(ReadOnlySpan<char> text) => text is "Z" || (text.Length == 6 && text[0] is '+' or '-' && text[3] == ':' && AreDigits(text[1..3]) && AreDigits(text[4..]));

    static bool IsExponent(ReadOnlySpan<char> text) => AreDigits(text = text.TrimStart("+-")) && text.Length is > 0 and < 5;

    static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
