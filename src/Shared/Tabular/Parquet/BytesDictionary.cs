using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Numbers the distinct byte strings in the order in which they first came. Strings of up to 8 bytes are compared as one number.</summary>
internal sealed class BytesDictionary
{
    const ulong Odd = 0x9E3779B97F4A7C15;
    int[] _slots = new int[1024];
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

    /// <summary>The string at a place in <paramref name="data"/>; what lies behind it may be read, but is of no effect.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(ReadOnlySpan<byte> data, int start, int length)
    {
        var head = BytesHead.Load(data, start, length);
        var hash = length <= 8 ? (uint)(((head ^ ((ulong)length << 59)) * Odd) >> 32) : (uint)(CellHash.Of(data.Slice(start, length)) >> 8);
        var mask = _slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var found = _slots[slot] - 1;
            if (found < 0)
                return Insert(slot, head, hash, data.Slice(start, length));
            ref readonly var entry = ref _entries[found];
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
            var slot = (int)_entries[i].Hash & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }
}
