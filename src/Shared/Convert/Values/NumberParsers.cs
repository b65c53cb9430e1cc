using System.Globalization;
using System.Numerics;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>Integers of one width.</summary>
internal sealed class IntegerParser<T>(FixedBuilder<T> builder, NumberSpelling spelling, bool strict) : CellParser
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    static readonly Int128 Least = Int128.CreateChecked(T.MinValue);
    static readonly Int128 Most = Int128.CreateChecked(T.MaxValue);

    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!PlainNumber.TryRead(text, spelling, 0, strict, wholeOnly: true, out var value) || value < Least || value > Most)
            return false;
        builder.Append(T.CreateTruncating(value));
        return true;
    }
}

/// <summary>Decimals of up to 18 digits.</summary>
internal sealed class DecimalParser(FixedBuilder<long> builder, DataType type, NumberSpelling spelling, bool strict) : CellParser
{
    readonly int _scale = type.Scale;
    readonly long _limit = (long)ExactDecimal.PowerOfTen(type.Precision);

    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!strict && spelling.IsPlain && NumberText.TryScaled(text, _scale, out long narrow))
        {
            if (narrow >= _limit || narrow <= -_limit)
                return false;
            builder.Append(narrow);
            return true;
        }

        if (!PlainNumber.TryRead(text, spelling, _scale, strict, wholeOnly: false, out var value) || value >= _limit || value <= -_limit)
            return false;
        builder.Append((long)value);
        return true;
    }
}

/// <summary>Decimals of up to 38 digits.</summary>
internal sealed class WideDecimalParser(FixedBuilder<Int128> builder, DataType type, NumberSpelling spelling, bool strict) : CellParser
{
    readonly Int128 _limit = ExactDecimal.PowerOfTen(type.Precision);

    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!PlainNumber.TryRead(text, spelling, type.Scale, strict, wholeOnly: false, out var value) || value >= _limit || value <= -_limit)
            return false;
        builder.Append(value);
        return true;
    }
}

/// <summary>Binary64, for text in scientific notation and where a schema asks.</summary>
internal sealed class DoubleParser(FixedBuilder<double> builder, NumberSpelling spelling, bool strict) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!TryRead(text, spelling, strict, out var value))
            return false;
        builder.Append(value);
        return true;
    }

    /// <summary>A finite value; one that is not zero does not become zero.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, NumberSpelling spelling, bool strict, out double value)
    {
        value = 0;
        if (strict && !FitsDouble(text))
            return false;
        if (spelling.IsPlain && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return double.IsFinite(value) && (value != 0 || !NumberText.HasNonZeroDigit(text));
        if (!SpelledNumber.TryRead(text, out var number) || (number.Readings & spelling.Reading) == 0 || number.Affix != spelling.Affix || number.Digits > DataType.MaxPrecision)
            return false;
        var exact = FormattableString.Invariant($"{number.Unscaled}e-{number.FractionOf(spelling)}");
        return double.TryParse(exact, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A plain number beside scientific ones may have the 17 digits that make a double, and no more.</summary>
    static bool FitsDouble(ReadOnlySpan<byte> text)
    {
        var measure = NumberText.Classify(text);
        return measure.Shape switch
        {
            TextShape.Scientific => true,
            TextShape.Integer or TextShape.Decimal => NumberText.SignificantDigits(text) <= NumberText.DoubleDigits,
            TextShape.ZeroLed => false,
            _ => SpelledNumber.TryRead(text, out var number) && number.Digits <= NumberText.DoubleDigits,
        };
    }
}

/// <summary>Binary32, only where a schema asks.</summary>
internal sealed class FloatParser(FixedBuilder<float> builder, NumberSpelling spelling) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        float value;
        if (!spelling.IsPlain || !float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            if (!DoubleParser.TryRead(text, spelling, strict: false, out var wide))
                return false;
            value = (float)wide;
        }

        if (!float.IsFinite(value) || (value == 0 && NumberText.HasNonZeroDigit(text)))
            return false;
        builder.Append(value);
        return true;
    }
}

/// <summary>Numbers of a column's spelling: the plain reader first, the general one for the rest.</summary>
internal static class PlainNumber
{
    /// <summary>The number as an integer of 10^-<paramref name="scale"/>; exact or false.</summary>
    /// <param name="strict">Whether the digits as written must fit, and a number must not begin with zeros.</param>
    /// <param name="wholeOnly">With <paramref name="strict"/>: whether not even a point may be written.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, NumberSpelling spelling, int scale, bool strict, bool wholeOnly, out Int128 value)
    {
        value = 0;
        if (spelling.IsPlain)
        {
            if (!strict && (NumberText.TryScaled(text, scale, out value) || NumberText.TryScientific(text, scale, out value)))
                return true;
            var measure = strict ? NumberText.Classify(text) : new(TextShape.Text, 0, 0);
            if (measure.Shape != TextShape.Text)
                return measure.Shape == TextShape.Integer || (measure.Shape == TextShape.Decimal && !wholeOnly && measure.Fraction <= scale)
                    ? NumberText.TryScaled(text, scale, out value) : false;
        }

        return SpelledNumber.TryScaled(text, spelling, scale, strict, out value);
    }
}
