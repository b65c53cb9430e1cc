using System.Numerics;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular;

/// <summary>A decimal of up to 38 digits: <c>Unscaled × 10^-Scale</c>. Equal numbers are equal whatever their scale.</summary>
/// <param name="Unscaled">The digits with their sign.</param>
/// <param name="Scale">Digits after the point, 0–38.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExactDecimal(Int128 Unscaled, int Scale) : IComparable<ExactDecimal>
{
    static readonly Int128[] Powers = BuildPowers();

    /// <summary>10 to the power given, 0–38.</summary>
    public static Int128 PowerOfTen(int exponent) => Powers[exponent];

    /// <summary>The same number without zeros at the end of its fraction.</summary>
    public ExactDecimal Normalize()
    {
        var (unscaled, scale) = (Unscaled, Scale);
        while (scale > 0)
        {
            var (quotient, rest) = Int128.DivRem(unscaled, 10);
            if (rest != 0)
                break;
            (unscaled, scale) = (quotient, scale - 1);
        }

        return new(unscaled, scale);
    }

    /// <summary>The unscaled value at another scale; false when digits would be lost or 38 digits are not enough.</summary>
    public bool TryRescale(int scale, out Int128 unscaled)
    {
        unscaled = Unscaled;
        if (scale == Scale)
            return true;
        if (scale > Scale)
        {
            if (unscaled == 0)
                return true;
            if (scale - Scale > 38 || Int128.Abs(unscaled) > (Powers[38] - 1) / Powers[scale - Scale])
                return false;
            unscaled *= Powers[scale - Scale];
            return true;
        }

        var (quotient, rest) = Int128.DivRem(unscaled, Powers[Math.Min(38, Scale - scale)]);
        unscaled = quotient;
        return rest == 0;
    }

    /// <summary>Digits of the unscaled value, at least 1.</summary>
    public int Digits
    {
        get
        {
            var absolute = Int128.Abs(Unscaled);
            var digits = 1;
            while (digits < 39 && absolute >= Powers[Math.Min(digits, 38)])
            {
                digits++;
                if (digits == 39)
                    break;
            }

            return digits;
        }
    }

    /// <summary>Whether both are the same number.</summary>
    public bool Equals(ExactDecimal other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var plain = Normalize();
        return HashCode.Combine(plain.Unscaled, plain.Scale);
    }

    /// <inheritdoc/>
    public int CompareTo(ExactDecimal other)
    {
        if (Scale == other.Scale)
            return Unscaled.CompareTo(other.Unscaled);
        var scale = Math.Max(Scale, other.Scale);
        return TryRescale(scale, out var left) && other.TryRescale(scale, out var right)
            ? left.CompareTo(right)
            : ((BigInteger)Unscaled * BigInteger.Pow(10, scale - Scale)).CompareTo((BigInteger)other.Unscaled * BigInteger.Pow(10, scale - other.Scale));
    }

    /// <summary>The value as <see cref="decimal"/>.</summary>
    /// <exception cref="OverflowException">It does not fit exactly.</exception>
    public decimal ToDecimal()
    {
        if (Scale > 28 || Int128.Abs(Unscaled) > (Int128)decimal.MaxValue)
        {
            var plain = Normalize();
            if (plain.Scale > 28 || Int128.Abs(plain.Unscaled) > (Int128)decimal.MaxValue)
                throw new OverflowException($"{this} does not fit into a decimal.");
            return plain.ToDecimal();
        }

        var absolute = (UInt128)Int128.Abs(Unscaled);
        return new((int)(uint)absolute, (int)(uint)(absolute >> 32), (int)(uint)(absolute >> 64), Unscaled < 0, (byte)Scale);
    }

    /// <summary>The value of a <see cref="decimal"/>, with its scale.</summary>
    public static ExactDecimal FromDecimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        _ = decimal.GetBits(value, bits);
        var absolute = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        return new(value < 0 ? -(Int128)absolute : (Int128)absolute, (bits[3] >> 16) & 0xFF);
    }

    /// <summary>Plain digits with every digit of the scale, e.g. <c>-0.0500</c>.</summary>
    public override string ToString()
    {
        if (Scale == 0)
            return Unscaled.ToString();
        var digits = Int128.Abs(Unscaled).ToString().PadLeft(Scale + 1, '0');
        return $"{(Unscaled < 0 ? "-" : "")}{digits.AsSpan(0, digits.Length - Scale)}.{digits.AsSpan(digits.Length - Scale)}";
    }

    /// <summary>Order by value.</summary>
    public static bool operator <(ExactDecimal left, ExactDecimal right) => left.CompareTo(right) < 0;

    /// <summary>Order by value.</summary>
    public static bool operator >(ExactDecimal left, ExactDecimal right) => left.CompareTo(right) > 0;

    /// <summary>Order by value.</summary>
    public static bool operator <=(ExactDecimal left, ExactDecimal right) => left.CompareTo(right) <= 0;

    /// <summary>Order by value.</summary>
    public static bool operator >=(ExactDecimal left, ExactDecimal right) => left.CompareTo(right) >= 0;

    static Int128[] BuildPowers()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
