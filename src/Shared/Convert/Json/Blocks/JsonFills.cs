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
            return new ConstantJsonFill(plan.Column, plan.Constant is { } constant ? Encoding.UTF8.GetBytes(constant) : null, Parser(plan, strict: false), nulls);
        if (type.Kind == DataKind.String)
            return strict ? new EmptyJsonFill(nulls, nullable) : new TextJsonFill(nullable);
        if (type.IsNested)
            return new ParserJsonFill(builder => new NestedParser(type, builder, nulls), nulls, nullable, takes: !strict);
        if (plan.Pattern is not null || !plan.Format.IsDefault)
            return new ParserJsonFill(Parser(plan, strict), nulls, nullable);
        return type.Kind switch
        {
            DataKind.Boolean => Fixed<bool, BooleanKernel>(new(strict)),
            DataKind.Int8 => Integer<sbyte>(),
            DataKind.Int16 => Integer<short>(),
            DataKind.Int32 => Integer<int>(),
            DataKind.Int64 => Integer<long>(),
            DataKind.Decimal when type.IsWideDecimal => Fixed<Int128, WideDecimalKernel>(new(type, strict)),
            DataKind.Decimal => Fixed<long, DecimalKernel>(new(type, strict)),
            DataKind.Double => Fixed<double, DoubleKernel>(new(strict)),
            DataKind.Date => Fixed<int, DateKernel>(new(plan.Format.Shape)),
            DataKind.Time => Fixed<long, TimeKernel>(new(type, strict)),
            DataKind.Timestamp => Fixed<long, TimestampKernel>(new(type, strict, plan.Format.Shape)),
            _ => new ParserJsonFill(Parser(plan, strict), nulls, nullable),
        };

        FixedJsonFill<T, TKernel> Fixed<T, TKernel>(TKernel kernel)
            where T : unmanaged, IComparable<T>
            where TKernel : struct, ICellKernel<T> =>
            new(kernel, nulls, nullable, nulls.All.Any(spelling => kernel.TryReadAny(CellTrim.Trim(spelling), out _)));

        FixedJsonFill<T, IntegerKernel<T>> Integer<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Fixed<T, IntegerKernel<T>>(new(strict));
    }

    static Func<ColumnBuilder, CellParser> Parser(ColumnPlan plan, bool strict) => builder => CellParser.For(plan, builder, strict);
}
