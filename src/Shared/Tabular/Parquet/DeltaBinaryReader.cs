using System.Buffers.Binary;
using System.Numerics;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Reads what Parquet calls DELTA_BINARY_PACKED, with blocks of any size.</summary>
internal static class DeltaBinaryReader
{
    const int MaxBlock = 1 << 20;

    /// <summary>Decodes <paramref name="output"/>.Length integers of 32 or 64 bits.</summary>
    /// <returns>Bytes consumed.</returns>
    /// <exception cref="InvalidDataException">The bytes end too early, hold another number of values or impossible sizes.</exception>
    public static int Decode<T>(ReadOnlySpan<byte> bytes, Span<T> output)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var at = 0;
        var block = Varint(bytes, ref at);
        var miniblocks = Varint(bytes, ref at);
        var count = Varint(bytes, ref at);
        var value = ZigZag<T>(bytes, ref at);
        if (block is 0 or > MaxBlock || miniblocks is 0 || miniblocks > block || block % miniblocks != 0 || block / miniblocks % 8 != 0)
            throw new InvalidDataException($"Delta blocks of {block} values in {miniblocks} miniblocks are impossible.");
        if (count != (ulong)output.Length)
            throw new InvalidDataException($"A page has {count} values in its delta blocks, not {output.Length}.");
        if (output.IsEmpty)
            return at;
        output[0] = value;
        var size = (int)(block / miniblocks);
        for (var done = 1; done < output.Length;)
        {
            var least = ZigZag<T>(bytes, ref at);
            if ((ulong)(bytes.Length - at) < miniblocks)
                throw Short();
            var widths = bytes.Slice(at, (int)miniblocks);
            at += (int)miniblocks;
            for (var i = 0; i < widths.Length && done < output.Length; i++)
            {
                var length = checked(size / 8 * widths[i]);
                var part = output.Slice(done, Math.Min(size, output.Length - done));
                if (widths[i] > int.CreateTruncating(T.PopCount(T.AllBitsSet)))
                    throw new InvalidDataException($"A bit width of {widths[i]} is impossible.");
                // The last miniblock may be cut behind its last value.
                if (bytes.Length - at < ((long)part.Length * widths[i] + 7) / 8)
                    throw Short();
                Add(bytes[at..], widths[i], least, ref value, part);
                at = Math.Min(bytes.Length, at + length);
                done += part.Length;
            }
        }

        return at;
    }

    static void Add<T>(ReadOnlySpan<byte> bytes, int width, T least, ref T value, Span<T> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        for (var i = 0; i < output.Length; i++)
        {
            var bit = (long)i * width;
            var start = (int)(bit >> 3);
            var shift = (int)(bit & 7);
            var raw = Load(bytes, start) >> shift;
            if (shift + width > 64)
                raw |= (ulong)bytes[start + 8] << (64 - shift);
            value = unchecked(value + least + T.CreateTruncating(raw & mask));
            output[i] = value;
        }
    }

    static ulong Load(ReadOnlySpan<byte> bytes, int start)
    {
        if (bytes.Length - start >= 8)
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[start..]);
        var value = 0UL;
        for (var i = start; i < bytes.Length; i++)
            value |= (ulong)bytes[i] << (8 * (i - start));
        return value;
    }

    static T ZigZag<T>(ReadOnlySpan<byte> bytes, ref int at)
        where T : unmanaged, IBinaryInteger<T>
    {
        var raw = Varint(bytes, ref at);
        return T.CreateTruncating((long)(raw >> 1) ^ -(long)(raw & 1));
    }

    static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at >= bytes.Length)
                throw Short();
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number of a delta block does not end.");
    }

    static InvalidDataException Short() => new("Delta blocks end too early.");
}
