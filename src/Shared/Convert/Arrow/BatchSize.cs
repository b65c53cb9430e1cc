namespace DataIngestion.Conversion.Arrow;

/// <summary>How many rows are handed on at once.</summary>
internal static class BatchSize
{
    const int MostRows = 65_536;
    const long MostBytes = 64 << 20;
    const long MostRowBytes = 256 << 20;

    /// <param name="left">Rows there are.</param>
    /// <param name="measure">Bytes of some rows: the first, how many, and above which bytes counting may stop.</param>
    /// <exception cref="NotSupportedException">One row takes more memory than is given to it.</exception>
    public static (int Rows, long Bytes) Of(long left, Func<long, long, long, long> measure)
    {
        var rows = (int)Math.Min(left, MostRows);
        var bytes = measure(0, rows, MostBytes);
        while (bytes > MostBytes && rows > 1)
        {
            rows /= 2;
            bytes = measure(0, rows, MostBytes);
        }

        if (bytes > MostBytes && measure(0, 1, MostRowBytes) > MostRowBytes)
            throw new NotSupportedException($"A row of the Arrow content takes more than {MostRowBytes >> 20} MiB, which is not read.");
        return (rows, bytes);
    }
}
