using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Puts the low bits of values one after the other, least significant bit first.</summary>
internal static class BitPacking
{
    /// <summary>Bytes that <see cref="Pack"/> may touch behind its result.</summary>
    public const int Slack = 8;

    /// <summary>Packs values that need no more than <paramref name="width"/> bits.</summary>
    /// <param name="values">A multiple of 8 of them.</param>
    /// <param name="width">0 to the bits of <typeparamref name="T"/>.</param>
    /// <param name="output">Room for the result and <see cref="Slack"/> bytes.</param>
    /// <returns>Bytes of the result: <c>values.Length * width / 8</c>.</returns>
    public static int Pack<T>(ReadOnlySpan<T> values, int width, Span<byte> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var bytes = checked((int)((long)values.Length * width / 8));
        if ((values.Length & 7) != 0 || output.Length < bytes + Slack)
            throw new ArgumentException("Values are packed in groups of 8 into memory with some room behind.", nameof(values));
        if (width == 0)
            return 0;
        if (width <= 16)
            PackFours(values, width, output);
        else if (width <= 32)
            PackPairs(values, width, output);
        else
            PackSingles(values, width, output);
        return bytes;
    }

    static void PackFours<T>(ReadOnlySpan<T> values, int width, Span<byte> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var packer = new Packer(output);
        ref var value = ref MemoryMarshal.GetReference(values);
        for (var i = 0; i < values.Length; i += 4)
        {
            var low = Bits(ref value, i) | Bits(ref value, i + 1) << width;
            var high = Bits(ref value, i + 2) | Bits(ref value, i + 3) << width;
            packer.Add(low | high << (2 * width), 4 * width);
        }

        packer.End();
    }

    static void PackPairs<T>(ReadOnlySpan<T> values, int width, Span<byte> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var packer = new Packer(output);
        ref var value = ref MemoryMarshal.GetReference(values);
        for (var i = 0; i < values.Length; i += 2)
            packer.Add(Bits(ref value, i) | Bits(ref value, i + 1) << width, 2 * width);
        packer.End();
    }

    static void PackSingles<T>(ReadOnlySpan<T> values, int width, Span<byte> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var packer = new Packer(output);
        foreach (var value in values)
            packer.Add(ulong.CreateTruncating(value), width);
        packer.End();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Bits<T>(ref T first, int index)
        where T : unmanaged, IBinaryInteger<T> => ulong.CreateTruncating(Unsafe.Add(ref first, index));

    [StructLayout(LayoutKind.Auto)]
    ref struct Packer(Span<byte> output)
    {
        ref byte _at = ref MemoryMarshal.GetReference(output);
        ulong _buffer;
        int _bits;

        /// <summary>Adds 1 to 64 bits.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ulong value, int count)
        {
            _buffer |= value << _bits;
            var bits = _bits + count;
            if (bits >= 64)
            {
                Unsafe.WriteUnaligned(ref _at, _buffer);
                _at = ref Unsafe.Add(ref _at, 8);
                // The bits that found no room; two shifts, because 64 at once would be none.
                _buffer = value >> 1 >> (63 - _bits);
                bits -= 64;
            }

            _bits = bits;
        }

        public readonly void End() => Unsafe.WriteUnaligned(ref _at, _buffer);
    }
}
