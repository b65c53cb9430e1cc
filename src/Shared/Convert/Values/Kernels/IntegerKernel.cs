using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>Whole numbers of up to 64 bits with a sign.</summary>
internal readonly struct IntegerKernel<T>(bool strict) : ICellKernel<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <summary>Digits of the largest number.</summary>
    const int MostDigits = 19;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out T value)
    {
        value = default;
        if ((uint)(length - 1) >= MostDigits || start < 0 || start + length < Digits.Most || start + length > data.Length)
            return false;
        ref var bytes = ref MemoryMarshal.GetReference(data);
        var end = start + length;
        var first = Unsafe.Add(ref bytes, start);
        var negative = first == '-' ? 1 : 0;
        length -= negative | (first == '+' ? 1 : 0);
        if (strict && length > 1 && Unsafe.Add(ref bytes, end - length) == '0')
            return false;
        var digits = Digits.Before(ref bytes, end, Math.Min(length, Digits.Most));
        if (!Digits.AreAll(digits) || length == 0)
            return false;
        var magnitude = Digits.Value(digits);
        if (length > Digits.Most)
        {
            var high = 0u;
            for (var at = end - length; at < end - Digits.Most; at++)
            {
                var digit = (uint)(Unsafe.Add(ref bytes, at) - '0');
                if (digit > 9)
                    return false;
                high = high * 10 + digit;
            }

            magnitude += high * 10_000_000_000_000_000UL;
        }

        if (magnitude > ulong.CreateTruncating(T.MaxValue) + (uint)negative)
            return false;
        value = T.CreateTruncating(((long)magnitude ^ -negative) + negative);
        return true;
    }

    public bool TryReadAny(ReadOnlySpan<byte> text, out T value)
    {
        value = default;
        if (!PlainNumber.TryRead(text, NumberSpelling.Plain, 0, strict, wholeOnly: true, out var wide)
            || wide < Int128.CreateTruncating(T.MinValue) || wide > Int128.CreateTruncating(T.MaxValue))
            return false;
        value = T.CreateTruncating(wide);
        return true;
    }
}
