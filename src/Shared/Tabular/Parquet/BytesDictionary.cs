namespace DataIngestion.Tabular.Parquet;

/// <summary>Numbers the distinct byte strings in the order in which they first came.</summary>
internal sealed class BytesDictionary
{
    int[] _slots = new int[1024];
    uint[] _hashes = new uint[512];
    int[] _ends = new int[512];
    byte[] _bytes = new byte[8192];

    public int Count { get; private set; }

    public int Bytes => Count == 0 ? 0 : _ends[Count - 1];

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(index == 0 ? 0 : _ends[index - 1], _ends[index] - (index == 0 ? 0 : _ends[index - 1]));

    public int Add(ReadOnlySpan<byte> value)
    {
        var hash = (uint)(CellHash.Of(value) >> 8);
        var mask = _slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var found = _slots[slot];
            if (found == 0)
                return Insert(slot, hash, value);
            if (_hashes[found - 1] == hash && this[found - 1].SequenceEqual(value))
                return found - 1;
        }
    }

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    int Insert(int slot, uint hash, ReadOnlySpan<byte> value)
    {
        var start = Bytes;
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
            Array.Resize(ref _hashes, Count * 2);
        }

        if (start + value.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(start + value.Length)));
        value.CopyTo(_bytes.AsSpan(start));
        _hashes[Count] = hash;
        _ends[Count] = start + value.Length;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
            Rehash();
        return Count - 1;
    }

    void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)_hashes[i] & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }
}
