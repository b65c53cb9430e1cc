using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>The first 8 bytes of a string as one number, zeros behind a shorter one.</summary>
internal static class BytesHead
{
    /// <summary>The first byte lowest. Reads 8 bytes where there are so many, whatever the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ReadOnlySpan<byte> data, int start, int length)
    {
        if (start > data.Length - 8)
            return LoadLast(data.Slice(start, Math.Min(8, length)));
        var head = BinaryPrimitives.ReadUInt64LittleEndian(data[start..]);
        return length >= 8 ? head : head & ((1UL << (8 * length)) - 1);
    }

    static ulong LoadLast(ReadOnlySpan<byte> value)
    {
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        value.CopyTo(padded);
        return MemoryMarshal.Read<ulong>(padded);
    }
}
