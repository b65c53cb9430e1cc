using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Takes values of any number of bits from bytes, least significant bit first.</summary>
internal static class BitUnpacker
{
    static readonly ulong[] Spread = [.. Enumerable.Range(0, 256).Select(SpreadBits)];

    /// <summary>Reads <paramref name="output"/>.Length values that begin at a bit; the caller has checked that they are there.</summary>
    public static void Unpack<T>(ReadOnlySpan<byte> bytes, long bit, int width, Span<T> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (width == 0)
        {
            output.Clear();
            return;
        }

        if (width == 1 && typeof(T) == typeof(byte))
        {
            UnpackBits(bytes, bit, MemoryMarshal.AsBytes(output));
            return;
        }

        var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        var done = 0;
        if (width <= 57)
        {
            // A value lies within the 8 bytes from the one in which it begins.
            var whole = (long)(bytes.Length - 8) * 8 + 7;
            ref var first = ref MemoryMarshal.GetReference(bytes);
            for (; done < output.Length && bit <= whole; done++, bit += width)
                output[done] = T.CreateTruncating((Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, (nint)(bit >> 3))) >> (int)(bit & 7)) & mask);
        }

        for (; done < output.Length; done++, bit += width)
            output[done] = T.CreateTruncating(One(bytes, bit, width) & mask);
    }

    static ulong One(ReadOnlySpan<byte> bytes, long bit, int width)
    {
        var (value, have) = (0UL, 0);
        var at = (int)(bit >> 3);
        var shift = (int)(bit & 7);
        while (have < width)
        {
            value |= have < 64 ? ((ulong)bytes[at++] >> shift) << have : 0;
            have += 8 - shift;
            shift = 0;
        }

        return value;
    }

    static void UnpackBits(ReadOnlySpan<byte> bytes, long bit, Span<byte> output)
    {
        var done = 0;
        for (; done < output.Length && (bit & 7) != 0; done++, bit++)
            output[done] = (byte)((bytes[(int)(bit >> 3)] >> (int)(bit & 7)) & 1);
        for (; done + 8 <= output.Length; done += 8, bit += 8)
            Unsafe.WriteUnaligned(ref output[done], Spread[bytes[(int)(bit >> 3)]]);
        for (; done < output.Length; done++, bit++)
            output[done] = (byte)((bytes[(int)(bit >> 3)] >> (int)(bit & 7)) & 1);
    }

    static ulong SpreadBits(int value)
    {
        var spread = 0UL;
        for (var bit = 0; bit < 8; bit++)
            spread |= (ulong)((value >> bit) & 1) << (8 * bit);
        return spread;
    }
}
