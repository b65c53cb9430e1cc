using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>Numbers as vendors write them: sign, digits, point, digits, exponent.</summary>
internal static class NumberText
{
    /// <summary>What a number's text is, and how many digits stand before and after its point.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Measure(TextShape Shape, int Whole, int Fraction);

    public static Measure Classify(ReadOnlySpan<byte> text)
    {
        var at = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var start = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
            at++;
        var whole = at - start;
        var zeroLed = whole > 1 && text[start] == '0';
        if (at == text.Length)
            return new(whole == 0 ? TextShape.Text : zeroLed ? TextShape.ZeroLed : TextShape.Integer, whole, 0);
        var fraction = 0;
        if (text[at] == '.')
        {
            var point = ++at;
            while (at < text.Length && (uint)(text[at] - '0') <= 9)
                at++;
            fraction = at - point;
        }

        if (whole + fraction == 0)
            return new(TextShape.Text, 0, 0);
        if (at == text.Length)
            return new(zeroLed ? TextShape.ZeroLed : TextShape.Decimal, whole, fraction);
        if ((text[at] | 0x20) != 'e' || ++at == text.Length)
            return new(TextShape.Text, 0, 0);
        if (text[at] is (byte)'-' or (byte)'+')
            at++;
        var exponent = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
            at++;
        return new(at < text.Length || at == exponent ? TextShape.Text : zeroLed ? TextShape.ZeroLed : TextShape.Scientific, whole, fraction);
    }

    /// <summary>The frequent case: an optional sign and at most 18 digits, with a point between or before them, and no zeros that a number would lose.</summary>
    public static bool TryPlain(ReadOnlySpan<byte> text, out long unscaled, out int fraction)
    {
        (unscaled, fraction) = (0, 0);
        if ((uint)(text.Length - 1) >= 18)
            return false;
        var negative = text[0] == '-';
        var at = negative || text[0] == '+' ? 1 : 0;
        var start = at;
        long value = 0;
        uint digit;
        for (; at < text.Length && (digit = (uint)(text[at] - '0')) <= 9; at++)
            value = value * 10 + digit;
        var whole = at - start;
        if (whole > 1 && text[start] == '0')
            return false;
        if (at < text.Length)
        {
            if (text[at] != '.')
                return false;
            fraction = text.Length - at - 1;
            if (fraction == 0)
                return false;
            for (at++; at < text.Length; at++)
            {
                digit = (uint)(text[at] - '0');
                if (digit > 9)
                    return false;
                value = value * 10 + digit;
            }
        }
        else if (whole == 0)
        {
            return false;
        }

        unscaled = negative ? -value : value;
        return true;
    }

    /// <summary>Digits that always name one double: a plain number beside scientific ones may have no more.</summary>
    public const int DoubleDigits = 17;

    /// <summary>Digits of a plain number without the zeros before the first other one.</summary>
    public static int SignificantDigits(ReadOnlySpan<byte> text)
    {
        var digits = 0;
        foreach (var b in text)
        {
            if ((uint)(b - '0') <= 9 && (digits > 0 || b != '0'))
                digits++;
        }

        return digits;
    }

    /// <summary>Whether a digit before the exponent is not zero.</summary>
    public static bool HasNonZeroDigit(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if ((b | 0x20) == 'e')
                return false;
            if ((uint)(b - '1') <= 8)
                return true;
        }

        return false;
    }

    /// <summary>A number in scientific notation (<c>1.27E+08</c>) as an integer of 10^-<paramref name="scale"/>; exact or false.</summary>
    public static bool TryScientific(ReadOnlySpan<byte> text, int scale, out Int128 value)
    {
        value = 0;
        var measure = Classify(text);
        var at = text.IndexOfAny((byte)'e', (byte)'E');
        if (measure.Shape != TextShape.Scientific || !short.TryParse(text[(at + 1)..], out var exponent) || !TryScaled(text[..at], measure.Fraction, out value))
            return false;
        var power = exponent - measure.Fraction + scale;
        var isSmall = Math.Abs(power) < DataType.MaxPrecision;
        if (value == 0 || power == 0)
            return true;
        if (power < 0)
        {
            (value, var rest) = isSmall ? Int128.DivRem(value, ExactDecimal.PowerOfTen(-power)) : (0, 1);
            return rest == 0;
        }

        if (!isSmall || Int128.Abs(value) >= ExactDecimal.PowerOfTen(DataType.MaxPrecision - power))
            return false;
        value *= ExactDecimal.PowerOfTen(power);
        return true;
    }

    /// <summary>A whole number; false where it is none or does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryInt64(ReadOnlySpan<byte> text, out long value) => TryScaled(text, 0, out value);

    /// <summary>
    /// A number as an integer of 10^-<paramref name="scale"/>; exact or false. Zeros beyond the scale are no loss.
    /// </summary>
    public static bool TryScaled(ReadOnlySpan<byte> text, int scale, out long value)
    {
        value = 0;
        var at = 0;
        var negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            (negative, at) = (text[0] == '-', 1);
        if (text.Length - at > 18)
            return TryScaledSlow(text, scale, out value);
        var start = at;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit > 9)
                break;
            value = value * 10 + digit;
        }

        var digits = at - start;
        var missing = scale;
        if (at < text.Length)
        {
            if (text[at++] != '.')
                return false;
            for (; at < text.Length; at++)
            {
                var digit = (uint)(text[at] - '0');
                if (digit > 9)
                    return false;
                if (missing == 0)
                {
                    if (digit != 0)
                        return false;
                }
                else
                {
                    value = value * 10 + digit;
                    missing--;
                }

                digits++;
            }
        }

        if (digits == 0)
            return false;
        if (missing > 0)
        {
            if (missing + digits > 18)
                return TryScaledSlow(text, scale, out value);
            value *= Powers[missing];
        }

        value = negative ? -value : value;
        return true;
    }

    static readonly long[] Powers = BuildPowers();

    static long[] BuildPowers()
    {
        var powers = new long[19];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }

    static bool TryScaledSlow(ReadOnlySpan<byte> text, int scale, out long value)
    {
        value = 0;
        if (!TryScaled(text, scale, out Int128 wide) || wide < long.MinValue || wide > long.MaxValue)
            return false;
        value = (long)wide;
        return true;
    }

    /// <summary>The same for up to 38 digits.</summary>
    public static bool TryScaled(ReadOnlySpan<byte> text, int scale, out Int128 value)
    {
        value = 0;
        var at = 0;
        var negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            (negative, at) = (text[0] == '-', 1);
        var limit = ExactDecimal.PowerOfTen(37);
        var (missing, digits, fraction) = (scale, 0, false);
        for (; at < text.Length; at++)
        {
            if (text[at] == '.' && !fraction)
            {
                fraction = true;
                continue;
            }

            var digit = (uint)(text[at] - '0');
            if (digit > 9)
                return false;
            digits++;
            if (fraction && missing == 0)
            {
                if (digit != 0)
                    return false;
                continue;
            }

            if (value >= limit)
                return false;
            value = value * 10 + digit;
            if (fraction)
                missing--;
        }

        if (digits == 0)
            return false;
        for (; missing > 0; missing--)
        {
            if (value >= limit)
                return false;
            value *= 10;
        }

        value = negative ? -value : value;
        return true;
    }
}
