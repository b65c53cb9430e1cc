using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>
/// Exact decimals of up to 18 digits. The text's last sixteen bytes are taken as digits, its point is shuffled out, and a table says by the
/// point's place what is left to multiply, so that how many digits a price happens to have costs no branch.
/// </summary>
internal readonly struct DecimalKernel : ICellKernel<long>
{
    /// <summary>What to do when the point is at one place of the vector; the last is for no point.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Point(Vector128<byte> Order, long Factor, ulong Limit);

    readonly Point[] _points;
    readonly DataType _type;
    readonly bool _strict;

    public DecimalKernel(DataType type, bool strict)
    {
        (_type, _strict) = (type, strict);
        _points = new Point[Digits.Most + 1];
        for (var place = 0; place < _points.Length; place++)
            _points[place] = At(place, type);
    }

    static Point At(int place, DataType type)
    {
        var order = new byte[Digits.Most];
        for (var i = 0; i < order.Length; i++)
            order[i] = (byte)(i > place || place == Digits.Most ? i : i - 1);
        var fraction = place == Digits.Most ? 0 : Digits.Most - 1 - place;
        var missing = type.Scale - fraction;
        return missing < 0
            ? new(Vector128.Create(order), 0, 0)
            : new(Vector128.Create(order), (long)ExactDecimal.PowerOfTen(missing), (ulong)ExactDecimal.PowerOfTen(type.Precision - missing));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> data, int start, int length, out long value)
    {
        value = 0;
        if ((uint)(length - 1) >= Digits.Most || start < 0 || start + length < Digits.Most || start + length > data.Length)
            return length > Digits.Most && TryReadLong(data, start, length, out value);
        ref var bytes = ref MemoryMarshal.GetReference(data);
        var end = start + length;
        var first = Unsafe.Add(ref bytes, start);
        var negative = first == '-' ? 1 : 0;
        length -= negative | (first == '+' ? 1 : 0);
        if (_strict && IsZeroLed(ref bytes, end, length))
            return false;
        var digits = Digits.Before(ref bytes, end, length);
        var places = Vector128.Equals(digits, Vector128.Create(unchecked((byte)('.' - '0')))).ExtractMostSignificantBits();
        var place = BitOperations.TrailingZeroCount(places | (1u << Digits.Most));
        ref var point = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_points), place);
        digits = Vector128.ShuffleNative(digits, point.Order);
        if (!Digits.AreAll(digits))
            return false;
        var magnitude = Digits.Value(digits);
        value = ((long)magnitude * point.Factor ^ -negative) + negative;
        return magnitude < point.Limit && length > (places == 0 ? 0 : 1);
    }

    /// <summary>Texts of 17 to 20 bytes: those before the last sixteen are taken one by one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    bool TryReadLong(ReadOnlySpan<byte> data, int start, int length, out long value)
    {
        value = 0;
        if (start < 0 || length > 20 || start + length > data.Length)
            return false;
        var text = data.Slice(start, length);
        var signs = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var (high, fraction) = (0UL, 0);
        foreach (var b in text[signs..^Digits.Most])
        {
            var digit = (uint)(b - '0');
            if (digit > 9 && (b != '.' || fraction > 0))
                return false;
            if (digit <= 9)
                high = (high * 10) + digit;
            fraction += fraction > 0 || b == '.' ? 1 : 0;
        }

        fraction += fraction > 0 ? Digits.Most - 1 : 0;
        if (_strict && text[signs] == '0' && text[signs + 1] != '.')
            return false;
        return TryJoin(text, high, fraction, out value);
    }

    bool TryJoin(ReadOnlySpan<byte> text, ulong high, int fraction, out long value)
    {
        value = 0;
        var digits = Digits.Before(ref MemoryMarshal.GetReference(text), text.Length, Digits.Most);
        var place = text[^Digits.Most..].IndexOf((byte)'.');
        if (place >= 0)
        {
            if (fraction > 0)
                return false;
            digits = Vector128.ShuffleNative(digits, _points[place].Order);
            fraction = Digits.Most - 1 - place;
        }

        var missing = _type.Scale - fraction;
        if (!Digits.AreAll(digits) || missing < 0 || (_strict && _type.Scale == _type.Precision))
            return false;
        var magnitude = ((UInt128)high * (place >= 0 ? 1_000_000_000_000_000UL : 10_000_000_000_000_000UL)) + Digits.Value(digits);
        if (magnitude >= (UInt128)ExactDecimal.PowerOfTen(_type.Precision - missing))
            return false;
        value = (long)magnitude * (long)ExactDecimal.PowerOfTen(missing);
        value = text[0] == '-' ? -value : value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsZeroLed(ref byte bytes, int end, int length) =>
        length > 1 && Unsafe.Add(ref bytes, end - length) == '0' && Unsafe.Add(ref bytes, end - length + 1) != '.';

    public bool TryReadAny(ReadOnlySpan<byte> text, out long value)
    {
        var isNumber = PlainNumber.TryRead(text, NumberSpelling.Plain, _type.Scale, _strict, wholeOnly: false, out var wide);
        value = (long)wide;
        return isNumber && Int128.Abs(wide) < ExactDecimal.PowerOfTen(_type.Precision);
    }
}
