using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Refuses decimals with more digits than their type says: a writer that trusts the type would cut them.</summary>
internal static class DecimalLimit
{
    public static void Check<T>(ReadOnlySpan<T> values, T most)
        where T : unmanaged, IComparable<T>
    {
        if (typeof(T) == typeof(long))
            Check(MemoryMarshal.Cast<T, long>(values), Unsafe.BitCast<T, long>(most));
        else
            Check(MemoryMarshal.Cast<T, Int128>(values), Unsafe.BitCast<T, Int128>(most));
    }

    static void Check(ReadOnlySpan<long> values, long most)
    {
        var (least, greatest) = (0L, 0L);
        foreach (var value in values)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }

        if (least <= -most || greatest >= most)
            throw Beyond(greatest >= most ? greatest : least);
    }

    static void Check(ReadOnlySpan<Int128> values, Int128 most)
    {
        foreach (var value in values)
        {
            if (value <= -most || value >= most)
                throw Beyond(value);
        }
    }

    static InvalidDataException Beyond(Int128 value) => new($"The unscaled decimal {value} has more digits than the column's type.");
}
