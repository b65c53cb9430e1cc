using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>
/// Binary floating point. Where the digits are an integer below 2^53 and the power of ten is one that a double holds exactly, one division or
/// multiplication gives the nearest double (Clinger, "How to read floating point numbers accurately", 1990); the rest goes to the library.
/// </summary>
internal readonly struct DoubleKernel(bool strict) : ICellKernel<double>
{
    const ulong Exact = 1UL << 53;
    const int MostPower = 22;

    static ReadOnlySpan<double> Powers =>
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out double value)
    {
        value = 0;
        if (length <= 0 || start < 0 || start + length > data.Length)
            return false;
        ref var bytes = ref MemoryMarshal.GetReference(data);
        var end = start + length;
        var exponent = 0;
        if (length > 2 && !TryExponent(ref bytes, start, ref end, out exponent))
            return false;
        length = end - start;
        var first = Unsafe.Add(ref bytes, start);
        var sign = first is (byte)'-' or (byte)'+' ? 1 : 0;
        length -= sign;
        if (length <= 0 || length > Digits.Most || end < Digits.Most)
            return false;
        if (strict && length > 1 && Unsafe.Add(ref bytes, end - length) == '0' && Unsafe.Add(ref bytes, end - length + 1) != '.')
            return false;
        var digits = Digits.Before(ref bytes, end, length);
        var places = Vector128.Equals(digits, Vector128.Create(unchecked((byte)('.' - '0')))).ExtractMostSignificantBits();
        if (places != 0)
        {
            var place = BitOperations.TrailingZeroCount(places);
            digits = Vector128.ConditionalSelect(Digits.Last(Digits.Most - 1 - place), digits, Shifted(digits));
            exponent -= Digits.Most - 1 - place;
            length--;
        }

        if (!Digits.AreAll(digits) || length == 0)
            return false;
        var magnitude = Digits.Value(digits);
        if (magnitude > Exact || exponent is < -MostPower or > MostPower)
            return false;
        value = exponent < 0 ? magnitude / Powers[-exponent] : magnitude * Powers[exponent];
        value = first == '-' ? -value : value;
        return true;
    }

    /// <summary>Each byte one place to the back, over the point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Shifted(Vector128<byte> digits) =>
        Vector128.ShuffleNative(digits, Vector128.Create((byte)255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14));

    /// <summary>Takes an exponent of one to three digits off the end; true also where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryExponent(ref byte bytes, int start, ref int end, out int exponent)
    {
        exponent = 0;
        // The letter stands among the last five: e1, e-1, e-10, e-100.
        for (var at = end - 2; at > start && at >= end - 5; at--)
        {
            if ((Unsafe.Add(ref bytes, at) | 0x20) != 'e')
                continue;
            var digit = at + 1;
            var sign = Unsafe.Add(ref bytes, digit);
            if (sign is (byte)'-' or (byte)'+')
                digit++;
            if (digit == end)
                return false;
            for (; digit < end; digit++)
            {
                var one = (uint)(Unsafe.Add(ref bytes, digit) - '0');
                if (one > 9)
                    return false;
                exponent = (exponent * 10) + (int)one;
            }

            exponent = sign == '-' ? -exponent : exponent;
            end = at;
            return true;
        }

        return true;
    }

    public bool TryReadAny(ReadOnlySpan<byte> text, out double value) => DoubleParser.TryRead(text, NumberSpelling.Plain, strict, out value);
}
