using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Integers, and what is stored as such: dates, times, timestamps and decimals of up to 18 digits. Differences of neighbours where they save an eighth.</summary>
internal sealed class IntegerEncoder<T>(ParquetWriteOptions options) : FixedValueEncoder<T>(options)
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    protected override bool TryBound(ReadOnlySpan<T> values, out T min, out T max)
    {
        (min, max) = (values[0], values[0]);
        var done = 0;
        if (Vector<T>.IsSupported && values.Length >= Vector<T>.Count)
        {
            var (low, high) = (new Vector<T>(min), new Vector<T>(max));
            for (; done <= values.Length - Vector<T>.Count; done += Vector<T>.Count)
            {
                var next = new Vector<T>(values[done..]);
                low = Vector.Min(low, next);
                high = Vector.Max(high, next);
            }

            for (var lane = 0; lane < Vector<T>.Count; lane++)
                (min, max) = (T.Min(min, low[lane]), T.Max(max, high[lane]));
        }

        foreach (var value in values[done..])
            (min, max) = (T.Min(min, value), T.Max(max, value));
        return true;
    }

    protected override void WritePlain(ReadOnlySpan<T> values, ByteSink output) => output.Write(MemoryMarshal.AsBytes(values));

    protected override PageEncoding WriteDirect(ReadOnlySpan<T> values, ByteSink output)
    {
        if (IsClassic)
        {
            WritePlain(values, output);
            return PageEncoding.Plain;
        }

        var start = output.Length;
        if (Unsafe.SizeOf<T>() == 4)
            DeltaBinaryPacked.Encode(MemoryMarshal.Cast<T, int>(values), output);
        else
            DeltaBinaryPacked.Encode(MemoryMarshal.Cast<T, long>(values), output);
        var plain = (long)values.Length * Unsafe.SizeOf<T>();
        if (output.Length - start <= plain - plain / 8)
            return PageEncoding.DeltaBinaryPacked;
        output.Truncate(start);
        WritePlain(values, output);
        return PageEncoding.Plain;
    }
}
