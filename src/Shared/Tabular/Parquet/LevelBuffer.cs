using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Which rows of a page have a value. Bits exist only from the first null on.</summary>
internal sealed class LevelBuffer
{
    ulong[] _bits = new ulong[128];

    public int Rows { get; private set; }

    public int Nulls { get; private set; }

    public void Append(ColumnVector column, int start, int length)
    {
        var validity = column.Validity;
        if (validity.IsEmpty && Nulls == 0)
        {
            Rows += length;
            return;
        }

        if (Nulls == 0)
            Begin();
        Reserve(Rows + length);
        for (var end = start + length; start < end; start += 64)
        {
            var count = Math.Min(64, end - start);
            var bits = (validity.IsEmpty ? ulong.MaxValue : Load(validity, start)) & (ulong.MaxValue >> (64 - count));
            Nulls += count - (int)ulong.PopCount(bits);
            var (word, shift) = (Rows >> 6, Rows & 63);
            _bits[word] = shift == 0 ? bits : _bits[word] | bits << shift;
            if (shift + count > 64)
                _bits[word + 1] = bits >> (64 - shift);
            Rows += count;
        }
    }

    /// <summary>All rows so far had a value.</summary>
    void Begin()
    {
        Reserve(Rows);
        _bits.AsSpan(0, Rows >> 6).Fill(ulong.MaxValue);
        _bits[Rows >> 6] = (1UL << (Rows & 63)) - 1;
    }

    /// <summary>64 bits from any bit on; what lies behind the end is zero.</summary>
    static ulong Load(ReadOnlySpan<byte> bytes, int bit)
    {
        var from = bytes[(bit >> 3)..];
        var shift = bit & 7;
        if (from.Length >= 9)
            return BinaryPrimitives.ReadUInt64LittleEndian(from) >> shift | (ulong)from[8] << 1 << (63 - shift);
        Span<byte> last = stackalloc byte[9];
        last.Clear();
        from.CopyTo(last);
        return BinaryPrimitives.ReadUInt64LittleEndian(last) >> shift | (ulong)last[8] << 1 << (63 - shift);
    }

    /// <summary>Writes the definition levels with their length, and starts again.</summary>
    public void Flush(ByteSink output)
    {
        var start = output.Length;
        output.WriteInt32(0);
        if (Nulls == 0 || Nulls == Rows)
        {
            output.WriteVarint((uint)Rows << 1);
            output.Write([Nulls == 0 ? (byte)1 : (byte)0]);
        }
        else
        {
            var bytes = (Rows + 7) / 8;
            output.WriteVarint(((uint)bytes << 1) | 1);
            output.Write(MemoryMarshal.AsBytes(_bits.AsSpan())[..bytes]);
        }

        output.PatchInt32(start, output.Length - start - 4);
        Reset();
    }

    public void Reset() => (Rows, Nulls) = (0, 0);

    void Reserve(int rows)
    {
        if (rows / 64 + 2 > _bits.Length)
            Array.Resize(ref _bits, Math.Max(rows / 64 + 2, _bits.Length * 2));
    }
}
