using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>
/// Exact decimals of 32 to 256 bits. Those with more digits than a decimal here can hold become text, with every digit; so do those whose values have
/// more digits than their type says, where 38 are too few.
/// </summary>
internal static class DecimalColumns
{
    const int Widened = 1;
    const int AsText = 2;

    public static ArrowColumn Of(ArrowField field, string path, bool isBigEndian, OutgrownTypes outgrown, ArrowNotes notes)
    {
        // Zeros before the point, or more digits after it than there are, make more digits to hold.
        var (scale, precision) = (Math.Max(0, field.Scale), Math.Max(field.Precision - Math.Min(0, field.Scale), field.Scale));
        var steps = outgrown.Steps(path);
        if (steps > 0)
            notes.Add(path, $"is said to hold decimals of {field.Precision} digits, and holds longer ones");
        if (precision > DataType.MaxPrecision || scale > DataType.MaxPrecision || steps == AsText)
        {
            notes.Add(path, $"holds decimals of more than {DataType.MaxPrecision} digits, which are text");
            return new FixedBytesArrowColumn(DataType.String, field.Width / 8, v => Text(v, field.Scale, isBigEndian));
        }

        var type = DataType.Decimal(steps == Widened ? DataType.MaxPrecision : precision, scale);
        var (limit, factor) = (PowerOfTen(type.Precision + Math.Min(0, field.Scale)), PowerOfTen(Math.Max(0, -field.Scale)));
        Int128 Checked(Int128 value)
        {
            if (value < limit && value > -limit)
                return value * factor;
            outgrown.Outgrow(path, Int128.Abs(value) < PowerOfTen(DataType.MaxPrecision + Math.Min(0, field.Scale)) ? Widened : AsText, $"holds {value} / 10^{field.Scale}, which is no {type}");
            return 0;
        }

        Int128 Narrowed(Wide value)
        {
            if (value.High == ((Int128)value.Low < 0 ? -1 : 0))
                return Checked((Int128)value.Low);
            outgrown.Outgrow(path, AsText, $"holds a decimal of more than {DataType.MaxPrecision} digits, which is no {type}");
            return 0;
        }

        return (field.Width, type.IsWideDecimal) switch
        {
            (32, false) => new MappedArrowColumn<int, long>(type, isBigEndian, v => (long)Checked(v)),
            (64, false) => new MappedArrowColumn<long, long>(type, isBigEndian, v => (long)Checked(v)),
            (128, false) => new MappedArrowColumn<Int128, long>(type, isBigEndian, v => (long)Checked(v)),
            (256, false) => new MappedArrowColumn<Wide, long>(type, isBigEndian, v => (long)Narrowed(v)),
            (32, true) => new MappedArrowColumn<int, Int128>(type, isBigEndian, v => Checked(v)),
            (64, true) => new MappedArrowColumn<long, Int128>(type, isBigEndian, v => Checked(v)),
            (128, true) => new MappedArrowColumn<Int128, Int128>(type, isBigEndian, Checked),
            _ => new MappedArrowColumn<Wide, Int128>(type, isBigEndian, Narrowed),
        };
    }

    static Int128 PowerOfTen(int digits)
    {
        var power = Int128.One;
        for (var i = 0; i < digits; i++)
            power *= 10;
        return power;
    }

    static string Text(ReadOnlySpan<byte> value, int scale, bool isBigEndian)
    {
        var number = new BigInteger(value, isUnsigned: false, isBigEndian);
        var digits = BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture);
        if (scale < 0)
            digits = number.IsZero ? digits : digits + new string('0', -scale);
        else if (scale > 0)
            digits = digits.PadLeft(scale + 1, '0').Insert(Math.Max(digits.Length, scale + 1) - scale, ".");
        return number.Sign < 0 ? "-" + digits : digits;
    }

    /// <summary>256 bits, the low ones first.</summary>
    [StructLayout(LayoutKind.Sequential)]
    readonly record struct Wide(UInt128 Low, Int128 High);
}
