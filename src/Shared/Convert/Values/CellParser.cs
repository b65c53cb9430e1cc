using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>Turns a cell's text into a value of one column. Stateless but for the builder it fills.</summary>
internal abstract class CellParser
{
    /// <summary>Adds the value, or says that the text is none of the type.</summary>
    /// <param name="text">Without blanks around it, unless the column is text.</param>
    public abstract bool TryAppend(ReadOnlySpan<byte> text);

    /// <summary>A parser of a planned column.</summary>
    /// <param name="strict">
    /// Whether it takes exactly the values of the inferred type: with one more such value inference would have found the same type and format, with any other it
    /// would not (docs/formats/types.md). Otherwise it takes every text whose value the column can hold exactly.
    /// </param>
    public static CellParser For(ColumnPlan plan, ColumnBuilder builder, bool strict)
    {
        if (plan.Pattern is { } pattern)
            return FormatParser.Of(plan.Column, builder, pattern);
        if (!strict || plan.Open is not { } open)
            return For(plan.Column.Type, builder, plan.Format, strict);
        return builder is BytesBuilder text ? new OpenParser(text, open) : new NoParser();
    }

    /// <summary>A parser of a type and a format.</summary>
    public static CellParser For(DataType type, ColumnBuilder builder, ColumnFormat format, bool strict = false) => type.Kind switch
    {
        DataKind.Boolean => new BooleanParser((FixedBuilder<bool>)builder, format.Words, strict),
        DataKind.Int8 => new IntegerParser<sbyte>((FixedBuilder<sbyte>)builder, format.Numbers, strict),
        DataKind.Int16 => new IntegerParser<short>((FixedBuilder<short>)builder, format.Numbers, strict),
        DataKind.Int32 => new IntegerParser<int>((FixedBuilder<int>)builder, format.Numbers, strict),
        DataKind.Int64 => new IntegerParser<long>((FixedBuilder<long>)builder, format.Numbers, strict),
        DataKind.UInt64 => new IntegerParser<ulong>((FixedBuilder<ulong>)builder, format.Numbers, strict),
        DataKind.Decimal when type.IsWideDecimal => new WideDecimalParser((FixedBuilder<Int128>)builder, type, format.Numbers, strict),
        DataKind.Decimal => new DecimalParser((FixedBuilder<long>)builder, type, format.Numbers, strict),
        DataKind.Double => new DoubleParser((FixedBuilder<double>)builder, format.Numbers, strict),
        DataKind.Float => new FloatParser((FixedBuilder<float>)builder, format.Numbers),
        DataKind.Date when format.EpochCount > 0 => new EpochDateParser((FixedBuilder<int>)builder, format.EpochCount),
        DataKind.Date => new DateParser((FixedBuilder<int>)builder, format, strict),
        DataKind.Time => new TimeParser((FixedBuilder<long>)builder, type.Unit, strict),
        DataKind.Timestamp when format.EpochCount > 0 => new EpochParser((FixedBuilder<long>)builder, type.Unit, format.EpochCount),
        DataKind.Timestamp => new TimestampParser((FixedBuilder<long>)builder, type, format, strict),
        DataKind.Duration => new DurationParser((FixedBuilder<long>)builder, type.Unit, format.Shape, strict),
        DataKind.Binary when format.Binary == BinaryForm.Hexadecimal => new HexadecimalParser((BytesBuilder)builder),
        DataKind.Binary => new Base64Parser((BytesBuilder)builder),
        DataKind.String => new StringParser((BytesBuilder)builder),
        _ => throw new ConversionException($"A column of {type} cannot be read from text."),
    };

    /// <summary>Nanoseconds of a unit.</summary>
    private protected static long NanosecondsPer(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => 1_000_000, TimeUnit.Microseconds => 1_000, _ => 1 };

    /// <summary>Digits after the second that a unit holds as they are written. Inference knows two units, so that digits that come and go change nothing.</summary>
    private protected static int DigitsOf(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => 3, TimeUnit.Microseconds => 6, _ => 9 };
}
