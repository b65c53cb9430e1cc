using System.Numerics;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>
/// IEEE 754 numbers, handled as the bits they are, so that every NaN and the sign of zero survive. Their bytes are written in streams
/// (all first bytes, all second ones …) where that compresses better, which the start of a page shows.
/// </summary>
internal sealed class FloatingEncoder<TBits, TFloat>(ParquetWriteOptions options, PageCompressor compressor) : FixedValueEncoder<TBits>(options)
    where TBits : unmanaged, IBinaryInteger<TBits>, IMinMaxValue<TBits>
    where TFloat : unmanaged, IBinaryFloatingPointIeee754<TFloat>
{
    const int Sample = 2048;
    readonly ByteSink _sample = new();

    protected override bool TryBound(ReadOnlySpan<TBits> values, out TBits min, out TBits max)
    {
        var (low, high) = (TFloat.PositiveInfinity, TFloat.NegativeInfinity);
        foreach (var value in MemoryMarshal.Cast<TBits, TFloat>(values))
        {
            // Comparing with NaN is false.
            low = value < low ? value : low;
            high = value > high ? value : high;
        }

        (min, max) = (ToBits(low), ToBits(high));
        return low <= high;
    }

    /// <summary>Zeros are written so that either sign lies between the bounds.</summary>
    protected override Bounds ToBounds(TBits min, TBits max) => base.ToBounds(
        TFloat.IsZero(ToFloat(min)) ? ToBits(TFloat.NegativeZero) : min,
        TFloat.IsZero(ToFloat(max)) ? TBits.Zero : max);

    static TBits ToBits(TFloat value) => MemoryMarshal.Cast<TFloat, TBits>(new ReadOnlySpan<TFloat>(ref value))[0];

    static TFloat ToFloat(TBits bits) => MemoryMarshal.Cast<TBits, TFloat>(new ReadOnlySpan<TBits>(ref bits))[0];

    protected override void WritePlain(ReadOnlySpan<TBits> values, ByteSink output) => output.Write(MemoryMarshal.AsBytes(values));

    protected override PageEncoding WriteDirect(ReadOnlySpan<TBits> values, ByteSink output)
    {
        if (IsClassic || !StreamsPay(values[..Math.Min(values.Length, Sample)]))
        {
            WritePlain(values, output);
            return PageEncoding.Plain;
        }

        ByteStreams.Write(values, output);
        return PageEncoding.ByteStreamSplit;
    }

    bool StreamsPay(ReadOnlySpan<TBits> sample)
    {
        _sample.Clear();
        ByteStreams.Write(sample, _sample);
        var streams = compressor.Measure(_sample.Span);
        return streams + streams / 16 < compressor.Measure(MemoryMarshal.AsBytes(sample));
    }

    public override void Dispose()
    {
        base.Dispose();
        _sample.Dispose();
    }
}
