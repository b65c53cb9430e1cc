using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>Exact decimals of up to 38 digits: the digits before and after the point, sixteen at a time.</summary>
internal readonly struct WideDecimalKernel(DataType type, bool strict) : ICellKernel<Int128>
{
    readonly int _whole = type.Precision - type.Scale;
    readonly int _scale = type.Scale;
    readonly Int128 _one = ExactDecimal.PowerOfTen(type.Scale);

    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out Int128 value)
    {
        value = 0;
        if (start < Digits.Most || length <= 0 || start + length > data.Length)
            return false;
        var text = data.Slice(start, length);
        ref var bytes = ref MemoryMarshal.GetReference(data);
        var end = start + length;
        if (text[0] is (byte)'-' or (byte)'+')
            start++;
        var point = text.IndexOf((byte)'.') is >= 0 and var at ? end - length + at : end;
        var fraction = Math.Max(0, end - point - 1);
        if (point - start > _whole || fraction > _scale || point - start + fraction == 0)
            return false;
        if (strict && point - start > 1 && Unsafe.Add(ref bytes, start) == '0')
            return false;
        if (!TryDigits(ref bytes, point, point - start, out var whole) || !TryDigits(ref bytes, end, fraction, out var rest))
            return false;
        value = (whole * _one) + (rest * ExactDecimal.PowerOfTen(_scale - fraction));
        value = text[0] == '-' ? -value : value;
        return true;
    }

    static bool TryDigits(ref byte bytes, int end, int length, out Int128 value)
    {
        value = 0;
        while (length > 0)
        {
            var take = ((length - 1) % Digits.Most) + 1;
            var digits = Digits.Before(ref bytes, end - length + take, take);
            if (!Digits.AreAll(digits))
                return false;
            value = (value * 10_000_000_000_000_000L) + Digits.Value(digits);
            length -= take;
        }

        return true;
    }

    public bool TryReadAny(ReadOnlySpan<byte> text, out Int128 value) =>
        PlainNumber.TryRead(text, NumberSpelling.Plain, type.Scale, strict, wholeOnly: false, out value) && Int128.Abs(value) < ExactDecimal.PowerOfTen(type.Precision);
}
