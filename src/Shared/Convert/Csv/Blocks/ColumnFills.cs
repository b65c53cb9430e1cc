using System.Numerics;
using System.Text;
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
            return new ConstantFill(plan.Column, plan.Constant is { } constant ? Encoding.UTF8.GetBytes(constant) : null, Parser(plan, strict: false), nulls);
        if (type.Kind == DataKind.String)
            return strict && plan.Open is not null ? new OpenFill(field, Parser(plan, strict), emptyIsNull, nullable) : new TextFill(field, emptyIsNull, nullable);
        if (plan.Pattern is not null || !plan.Format.IsDefault || (strict && plan.Open is not null))
            return new ParserFill(field, Parser(plan, strict), nulls, nullable);
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
            _ => new ParserFill(field, Parser(plan, strict), nulls, nullable),
        };

        FixedFill<T, TKernel> Fixed<T, TKernel>(TKernel kernel)
            where T : unmanaged, IComparable<T>
            where TKernel : struct, ICellKernel<T> =>
            new(field, kernel, nulls, nullable, nulls.All.Any(spelling => kernel.TryReadAny(CellTrim.Trim(spelling), out _)));

        FixedFill<T, IntegerKernel<T>> Integer<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Fixed<T, IntegerKernel<T>>(new(strict));
    }

    static Func<ColumnBuilder, CellParser> Parser(ColumnPlan plan, bool strict) => builder => CellParser.For(plan, builder, strict);
}
