using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Numbers the distinct byte strings in the order in which they first came. Strings of up to 8 bytes are compared as one number.</summary>
internal sealed class BytesDictionary
{
    /// <summary>A table below this size is kept nearly empty: a second look costs more than the memory.</summary>
    const int Sparse = 1 << 15;
    int[] _slots = new int[2048];
    int _shift = 32 - 11;
    Entry[] _entries = new Entry[512];
    byte[] _bytes = new byte[8192];

    /// <param name="Head">The first 8 bytes, zeros behind.</param>
    /// <param name="Hash">Of the whole.</param>
    /// <param name="Length">In bytes.</param>
    /// <param name="Start">In <see cref="_bytes"/>.</param>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Entry(ulong Head, uint Hash, int Length, int Start);

    public int Count { get; private set; }

    public int Bytes { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_entries[index].Start, _entries[index].Length);

    /// <summary>Numbers the strings of rows that have one.</summary>
    /// <param name="column">The rows.</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">Behind the last row.</param>
    /// <param name="numbers">Takes one number for each row with a value.</param>
    /// <returns>How many.</returns>
    public int Add(BytesColumn column, int start, int end, Span<int> numbers)
    {
        var data = column.Data;
        var offsets = column.Offsets[..(end + 1)];
        var validity = column.Validity;
        var count = 0;
        var from = offsets[start];
        for (var row = start; row < end; row++)
        {
            var to = offsets[row + 1];
            if (validity.IsEmpty || (validity[row >> 3] >> (row & 7) & 1) != 0)
                numbers[count++] = Add(data, from, to - from);
            from = to;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Add(ReadOnlySpan<byte> data, int start, int length)
    {
        var head = BytesHead.Load(data, start, length);
        var hash = length <= 8 ? CellHash.Quick(head + (ulong)length) : (uint)(CellHash.Of(data.Slice(start, length)) >> 8);
        var slots = _slots;
        var entries = _entries;
        for (var slot = (int)(hash >> _shift); ; slot = (slot + 1) & (slots.Length - 1))
        {
            var found = slots[slot] - 1;
            if (found < 0)
                return Insert(slot, head, hash, data.Slice(start, length));
            ref readonly var entry = ref entries[found];
            if (entry.Head == head && entry.Length == length && (length <= 8 || Same(entry, hash, data.Slice(start, length))))
                return found;
        }
    }

    bool Same(in Entry entry, uint hash, ReadOnlySpan<byte> value) => entry.Hash == hash && _bytes.AsSpan(entry.Start, entry.Length).SequenceEqual(value);

    public void Clear()
    {
        Array.Clear(_slots);
        (Count, Bytes) = (0, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int Insert(int slot, ulong head, uint hash, ReadOnlySpan<byte> value)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        if (Bytes + value.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(Bytes + value.Length)));
        value.CopyTo(_bytes.AsSpan(Bytes));
        _entries[Count] = new(head, hash, value.Length, Bytes);
        Bytes += value.Length;
        _slots[slot] = ++Count;
        if (Count * (_slots.Length < Sparse ? 8 : 2) > _slots.Length)
            Rehash();
        return Count - 1;
    }

    void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        _shift--;
        var mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)(_entries[i].Hash >> _shift);
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }
}
