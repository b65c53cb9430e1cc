using System.Numerics;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>Builds around a kernel what a format needs to fill a column with it.</summary>
internal interface IKernelUser<out TFill>
{
    /// <param name="kernel">Reads the column's values.</param>
    /// <param name="nullsMayParse">Whether the kernel reads a spelling of "no value" as a value, so that spellings have to be looked for first.</param>
    TFill Use<T, TKernel>(TKernel kernel, bool nullsMayParse)
        where T : unmanaged, IComparable<T>
        where TKernel : struct, ICellKernel<T>;
}

/// <summary>Chooses the kernel of a column whose values are spelled in the usual way; one choice for every format.</summary>
internal static class KernelChoice
{
    /// <summary>What <paramref name="user"/> makes of the column's kernel; null for a type without one.</summary>
    public static TFill? Of<TFill>(ColumnPlan plan, NullSpellings nulls, bool strict, IKernelUser<TFill> user)
        where TFill : class
    {
        var type = plan.Column.Type;
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
            _ => null,
        };

        TFill Fixed<T, TKernel>(TKernel kernel)
            where T : unmanaged, IComparable<T>
            where TKernel : struct, ICellKernel<T> =>
            user.Use<T, TKernel>(kernel, nulls.All.Any(spelling => kernel.TryReadAny(CellTrim.Trim(spelling), out _)));

        TFill Integer<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Fixed<T, IntegerKernel<T>>(new(strict));
    }
}
