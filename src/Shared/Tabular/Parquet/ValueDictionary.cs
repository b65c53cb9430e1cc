using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Numbers the distinct values of one width in the order in which they first came.</summary>
internal sealed class ValueDictionary<T>
    where T : unmanaged, IEquatable<T>
{
    int[] _slots = new int[1024];
    int _shift = 32 - 10;
    T[] _values = new T[512];

    public int Count { get; private set; }

    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(T value)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)(HashOf(value) >> _shift); ; slot = (slot + 1) & mask)
        {
            var found = _slots[slot];
            if (found == 0)
                return Insert(slot, value);
            if (_values[found - 1].Equals(value))
                return found - 1;
        }
    }

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    int Insert(int slot, T value)
    {
        if (Count == _values.Length)
            Array.Resize(ref _values, Count * 2);
        _values[Count] = value;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
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
            var slot = (int)(HashOf(_values[i]) >> _shift);
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint HashOf(T value)
    {
        if (Unsafe.SizeOf<T>() == 4)
            return CellHash.Quick((uint)Unsafe.BitCast<T, int>(value));
        if (Unsafe.SizeOf<T>() == 8)
            return CellHash.Quick((ulong)Unsafe.BitCast<T, long>(value));
        return (uint)(CellHash.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref value))) >> 16);
    }
}
