using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DataIngestion.Conversion.Csv;

/// <summary>Finds the bytes that matter, 32 at a time.</summary>
internal static class CsvIndexer
{
    /// <summary>Writes the places of the three bytes, each plus <paramref name="offset"/>, in order.</summary>
    /// <param name="marks">At least as long as the data.</param>
    /// <returns>How many there are.</returns>
    public static int Index(ReadOnlySpan<byte> data, int offset, byte first, byte second, byte third, Span<int> marks)
    {
        if (marks.Length < data.Length)
            throw new ArgumentException("There may be as many marks as bytes.", nameof(marks));
        var (count, at) = (0, 0);
        if (Vector256.IsHardwareAccelerated)
        {
            var (v1, v2, v3) = (Vector256.Create(first), Vector256.Create(second), Vector256.Create(third));
            ref var source = ref MemoryMarshal.GetReference(data);
            ref var target = ref MemoryMarshal.GetReference(marks);
            for (; at <= data.Length - 32; at += 32)
            {
                var block = Vector256.LoadUnsafe(ref source, (nuint)at);
                var bits = (Vector256.Equals(block, v1) | Vector256.Equals(block, v2) | Vector256.Equals(block, v3)).ExtractMostSignificantBits();
                while (bits != 0)
                {
                    Unsafe.Add(ref target, count++) = offset + at + int.CreateTruncating(uint.TrailingZeroCount(bits));
                    bits &= bits - 1;
                }
            }
        }

        for (; at < data.Length; at++)
        {
            if (data[at] == first || data[at] == second || data[at] == third)
                marks[count++] = offset + at;
        }

        return count;
    }
}
