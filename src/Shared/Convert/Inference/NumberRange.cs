using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>The digits and bounds of numbers; exact.</summary>
internal sealed class NumberRange
{
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The most digits before the point, zeros before the first other one not counted.</summary>
    public int Whole { get; private set; }

    /// <summary>The most digits after the point, as written.</summary>
    public int Fraction { get; private set; }

    /// <summary>The most digits in all, zeros before the first other one not counted.</summary>
    public int Digits { get; private set; }

    public ExactDecimal Least { get; private set; }

    public ExactDecimal Most { get; private set; }

    /// <summary>Whether some number has more than 38 digits; the bounds do not count it.</summary>
    public bool IsBeyond { get; private set; }

    /// <summary>Adds a number of at most 38 digits.</summary>
    /// <param name="fraction">Digits after the point, which may be more than 38.</param>
    public void Add(Int128 unscaled, int fraction)
    {
        if (fraction > DataType.MaxPrecision)
        {
            IsBeyond = true;
            return;
        }

        var number = new ExactDecimal(unscaled, fraction);
        var digits = unscaled == 0 ? 0 : number.Digits;
        Whole = Math.Max(Whole, digits - fraction);
        Fraction = Math.Max(Fraction, fraction);
        Digits = Math.Max(Digits, digits);
        Least = IsEmpty || number < Least ? number : Least;
        Most = IsEmpty || number > Most ? number : Most;
        IsEmpty = false;
    }

    /// <summary>A number of more than 38 digits was seen.</summary>
    public void AddBeyond() => IsBeyond = true;

    public void Merge(NumberRange other)
    {
        IsBeyond |= other.IsBeyond;
        if (other.IsEmpty)
            return;
        (Whole, Fraction, Digits) = (Math.Max(Whole, other.Whole), Math.Max(Fraction, other.Fraction), Math.Max(Digits, other.Digits));
        Least = IsEmpty || other.Least < Least ? other.Least : Least;
        Most = IsEmpty || other.Most > Most ? other.Most : Most;
        IsEmpty = false;
    }

    /// <summary>The same numbers with the point moved to the left.</summary>
    public NumberRange Shifted(int digits)
    {
        var shifted = new NumberRange { IsBeyond = IsBeyond || Fraction + digits > DataType.MaxPrecision };
        if (IsEmpty || shifted.IsBeyond)
            return shifted;
        (shifted.Whole, shifted.Fraction, shifted.Digits, shifted.IsEmpty) = (Math.Max(0, Whole - digits), Fraction + digits, Digits, false);
        (shifted.Least, shifted.Most) = (new(Least.Unscaled, Least.Scale + digits), new(Most.Unscaled, Most.Scale + digits));
        return shifted;
    }

    /// <summary>The exact type of these numbers, or null where 38 digits are not enough.</summary>
    /// <param name="pointWritten">Whether some number has a point, even without digits behind it.</param>
    public DataType? ExactType(bool pointWritten)
    {
        if (IsBeyond)
            return null;
        if (Fraction == 0 && !pointWritten)
        {
            if (Least.Unscaled >= long.MinValue && Most.Unscaled <= long.MaxValue)
                return DataType.Int64;
            if (Least.Unscaled >= 0 && Most.Unscaled <= ulong.MaxValue)
                return DataType.UInt64;
        }

        // Two sizes only: the type of a column should not change with every day's largest price.
        return Whole + Fraction <= 18 ? DataType.Decimal(18, Fraction) : Whole + Fraction <= DataType.MaxPrecision ? DataType.Decimal(DataType.MaxPrecision, Fraction) : null;
    }

    /// <summary>Whether an exact type holds every number as it is written.</summary>
    public bool Fits(DataType type, bool pointWritten)
    {
        if (IsBeyond || (type.IsInteger && pointWritten) || Fraction > type.Scale)
            return false;
        if (type.Kind == DataKind.Decimal)
            return Whole <= type.Precision - type.Scale;
        var (least, most) = type.Kind switch
        {
            DataKind.Int8 => ((Int128)sbyte.MinValue, (Int128)sbyte.MaxValue),
            DataKind.Int16 => (short.MinValue, short.MaxValue),
            DataKind.Int32 => (int.MinValue, int.MaxValue),
            DataKind.UInt64 => (ulong.MinValue, ulong.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        return Least.Unscaled >= least && Most.Unscaled <= most;
    }
}
