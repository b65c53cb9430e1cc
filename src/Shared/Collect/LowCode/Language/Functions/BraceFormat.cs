using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>Text with fields in braces: <c>'{} of {name:>5}'.format(…)</c>.</summary>
internal static partial class BraceFormat
{
    public static string Apply(string format, IReadOnlyList<object?> placed, IReadOnlyDictionary<string, object?> named)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c == '{')
            {
                var end = format.IndexOf('}', i);
                if (end < 0)
                    throw new TemplateException("a field of the format has no end: expected '}'.");
                text.Append(Field(format[(i + 1)..end], placed, named, ref next));
                i = end;
            }
            else if (c == '}')
            {
                throw new TemplateException("a single '}' in a format: expected '}}'.");
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    static string Field(string field, IReadOnlyList<object?> placed, IReadOnlyDictionary<string, object?> named, ref int next)
    {
        if (Parts().Match(field) is not { Success: true } parts)
            throw new TemplateException($"'{{{field}}}' is not a field of a format.");
        var name = parts.Groups["name"].Value;
        object? value;
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            var place = name.Length == 0 ? next++ : int.TryParse(name, CultureInfo.InvariantCulture, out var given) ? given : int.MaxValue;
            value = place < placed.Count ? placed[place] : throw new TemplateException($"the format has a field for {place + 1} values, there are {placed.Count}.");
        }
        else
        {
            value = named.TryGetValue(name, out var found) ? found : throw new TemplateException($"the format has a field '{name}', which is not given.");
        }

        foreach (var step in parts.Groups["step"].Captures.Select(c => c.Value))
            value = step[0] == '.' ? ValueAccess.Attribute(value, step[1..]) : ValueAccess.Element(value, long.TryParse(step[1..^1], CultureInfo.InvariantCulture, out var place) ? place : step[1..^1]);
        if (parts.Groups["conversion"].Value == "r")
            value = PythonText.Repr(value);
        if (value is MomentValue or DayValue && parts.Groups["spec"] is { Success: true, Value: { Length: > 0 } times })
            return TimeFormat.Write(value is MomentValue moment ? moment : new(((DayValue)value).Date.ToDateTime(default), null), times);
        return Spec(parts.Groups["spec"].Value).Apply(value);
    }

    static NumberFormat Spec(string spec)
    {
        if (SpecParts().Match(spec) is not { Success: true } parts)
            throw new TemplateException($"'{spec}' is not a format of a value.");
        var isZero = parts.Groups["zero"].Success;
        return new()
        {
            Fill = parts.Groups["fill"] is { Success: true, Value: [var fill] } ? fill : isZero ? '0' : ' ',
            Align = parts.Groups["align"] is { Success: true, Value: [var align] } ? align : isZero ? '=' : null,
            Sign = parts.Groups["sign"] is { Success: true, Value: [var sign] } ? sign : '-',
            IsAlternate = parts.Groups["alternate"].Success,
            Width = Number(parts.Groups["width"]) ?? 0,
            Grouping = parts.Groups["grouping"] is { Success: true, Value: [var grouping] } ? grouping : null,
            Precision = Number(parts.Groups["precision"]),
            Kind = parts.Groups["kind"] is { Success: true, Value: [var kind] } ? kind : '\0',
        };
    }

    static int? Number(Group group) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\A(?<name>[0-9]{1,4}|[A-Za-z_]\w*)?(?<step>\.[A-Za-z_]\w*|\[[^\]]+\])*(!(?<conversion>[rsa]))?(:(?<spec>.*))?\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Parts();

    [GeneratedRegex(@"\A((?<fill>.)?(?<align>[<>=^]))?(?<sign>[+\- ])?(?<alternate>\#)?(?<zero>0)?(?<width>[0-9]{1,4})?(?<grouping>[,_])?(\.(?<precision>[0-9]{1,3}))?(?<kind>[bcdeEfFgGnosxX%])?\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SpecParts();
}
