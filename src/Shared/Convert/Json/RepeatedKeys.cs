namespace DataIngestion.Conversion.Json;

/// <summary>Keys that stood twice in their object.</summary>
internal sealed class RepeatedKeys
{
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    string? _first;

    /// <summary>How often, by the sentence that says it after the number.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Add(string column, long row, long line)
    {
        var sentence = $"times key '{column}' stood again in its object; the last value was taken";
        _counts[sentence] = _counts.GetValueOrDefault(sentence) + 1;
        _first ??= $"the first repeated key is '{column}' in record {row}, line {line}";
    }

    public void Clear()
    {
        _counts.Clear();
        _first = null;
    }

    /// <summary>All of it as sentences for people.</summary>
    public IEnumerable<string> Notes => _first is null ? [] : [.. _counts.Select(c => $"{c.Value} {c.Key}"), _first];
}
