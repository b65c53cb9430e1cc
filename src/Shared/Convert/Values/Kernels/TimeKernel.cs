using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>Times of day as <c>HH:mm[:ss[.fffffffff]]</c>, units since midnight.</summary>
internal readonly struct TimeKernel(DataType type, bool strict) : ICellKernel<long>
{
    readonly Clock _clock = new(type.Unit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out long value)
    {
        value = 0;
        if (start < 0 || start + 2 + Vector128<byte>.Count > data.Length)
            return false;
        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(data), start);
        var (tens, ones) = ((uint)(text - '0'), (uint)(Unsafe.Add(ref text, 1) - '0'));
        if (tens > 2 || ones > 9 || (tens * 10) + ones > 23 || !_clock.TryRead(ref Unsafe.Add(ref text, 2), length - 2, out value))
            return false;
        value += ((tens * 10) + ones) * 3600 * _clock.PerSecond;
        return true;
    }

    public bool TryReadAny(ReadOnlySpan<byte> text, out long value) => TimeParser.TryRead(text, type.Unit, strict, out value);
}
