using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DataIngestion.Conversion.Yaml;

/// <summary>
/// The types of scalars by the core schema of YAML 1.2.2 (section 10.3.2): <c>NO</c> is text, <c>1:30</c> is text. Beyond it, a number with a leading
/// zero is text, as it is everywhere here: it is a code.
/// </summary>
internal static partial class YamlScalar
{
    const string Core = "tag:yaml.org,2002:";

    public static void Write(Scalar scalar, Utf8Buffer to)
    {
        var tag = scalar.Tag.IsEmpty ? null : scalar.Tag.IsNonSpecific ? "!" : scalar.Tag.Value;
        var isPlain = scalar.Style == ScalarStyle.Plain && tag is null or "?";
        var kind = tag is not null && tag.StartsWith(Core, StringComparison.Ordinal) ? tag[Core.Length..] : null;
        var text = scalar.Value;
        if ((isPlain || kind == "null") && text is "" or "~" or "null" or "Null" or "NULL")
            JsonValue.Null(to);
        else if ((isPlain || kind == "bool") && text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            JsonValue.Boolean(text[0] is 't' or 'T', to);
        else if ((isPlain || kind is "int" or "float") && TryNumber(text, keepsZeros: isPlain, to))
            return;
        else
            JsonValue.Text(text, to);
    }

    static bool TryNumber(string text, bool keepsZeros, Utf8Buffer to)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.'))
            return false;
        if (Special().IsMatch(text))
        {
            JsonValue.Text(text.EndsWith("an", StringComparison.OrdinalIgnoreCase) ? "NaN" : text[0] == '-' ? "-Infinity" : "Infinity", to);
            return true;
        }

        if (text.StartsWith("0x", StringComparison.Ordinal) || text.StartsWith("0o", StringComparison.Ordinal))
            return TryOtherBase(text, to);
        if (!Number().IsMatch(text))
            return false;
        var digits = text.AsSpan().TrimStart("+-");
        if (digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]))
        {
            if (keepsZeros)
                return false;
            digits = digits.TrimStart('0');
            if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]))
                digits = string.Concat("0", digits);
        }

        WriteNumber(text[0] == '-', digits, to);
        return true;
    }

    /// <summary>The digits as they stand, with those that JSON wants around the point.</summary>
    static void WriteNumber(bool isNegative, ReadOnlySpan<char> digits, Utf8Buffer to)
    {
        var point = digits.IndexOf('.');
        var needsZero = point >= 0 && (point + 1 == digits.Length || !char.IsAsciiDigit(digits[point + 1]));
        JsonValue.Ascii($"{(isNegative ? "-" : "")}{(point == 0 ? "0" : "")}{(needsZero ? $"{digits[..(point + 1)]}0{digits[(point + 1)..]}" : digits.ToString())}", to);
    }

    static bool TryOtherBase(string text, Utf8Buffer to)
    {
        var digits = text.AsSpan(2);
        if (digits.IsEmpty || digits.Length > JsonValue.MaxNumberBytes || digits.ContainsAnyExcept(text[1] == 'x' ? "0123456789abcdefABCDEF" : "01234567"))
            return false;
        var value = BigInteger.Zero;
        foreach (var digit in digits)
            value = (value * (text[1] == 'x' ? 16 : 8)) + int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        JsonValue.Whole(value, to);
        return true;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Special();
}
