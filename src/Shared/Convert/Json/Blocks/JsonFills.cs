using System.Numerics;
using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Json.Nested;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Conversion.Values.Kernels;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>Chooses how each column is filled.</summary>
internal static class JsonFills
{
    /// <param name="hasCells">Whether a key of the input stands for the column.</param>
    public static JsonFill Of(BlockPlan block, int index, bool hasCells)
    {
        var (plan, strict, nulls) = (block.Columns[index], block.Strict[index], block.Nulls);
        var (type, nullable) = (plan.Column.Type, plan.Column.Nullable);
        if (!hasCells)
            return new ConstantJsonFill(plan.Column, plan.Constant is { } constant ? Encoding.UTF8.GetBytes(constant) : null, Parser(plan), nulls);
        if (type.Kind == DataKind.String)
            return strict ? new EmptyJsonFill(nulls, nullable) : new TextJsonFill(nullable);
        if (type.IsNested)
            return new ParserJsonFill(builder => new NestedParser(type, builder, nulls), nulls, nullable, strict ? _ => false : null);
        if (plan.Pattern is not null)
            return new ParserJsonFill(Parser(plan), nulls, nullable, null);
        return type.Kind switch
        {
            DataKind.Boolean => Fixed<bool, BooleanKernel>(default),
            DataKind.Int8 => Integer<sbyte>(),
            DataKind.Int16 => Integer<short>(),
            DataKind.Int32 => Integer<int>(),
            DataKind.Int64 => Integer<long>(),
            DataKind.Decimal when type.IsWideDecimal => Fixed<Int128, WideDecimalKernel>(new(type, strict)),
            DataKind.Decimal => Fixed<long, DecimalKernel>(new(type, strict)),
            DataKind.Double => Fixed<double, DoubleKernel>(new(strict)),
            DataKind.Date when plan.Dates.Shape is TextShape.None or TextShape.IsoDate => Fixed<int, DateKernel>(default),
            DataKind.Time => Fixed<long, TimeKernel>(new(type, strict)),
            DataKind.Timestamp => Fixed<long, TimestampKernel>(new(type, strict)),
            _ => new ParserJsonFill(Parser(plan), nulls, nullable, strict ? text => TimeText.Classify(text).Shape == plan.Dates.Shape : null),
        };

        FixedJsonFill<T, TKernel> Fixed<T, TKernel>(TKernel kernel)
            where T : unmanaged, IComparable<T>
            where TKernel : struct, ICellKernel<T> =>
            new(kernel, nulls, nullable, nulls.All.Any(spelling => kernel.TryReadAny(CellTrim.Trim(spelling), out _)));

        FixedJsonFill<T, IntegerKernel<T>> Integer<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Fixed<T, IntegerKernel<T>>(new(strict));
    }

    static Func<ColumnBuilder, CellParser> Parser(ColumnPlan plan) => builder =>
        plan.Pattern is { } pattern ? PatternParser.Of(plan.Column, builder, pattern) : CellParser.For(plan.Column.Type, builder, plan.Dates);
}
