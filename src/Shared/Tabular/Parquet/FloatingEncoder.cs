using System.Numerics;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>IEEE 754 numbers, handled as the bits they are, so that every NaN and the sign of zero survive.</summary>
internal sealed class FloatingEncoder<TBits, TFloat>(ParquetWriteOptions options) : FixedValueEncoder<TBits>(options)
    where TBits : unmanaged, IBinaryInteger<TBits>, IMinMaxValue<TBits>
    where TFloat : unmanaged, IBinaryFloatingPointIeee754<TFloat>
{
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
        WritePlain(values, output);
        return PageEncoding.Plain;
    }
}
