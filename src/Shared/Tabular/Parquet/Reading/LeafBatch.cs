namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Levels and values of one leaf for the rows of a batch, from which nested columns are put together.</summary>
internal sealed class LeafBatch(Leaf leaf) : IDisposable
{
    /// <summary>More entries than this in one batch are damage, not data: a few bytes can claim any number of them.</summary>
    const int MaxEntries = 1 << 24;

    byte[] _repetition = [];
    byte[] _definition = [];

    public Leaf Leaf => leaf;

    /// <summary>The values that are there, one after the other.</summary>
    public ColumnBuilder Values { get; } = ColumnBuilder.For(leaf.Type);

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Repetition => _repetition.AsSpan(0, Count);

    public ReadOnlySpan<byte> Definition => _definition.AsSpan(0, Count);

    public void Append(ReadOnlySpan<byte> repetition, ReadOnlySpan<byte> definition)
    {
        var total = Count + repetition.Length;
        if (total > MaxEntries)
            throw new InvalidDataException($"A batch of rows has more than {MaxEntries} values in their lists.");
        Pool.Grow(ref _repetition, Count, total);
        Pool.Grow(ref _definition, Count, total);
        repetition.CopyTo(_repetition.AsSpan(Count));
        definition.CopyTo(_definition.AsSpan(Count));
        Count = total;
    }

    public void Clear()
    {
        Count = 0;
        Values.Truncate(0);
    }

    public void Dispose()
    {
        byte[]? repetition = _repetition, definition = _definition;
        Pool.Return(ref repetition);
        Pool.Return(ref definition);
        (_repetition, _definition, Count) = ([], [], 0);
    }
}
