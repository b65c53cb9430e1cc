using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>
/// Differences of neighbours in the least bits that hold them (Parquet's DELTA_BINARY_PACKED): blocks of 128 values in four miniblocks.
/// Differences wrap around, so every value of the type can be written.
/// </summary>
internal static class DeltaBinaryPacked
{
    const int Block = 128;
    const int Miniblocks = 4;
    const int Miniblock = Block / Miniblocks;

    /// <param name="values">Values of 32 or 64 bits.</param>
    /// <param name="output">Is appended to.</param>
    public static void Encode<T>(ReadOnlySpan<T> values, ByteSink output)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>, ISignedNumber<T>
    {
        output.WriteVarint(Block);
        output.WriteVarint(Miniblocks);
        output.WriteVarint((uint)values.Length);
        WriteZigZag(values.IsEmpty ? T.Zero : values[0], output);
        Span<T> deltas = stackalloc T[Block];
        for (var at = 1; at < values.Length; at += Block)
        {
            var count = Math.Min(Block, values.Length - at);
            var least = Subtract(values.Slice(at, count), values.Slice(at - 1, count), deltas);
            deltas[count..].Fill(least);
            WriteZigZag(least, output);
            WriteBlock(deltas, least, (count + Miniblock - 1) / Miniblock, output);
        }
    }

    /// <summary>Fills in the differences and returns the least.</summary>
    static T Subtract<T>(ReadOnlySpan<T> values, ReadOnlySpan<T> previous, Span<T> deltas)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var least = T.MaxValue;
        var done = 0;
        if (values.Length == Block)
        {
            var lanes = new Vector<T>(T.MaxValue);
            for (; done < Block; done += Vector<T>.Count)
            {
                var delta = new Vector<T>(values[done..]) - new Vector<T>(previous[done..]);
                delta.CopyTo(deltas[done..]);
                lanes = Vector.Min(lanes, delta);
            }

            for (var i = 0; i < Vector<T>.Count; i++)
                least = T.Min(least, lanes[i]);
            return least;
        }

        for (; done < values.Length; done++)
        {
            deltas[done] = unchecked(values[done] - previous[done]);
            least = T.Min(least, deltas[done]);
        }

        return least;
    }

    static void WriteBlock<T>(Span<T> deltas, T least, int miniblocks, ByteSink output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var room = output.Room(Miniblocks + Block * Unsafe.SizeOf<T>() + BitPacking.Slack);
        room[..Miniblocks].Clear();
        var length = Miniblocks;
        var lanes = new Vector<T>(least);
        for (var i = 0; i < miniblocks; i++)
        {
            var part = deltas.Slice(i * Miniblock, Miniblock);
            var union = Vector<T>.Zero;
            for (var at = 0; at < Miniblock; at += Vector<T>.Count)
            {
                var above = new Vector<T>(part[at..]) - lanes;
                above.CopyTo(part[at..]);
                union |= above;
            }

            var bits = T.Zero;
            for (var lane = 0; lane < Vector<T>.Count; lane++)
                bits |= union[lane];
            var width = 8 * Unsafe.SizeOf<T>() - int.CreateTruncating(T.LeadingZeroCount(bits));
            room[i] = (byte)width;
            // As unsigned numbers: a sign would fill the bits above the width.
            length += Unsafe.SizeOf<T>() == 4
                ? BitPacking.Pack<uint>(MemoryMarshal.Cast<T, uint>(part), width, room[length..])
                : BitPacking.Pack<ulong>(MemoryMarshal.Cast<T, ulong>(part), width, room[length..]);
        }

        output.Advance(length);
    }

    static void WriteZigZag<T>(T value, ByteSink output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var wide = long.CreateTruncating(value);
        output.WriteVarint64((ulong)((wide << 1) ^ (wide >> 63)));
    }
}
