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
            return new ConstantJsonFill(new(plan, nulls));
        if (type.Kind == DataKind.String)
            return strict ? new EmptyJsonFill(nulls, nullable) : new TextJsonFill(nullable);
        if (type.IsNested)
            return new ParserJsonFill(builder => new NestedParser(type, builder, nulls), nulls, nullable, takes: !strict);
        if (plan.Pattern is not null || !plan.Format.IsDefault)
            return new ParserJsonFill(Parser(plan, strict), nulls, nullable);
        return KernelChoice.Of(plan, nulls, strict, new Fixed(nulls, nullable)) ?? new ParserJsonFill(Parser(plan, strict), nulls, nullable);
    }

    sealed class Fixed(NullSpellings nulls, bool nullable) : IKernelUser<JsonFill>
    {
        public JsonFill Use<T, TKernel>(TKernel kernel, bool nullsMayParse)
            where T : unmanaged, IComparable<T>
            where TKernel : struct, ICellKernel<T> => new FixedJsonFill<T, TKernel>(kernel, nulls, nullable, nullsMayParse);
    }

    static Func<ColumnBuilder, CellParser> Parser(ColumnPlan plan, bool strict) => builder => CellParser.For(plan, builder, strict);
}
