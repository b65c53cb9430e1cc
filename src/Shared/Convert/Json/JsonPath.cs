using System.Text;

namespace DataIngestion.Conversion.Json;

/// <summary>One step of a record path: a property, every element of an array, or every entry of a map.</summary>
/// <param name="Name">The property, in UTF-8; null for the others.</param>
/// <param name="Capture">The column that takes the keys of a map; null for none.</param>
internal sealed record JsonStep(byte[]? Name, bool IsMap, string? Capture);

/// <summary>A record path, whose <c>$</c> may be left out: <c>$</c>, <c>$.data[*]</c>, <c>$['a b'].*</c>, <c>$.series.{date}</c>.</summary>
internal sealed record JsonPath(string Text, IReadOnlyList<JsonStep> Steps)
{
    public static JsonPath Root { get; } = new("$", []);

    public static JsonPath Parse(string text)
    {
        // The root may be left out: data.bars[*] is $.data.bars[*].
        if (!text.StartsWith('$'))
            text = text.StartsWith('[') ? $"${text}" : $"$.{text}";
        var steps = new List<JsonStep>();
        for (var at = 1; at < text.Length;)
        {
            var (step, next) = text[at] switch
            {
                '[' => Bracket(text, at),
                '.' => Dot(text, at + 1),
                _ => throw Wrong(text, at + 1, "'.' or '['"),
            };
            steps.Add(step);
            at = next;
        }

        return new(text, steps);
    }

    static (JsonStep Step, int Next) Bracket(string text, int at)
    {
        if (text.AsSpan(at).StartsWith("[*]"))
            return (new(null, false, null), at + 3);
        if (at + 1 < text.Length && text[at + 1] is '\'' or '"')
        {
            var close = text.IndexOf($"{text[at + 1]}]", at + 2, StringComparison.Ordinal);
            if (close > 0)
                return (new(Encoding.UTF8.GetBytes(text[(at + 2)..close]), false, null), close + 2);
        }

        throw Wrong(text, at + 1, "[*] or ['name']");
    }

    static (JsonStep Step, int Next) Dot(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny('.', '[') is >= 0 and var length ? at + length : text.Length;
        if (at < text.Length && text[at] == '{')
        {
            end = text.IndexOf('}', at) + 1;
            if (end <= at + 2)
                throw Wrong(text, at + 1, "{column}");
            return (new(null, true, text[(at + 1)..(end - 1)]), end);
        }

        if (end == at)
            throw Wrong(text, at + 1, "a name");
        return text[at..end] == "*" ? (new(null, true, null), end) : (new(Encoding.UTF8.GetBytes(text[at..end]), false, null), end);
    }

    static ConversionException Wrong(string text, int at, string expected) =>
        new($"The record path '{text}' is not understood at character {at}: {expected} was expected, as in $.data[*] or $['Time Series'].{{date}}.");
}
