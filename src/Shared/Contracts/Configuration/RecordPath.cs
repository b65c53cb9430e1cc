using System.Diagnostics.CodeAnalysis;

namespace DataIngestion.Contracts;

/// <summary>
/// A place in a JSON document: <c>$</c> (the root), <c>$.data.bars[*]</c>, <c>$[1]</c>, <c>$['Time Series (Daily)'].{date}</c>, <c>$.quotes.USD{currency}</c>,
/// <c>$.result.*[*]</c>. The <c>$</c> may be left out.
/// </summary>
/// <remarks>
/// Where the records are, the last step decides: behind <c>[*]</c> the elements of an array, where an object stands instead the one record that it is;
/// behind <c>*</c> and <c>{key}</c> the entries of an object, whatever they are; behind anything else the elements of an array, or the one value
/// that is no array, and none where it is <c>null</c>.
/// </remarks>
public sealed class RecordPath
{
    RecordPath(string text, IReadOnlyList<RecordStep> steps) => (Text, Steps) = (text, steps);

    /// <summary>The root itself.</summary>
    public static RecordPath Root { get; } = new("$", []);

    /// <summary>The path, with its <c>$</c>.</summary>
    public string Text { get; }

    /// <summary>The way from the root.</summary>
    public IReadOnlyList<RecordStep> Steps { get; }

    /// <summary>Whether it ends with <c>[*]</c>.</summary>
    public bool EndsInElements => Steps is [.., { Kind: RecordStepKind.Elements }];

    /// <summary>Whether it ends with <c>*</c> or <c>{key}</c>.</summary>
    public bool EndsInEntries => Steps is [.., { Kind: RecordStepKind.Entries }];

    /// <summary>A path of steps.</summary>
    public static RecordPath Of(params IReadOnlyList<RecordStep> steps) => new($"${string.Concat(steps)}", steps);

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">It is none; the message says at which character.</exception>
    public static RecordPath Parse(string text) => TryParse(text, out var path, out var fault) ? path : throw new FormatException(fault);

    /// <summary>What is wrong with a text as a path; null where nothing is.</summary>
    public static string? FaultOf(string text) => TryParse(text, out _, out var fault) ? null : fault;

    /// <summary>Reads a path, or says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RecordPath? path, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        (path, fault) = (null, null);
        text = text.Trim();
        if (!text.StartsWith('$'))
            text = text.Length == 0 || text[0] is '[' or '.' ? $"${text}" : $"$.{text}";
        var steps = new List<RecordStep>();
        for (var at = 1; at < text.Length;)
        {
            string? expected = "'.' or '['";
            var step = text[at] switch
            {
                '[' => Bracket(text, ref at, out expected),
                '.' => Dot(text, ref at, out expected),
                _ => null,
            };
            if (step is null)
            {
                fault = $"The record path '{text}' is not understood at character {at + 1}: {expected} was expected, as in $.data[*] or $['Time Series'].{{date}}.";
                return false;
            }

            steps.Add(step);
        }

        path = new(text, steps);
        return true;
    }

    static RecordStep? Bracket(string text, ref int at, out string? expected)
    {
        expected = "[*], [0] or ['name']";
        var rest = text.AsSpan(at + 1);
        if (rest is ['\'' or '"', ..] && text.IndexOf($"{rest[0]}]", at + 2, StringComparison.Ordinal) is > 0 and var quote)
        {
            var name = text[(at + 2)..quote];
            at = quote + 2;
            return RecordStep.Property(name);
        }

        var end = rest.IndexOf(']');
        if (end < 0 || (rest[..end] is not "*" && !int.TryParse(rest[..end], System.Globalization.NumberStyles.None, null, out _)))
            return null;
        var inside = rest[..end];
        at += end + 2;
        return inside is "*" ? RecordStep.Elements : RecordStep.Element(int.Parse(inside, System.Globalization.CultureInfo.InvariantCulture));
    }

    static RecordStep? Dot(string text, ref int at, out string? expected)
    {
        expected = "a name";
        var start = at + 1;
        var open = text.AsSpan(start).IndexOfAny("{.[") is >= 0 and var length && text[start + length] == '{' ? start + length : -1;
        var close = open < 0 ? -1 : text.IndexOf('}', open);
        if (open >= 0 && close <= open + 1)
        {
            (at, expected) = (open, "{column}");
            return null;
        }

        var behind = Math.Max(start, close + 1);
        var end = text.AsSpan(behind).IndexOfAny('.', '[') is >= 0 and var more ? behind + more : text.Length;
        at = end == start ? start : end;
        if (end == start)
            return null;
        if (open >= 0)
            return RecordStep.Entries(text[(open + 1)..close], text[start..open], text[(close + 1)..end]);
        return text[start..end] == "*" ? RecordStep.Entries(null) : RecordStep.Property(text[start..end]);
    }

    /// <inheritdoc />
    public override string ToString() => Text;
}
