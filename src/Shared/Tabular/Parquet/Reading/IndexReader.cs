namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Indices into a dictionary.</summary>
internal sealed class IndexReader
{
    readonly RunReader _runs = new();
    int _entries = -1;

    public void SetDictionary(int entries) => _entries = entries;

    public void Open(ReadOnlyMemory<byte> bytes)
    {
        if (_entries < 0)
            throw new InvalidDataException("A page refers to a dictionary that the column lacks.");
        if (bytes.IsEmpty)
            _runs.Open(bytes, 0);
        else
            _runs.Open(bytes[1..], bytes.Span[0]);
    }

    /// <summary>Takes equal indices that lie in one run.</summary>
    public int TakeRun(int most, out int index)
    {
        var taken = _runs.TakeRun(most, out var value);
        if (taken > 0 && value >= (uint)_entries)
            throw Outside(value);
        index = (int)value;
        return taken;
    }

    public void Read(Span<int> indices)
    {
        _runs.Read(indices);
        var greatest = 0u;
        foreach (var index in indices)
            greatest = Math.Max(greatest, (uint)index);
        if (greatest >= (uint)_entries && !indices.IsEmpty)
            throw Outside(greatest);
    }

    InvalidDataException Outside(uint index) => new($"A page refers to entry {index} of a dictionary of {_entries}.");
}
