using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Conversion.Values.Kernels;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Chooses how each column is filled.</summary>
internal static class ColumnFills
{
    /// <param name="field">The field that the column comes from; -1 for none.</param>
    /// <param name="emptyIsNull">Whether empty text without quotes is no value, see <see cref="TypesMode"/>.</param>
    /// <param name="strict">See <see cref="BlockPlan"/>.</param>
    public static ColumnFill Of(ColumnPlan plan, int field, NullSpellings nulls, bool emptyIsNull, bool strict)
    {
        var (type, nullable) = (plan.Column.Type, plan.Column.Nullable);
        if (field < 0)
            return new ConstantFill(new(plan, nulls));
        if (type.Kind == DataKind.String)
            return strict && plan.Open is not null ? new OpenFill(field, Parser(plan, strict), emptyIsNull, nullable) : new TextFill(field, emptyIsNull, nullable);
        if (plan.Pattern is not null || !plan.Format.IsDefault || (strict && plan.Open is not null))
            return new ParserFill(field, Parser(plan, strict), nulls, nullable);
        return KernelChoice.Of(plan, nulls, strict, new Fixed(field, nulls, nullable)) ?? new ParserFill(field, Parser(plan, strict), nulls, nullable);
    }

    sealed class Fixed(int field, NullSpellings nulls, bool nullable) : IKernelUser<ColumnFill>
    {
        public ColumnFill Use<T, TKernel>(TKernel kernel, bool nullsMayParse)
            where T : unmanaged, IComparable<T>
            where TKernel : struct, ICellKernel<T> => new FixedFill<T, TKernel>(field, kernel, nulls, nullable, nullsMayParse);
    }

    static Func<ColumnBuilder, CellParser> Parser(ColumnPlan plan, bool strict) => builder => CellParser.For(plan, builder, strict);
}
