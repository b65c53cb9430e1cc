using System.Diagnostics;
using DataIngestion.Tabular;
using DuckDB.NET.Data;
using Parquet;
using Parquet.Schema;
using OursReader = DataIngestion.Tabular.ParquetReader;
using TheirReader = Parquet.ParquetReader;

namespace DataIngestion.Benchmarks.Parquet;

/// <summary>The same file read whole, column by column into memory, by both, in turn, on one thread.</summary>
internal static class ReadRace
{
    const int Rounds = 5;

    public static async Task RunAsync(IReport report, int millions, CancellationToken cancellationToken)
    {
        foreach (var compression in new[] { "uncompressed", "snappy", "zstd" })
        {
            var (file, bytes) = await FileAsync(millions, compression, cancellationToken);
            var (ours, theirs) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                ours = Math.Min(ours, await TimeAsync(() => OursAsync(file, cancellationToken)));
                theirs = Math.Min(theirs, await TimeAsync(() => TheirsAsync(file, cancellationToken)));
            }

            report.Add(new RaceResult("parquet", $"read {millions} M rows, 7 columns, {compression}", bytes / ours, bytes / theirs, "MB/s", theirs / ours, null));
        }

        report.Note("MB of values in memory; best of 5 rounds in turn; theirs is Parquet.Net, whose texts are strings.");
    }

    /// <summary>A file that DuckDB wrote: counted ids, near times, few symbols, many texts, prices of two digits, missing bids.</summary>
    static async Task<(byte[] File, double Megabytes)> FileAsync(int millions, string compression, CancellationToken cancellationToken)
    {
        var path = Path.Combine("artifacts", "bench", $"read-{compression}.parquet");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var duck = new DuckDBConnection("Data Source=:memory:"))
        {
            duck.Open();
            using var command = duck.CreateCommand();
            command.CommandText = $"""
                select setseed(0.7);
                copy (select i + 1000000000 as id, (1 + random() * 10000)::int as size, round(100 + random() * 20, 2) as price, timestamp '2024-01-01' + to_microseconds(i * 45000) as time,
                             'SYM' || (random() * 300)::int as symbol, case when random() < 0.2 then null else random() end as bid, 'T' || (random() * 4e9)::bigint as trade
                      from range({millions} * 1000000) t(i)) to '{path}' (format parquet, compression {compression})
                """;
            command.ExecuteNonQuery();
        }

        var file = await File.ReadAllBytesAsync(path, cancellationToken);
        var bytes = 0L;
        await foreach (var batch in OursReader.ReadAsync(new MemoryStream(file), null, cancellationToken))
        {
            bytes += batch.Count * 36L;
            bytes += batch.Columns.OfType<BytesColumn>().Sum(c => c.Data.Length + (4L * c.Count));
            batch.Dispose();
        }

        return (file, bytes / 1e6);
    }

    static async Task<double> TimeAsync(Func<Task<long>> read)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await read();
        return watch.Elapsed.TotalSeconds;
    }

    static async Task<long> OursAsync(byte[] file, CancellationToken cancellationToken)
    {
        var rows = 0L;
        await foreach (var batch in OursReader.ReadAsync(new MemoryStream(file), null, cancellationToken))
        {
            rows += batch.Count;
            batch.Dispose();
        }

        return rows;
    }

    static async Task<long> TheirsAsync(byte[] file, CancellationToken cancellationToken)
    {
        var rows = 0L;
        await using var reader = await TheirReader.CreateAsync(new MemoryStream(file), cancellationToken: cancellationToken);
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var count = (int)group.RowCount;
            foreach (var field in reader.Schema.DataFields)
                await TheirColumnAsync(group, field, count, cancellationToken);
            rows += count;
        }

        return rows;
    }

    static async Task TheirColumnAsync(ParquetRowGroupReader group, DataField field, int count, CancellationToken cancellationToken)
    {
        if (field.ClrType == typeof(int))
            await group.ReadAsync<int>(field, new int?[count].AsMemory(), cancellationToken: cancellationToken);
        else if (field.ClrType == typeof(long))
            await group.ReadAsync<long>(field, new long?[count].AsMemory(), cancellationToken: cancellationToken);
        else if (field.ClrType == typeof(DateTime))
            await group.ReadAsync<DateTime>(field, new DateTime?[count].AsMemory(), cancellationToken: cancellationToken);
        else if (field.ClrType == typeof(double))
            await group.ReadAsync<double>(field, new double?[count].AsMemory(), cancellationToken: cancellationToken);
        else
            await group.ReadAsync(field, new string?[count].AsMemory(), cancellationToken: cancellationToken);
    }
}
