using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Avro;

/// <summary>The bytes end within a value.</summary>
internal sealed class AvroEndException() : Exception("a value reaches beyond the end of the data");

/// <summary>Avro's binary encoding, read from bytes at hand (1.12, "Binary Encoding"). Nothing is taken at its word.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct AvroInput(ReadOnlySpan<byte> bytes, int maxDepth, long free)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _depth = maxDepth;

    /// <summary>Bytes read.</summary>
    public int At { get; private set; }

    /// <summary>Values that may still be read which take no bytes: otherwise a short file could claim any number of them.</summary>
    public long Free { get; private set; } = free;

    public readonly int Left => _bytes.Length - At;

    public byte ReadByte()
    {
        if (At >= _bytes.Length)
            throw new AvroEndException();
        return _bytes[At++];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        if (At < _bytes.Length && _bytes[At] is < 0x80 and var small)
        {
            At++;
            return (small >> 1) ^ -(small & 1);
        }

        return ReadLongSlow();
    }

    long ReadLongSlow()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = ReadByte();
            if (shift == 63 && part > 1)
                break;
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return (long)(value >> 1) ^ -(long)(value & 1);
        }

        throw new InvalidDataException("a number is longer than 64 bits");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadInt()
    {
        var value = ReadLong();
        return value == (int)value ? (int)value : throw new InvalidDataException($"the int {value} is longer than 32 bits");
    }

    public bool ReadBoolean() => ReadByte() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"a boolean is {other}"),
    };

    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(ReadFixed(4));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(ReadFixed(8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadFixed(int size)
    {
        if (size > Left)
            throw new AvroEndException();
        var value = _bytes.Slice(At, size);
        At += size;
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadLong();
        if ((ulong)length > (ulong)Left)
            throw length < 0 ? new InvalidDataException($"a length is {length}") : new AvroEndException();
        return ReadFixed((int)length);
    }

    /// <summary>How many items the next block of an array or map has; 0 at its end.</summary>
    /// <param name="least">Bytes that each item takes at least.</param>
    public int ReadBlock(int least)
    {
        var count = ReadLong();
        if (count < 0)
        {
            count = count == long.MinValue ? long.MaxValue : -count;
            if (ReadLong() < 0)
                throw new InvalidDataException("the size of a block is negative");
        }

        if (least == 0)
            TakeFree(count);
        else if (count > Left / least)
            throw new AvroEndException();
        return count <= int.MaxValue ? (int)count : throw new InvalidDataException($"a block has {count} items");
    }

    public void TakeFree(long count)
    {
        Free -= Math.Min(count, long.MaxValue / 2);
        if (Free < 0)
            throw new InvalidDataException($"{count} values that take no bytes are implausible");
    }

    /// <summary>A value that may hold one of its own kind begins.</summary>
    public void Enter()
    {
        if (--_depth < 0)
            throw new InvalidDataException("values are nested too deeply; the limit 'depth' says how deep they may be");
    }

    public void Leave() => _depth++;
}
