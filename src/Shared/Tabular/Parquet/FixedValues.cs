using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Copies the values of a column that are there, in the width they have in a file.</summary>
internal static class FixedValues
{
    /// <param name="column">A column of fixed width.</param>
    /// <param name="start">The first row.</param>
    /// <param name="length">Rows.</param>
    /// <param name="output">Room for one value more than there are rows.</param>
    /// <returns>How many rows have a value.</returns>
    public static int Gather<T>(ColumnVector column, int start, int length, Span<T> output)
        where T : unmanaged, IBinaryInteger<T> => column switch
        {
            FixedColumn<double> doubles => Compact(doubles, MemoryMarshal.Cast<double, T>(doubles.Values).Slice(start, length), start, output),
            FixedColumn<float> floats => Compact(floats, MemoryMarshal.Cast<float, T>(floats.Values).Slice(start, length), start, output),
            FixedColumn<long> longs => Convert(longs, longs.Values.Slice(start, length), start, output),
            FixedColumn<ulong> longs => Convert(longs, longs.Values.Slice(start, length), start, output),
            FixedColumn<int> ints => Convert(ints, ints.Values.Slice(start, length), start, output),
            FixedColumn<short> shorts => Convert(shorts, shorts.Values.Slice(start, length), start, output),
            FixedColumn<sbyte> bytes => Convert(bytes, bytes.Values.Slice(start, length), start, output),
            FixedColumn<Int128> wides => Convert(wides, wides.Values.Slice(start, length), start, output),
            _ => throw new ArgumentException($"A column of {column.Type} is not stored in {Unsafe.SizeOf<T>()} bytes.", nameof(column)),
        };

    static int Convert<TSource, T>(ColumnVector column, ReadOnlySpan<TSource> values, int start, Span<T> output)
        where TSource : unmanaged, IBinaryInteger<TSource>
        where T : unmanaged, IBinaryInteger<T>
    {
        if (typeof(TSource) == typeof(T))
            return Compact(column, MemoryMarshal.Cast<TSource, T>(values), start, output);
        var validity = column.Validity;
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            output[count] = T.CreateTruncating(values[i]);
            count += validity.IsEmpty ? 1 : IsValid(validity, start + i);
        }

        return count;
    }

    /// <summary>The same for values that are copied as they are: those of the rows from <paramref name="start"/> on.</summary>
    public static int Compact<T>(ColumnVector column, ReadOnlySpan<T> values, int start, Span<T> output)
    {
        var validity = column.Validity;
        if (validity.IsEmpty)
        {
            values.CopyTo(output);
            return values.Length;
        }

        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            output[count] = values[i];
            count += IsValid(validity, start + i);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int IsValid(ReadOnlySpan<byte> validity, int row) => (validity[row >> 3] >> (row & 7)) & 1;
}
