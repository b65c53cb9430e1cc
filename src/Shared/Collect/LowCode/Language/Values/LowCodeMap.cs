namespace DataIngestion.Collect;

/// <summary>
/// Named values in order: a record, the configuration, a slice. Values are null, bool, long, BigInteger, decimal, double, string,
/// <see cref="List{T}"/> of the same, and maps.
/// </summary>
internal sealed class LowCodeMap : OrderedDictionary<string, object?>
{
    /// <summary>An empty map.</summary>
    public LowCodeMap()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>A copy.</summary>
    public LowCodeMap(IEnumerable<KeyValuePair<string, object?>> entries)
        : base(entries, StringComparer.Ordinal)
    {
    }

    /// <summary>Whether templates may not change it. The configuration is shared by everything that runs.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>What <c>map.name</c> gives besides the entries, such as <c>stream_slice.extra_fields</c>.</summary>
    public IReadOnlyDictionary<string, object?>? Attributes { get; init; }

    /// <summary>The value, or null.</summary>
    public object? Find(string name) => TryGetValue(name, out var value) ? value : null;
}

/// <summary>Values in a fixed order, as <c>(1, 2)</c> and as the text <c>1, 2</c> reads.</summary>
internal sealed class LowCodeTuple(IReadOnlyList<object?> items) : IReadOnlyList<object?>
{
    public int Count => items.Count;

    public object? this[int index] => items[index];

    public IEnumerator<object?> GetEnumerator() => items.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A value that is not there. Shown as nothing, false, without elements; anything else done with it fails.</summary>
/// <param name="Name">What was looked for.</param>
internal sealed record Undefined(string Name)
{
    /// <summary>The failure of using it.</summary>
    public UndefinedValueException Fault() => new($"'{Name}' is undefined.");
}
