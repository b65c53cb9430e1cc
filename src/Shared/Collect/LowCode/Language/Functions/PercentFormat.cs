using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>Text with fields of percent signs: <c>'%s-%02d' % (a, b)</c>.</summary>
internal static partial class PercentFormat
{
    public static string Apply(string format, object? values)
    {
        var placed = values is LowCodeTuple tuple ? tuple : (IReadOnlyList<object?>)[values];
        var text = new StringBuilder();
        int next = 0, at = 0;
        while (format.IndexOf('%', at) is >= 0 and var found)
        {
            text.Append(format, at, found - at);
            if (Field().Match(format, found) is not { Success: true } field || field.Index != found)
                throw new TemplateException($"'{format[found..Math.Min(format.Length, found + 5)]}' is not a field of a format.");
            at = found + field.Length;
            var kind = field.Groups["kind"].Value[0];
            if (kind == '%')
            {
                text.Append('%');
                continue;
            }

            var value = field.Groups["name"] is { Success: true, Value: var name }
                ? Named(values, name)
                : next < placed.Count ? placed[next++] : throw new ValueTypeException("the format has more fields than there are values.");
            if (kind is 'd' or 'i' or 'u' && value is double or decimal)
                value = Numbers.Normal(new System.Numerics.BigInteger(Numbers.Real(value)));
            var flags = field.Groups["flags"].Value;
            var isZero = flags.Contains('0', StringComparison.Ordinal) && !flags.Contains('-', StringComparison.Ordinal) && kind is not ('s' or 'r');
            text.Append(new NumberFormat
            {
                Fill = isZero ? '0' : ' ',
                Align = flags.Contains('-', StringComparison.Ordinal) ? '<' : isZero ? '=' : '>',
                Sign = flags.Contains('+', StringComparison.Ordinal) ? '+' : flags.Contains(' ', StringComparison.Ordinal) ? ' ' : '-',
                IsAlternate = flags.Contains('#', StringComparison.Ordinal),
                Width = field.Groups["width"] is { Success: true, Value: var width } ? int.Parse(width, CultureInfo.InvariantCulture) : 0,
                Precision = field.Groups["precision"] is { Success: true, Value: var precision } ? int.Parse(precision, CultureInfo.InvariantCulture) : null,
                Kind = kind,
            }.Apply(value));
        }

        if (next < placed.Count && values is not LowCodeMap)
            throw new ValueTypeException("the format has fewer fields than there are values.");
        return text.Append(format, at, format.Length - at).ToString();
    }

    static object? Named(object? values, string name) =>
        values is LowCodeMap map ? (map.TryGetValue(name, out var value) ? value : throw new TemplateException($"the format has a field '{name}', which is not given."))
        : throw new ValueTypeException("the format has fields with names: expected a mapping.");

    [GeneratedRegex(@"%(\((?<name>[^)]*)\))?(?<flags>[-+ #0]*)(?<width>[0-9]{1,5})?(\.(?<precision>[0-9]{1,4}))?(?<kind>[diouxXeEfFgGcrs%])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Field();
}
