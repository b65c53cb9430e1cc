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
        if ((uint)start > (uint)(data.Length - 8) || data.Length < 8)
            return LoadLast(data.Slice(start, Math.Min(8, length)));
        var head = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(data), start));
        return length >= 8 ? head : head & ~(ulong.MaxValue << (8 * length));
    }

    static ulong LoadLast(ReadOnlySpan<byte> value)
    {
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        value.CopyTo(padded);
        return MemoryMarshal.Read<ulong>(padded);
    }
}
