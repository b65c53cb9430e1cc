using System.Text.RegularExpressions;

namespace DataIngestion.Conversion;

/// <summary>What becomes of records before their fields are mapped to columns, where fields and columns are not one to one.</summary>
public sealed record RecordShaping
{
    /// <summary>
    /// Looked for in the text before the records, in the first 16 KiB of the input: each named group is a field that all records repeat.
    /// Null for none. A group without a match is a field without a value.
    /// </summary>
    public Regex? Preamble { get; init; }

    /// <summary>Makes rows of columns; null for none.</summary>
    public Unpivoting? Unpivot { get; init; }

    /// <summary>Fields that are put together of others, in order; each may use those before it.</summary>
    public IReadOnlyList<ComposedField> Composed { get; init; } = [];
}

/// <summary>Makes of a record with a field for each of many things a record for each thing. What has no value has no record.</summary>
/// <param name="Keep">Fields that each of these records has.</param>
/// <param name="Name">Field that takes the name of the field it was.</param>
/// <param name="Value">Field that takes its value.</param>
public sealed record Unpivoting(IReadOnlyList<string> Keep, string Name, string Value);

/// <summary>A field that is put together of others.</summary>
/// <param name="Name">Its name, by which columns are mapped.</param>
/// <param name="Alternatives">The first whose fields all have a value counts; without one there is no value.</param>
public sealed record ComposedField(string Name, IReadOnlyList<ComposedText> Alternatives)
{
    /// <summary>Takes a part out of the text; null for all of it. What it gives null for is no value.</summary>
    public Func<string, string?>? Part { get; init; }
}

/// <summary>Texts and fields one after the other.</summary>
/// <param name="Parts">The parts in order: a field's name, or text as it stands.</param>
public sealed record ComposedText(IReadOnlyList<(string Text, bool IsField)> Parts)
{
    /// <summary>One field alone.</summary>
    public static ComposedText Field(string name) => new([(name, true)]);

    /// <summary>The same text in every row.</summary>
    public static ComposedText Constant(string text) => new([(text, false)]);

    /// <summary>A template: <c>{year}-{period}</c>, where names in braces are fields.</summary>
    /// <param name="template">The template.</param>
    /// <param name="known">Names that are no fields but have one value; null for none.</param>
    public static ComposedText Parse(string template, IReadOnlyDictionary<string, string>? known = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        var parts = new List<(string, bool)>();
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
            {
                parts.Add((template[at..], false));
                break;
            }

            if (open > at)
                parts.Add((template[at..open], false));
            var name = template[(open + 1)..close];
            parts.Add(known?.GetValueOrDefault(name) is { } value ? (value, false) : (name, true));
            at = close + 1;
        }

        return new(parts);
    }
}
