using System.Diagnostics;
using System.Globalization;
using DataIngestion.Conversion;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>The whole job, CSV to zstd Parquet, against DuckDB's <c>COPY … TO</c> on the same file with the same threads, codec, level and column types.</summary>
internal sealed class ConvertBenchmark : IBenchmark
{
    const int Rounds = 3;
    const int Threads = 2;

    static readonly DataSchema Trades = new(
    [
        new("time", DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: false)), new("symbol", DataType.String), new("price", DataType.Decimal(18, 4)), new("size", DataType.Int64),
        new("bid", DataType.Decimal(18, 4)), new("ask", DataType.Decimal(18, 4)), new("trade_id", DataType.Int64), new("venue", DataType.String), new("conditions", DataType.String), new("late", DataType.Boolean),
    ]);

    public string Name => "convert";

    public string Description => "CSV to zstd Parquet against DuckDB; argument: megabytes (default 200)";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var megabytes = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 200;
        var folder = Path.Combine("artifacts", "bench");
        var input = TradesFile.Create(megabytes, folder);
        var size = new FileInfo(input).Length / 1e6;
        report.Note($"{input}: {size:0} MB, {Threads} threads, zstd level 1, best of {Rounds} rounds in turn, file cached");
        var ours = Path.Combine(folder, "ours.parquet");
        var theirs = Path.Combine(folder, "theirs.parquet");
        var cases = new List<(string Name, DataSchema? Schema, double? Peak)>();
        foreach (var (name, schema) in new[] { ("types given", Trades), ("types inferred", null) })
        {
            // Both warm up; memory is measured here, before DuckDB has any in this process.
            PeakMemory.Reset();
            await OursAsync(input, ours, schema, cancellationToken);
            cases.Add((name, schema, PeakMemory.Megabytes));
        }

        using var duck = new DuckDatabase(Threads);
        Theirs(duck, input, theirs, Trades);
        foreach (var (name, schema, peak) in cases)
        {
            var (best, theirBest) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                best = Math.Min(best, await TimeAsync(() => OursAsync(input, ours, schema, cancellationToken)));
                theirBest = Math.Min(theirBest, await TimeAsync(() => Task.Run(() => Theirs(duck, input, theirs, schema), cancellationToken)));
            }

            Compare(report, duck, ours, theirs, $"trades csv {megabytes} MB, {name}");
            report.Add(new RaceResult("convert", $"trades csv {megabytes} MB, {name}", size / best, size / theirBest, "MB/s", theirBest / best, peak));
            report.Note($"  output: ours {new FileInfo(ours).Length / 1e6:0.0} MB, theirs {new FileInfo(theirs).Length / 1e6:0.0} MB");
        }
    }

    static async Task<double> TimeAsync(Func<Task> run)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await run();
        return watch.Elapsed.TotalSeconds;
    }

    static async Task OursAsync(string input, string output, DataSchema? schema, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(output, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        var request = new ConversionRequest { Schema = schema, Policy = SchemaPolicy.DiscardRow, Name = input, Parquet = new() { Threads = Threads } };
        var result = await new Converter().ConvertAsync(
            _ => new(new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan)), file,
            (row, _) => throw new InvalidOperationException($"A row of the race was rejected: {row}"), request, null, cancellationToken);
        if (result.RowsRejected > 0)
            throw new InvalidOperationException("Rows of the race were rejected.");
    }

    static void Theirs(DuckDatabase duck, string input, string output, DataSchema? schema)
    {
        var columns = schema is null ? "" : ", columns = {" + string.Join(", ", schema.Select(c => $"'{c.Name}': '{DuckType(c.Type)}'")) + "}";
        duck.Run($"copy (select * from read_csv('{input}', header = true, delim = ',', quote = '\"'{columns})) to '{output}' (format parquet, compression zstd, compression_level 1)");
    }

    static string DuckType(DataType type) => type.Kind switch
    {
        DataKind.Timestamp => type.Unit == TimeUnit.Nanoseconds ? "TIMESTAMP_NS" : "TIMESTAMP",
        DataKind.Decimal => $"DECIMAL({type.Precision},{type.Scale})",
        DataKind.Int64 => "BIGINT",
        DataKind.Boolean => "BOOLEAN",
        _ => "VARCHAR",
    };

    /// <summary>Both files must give the same answers, column by column; where DuckDB inferred a double or lost nanoseconds, it is said.</summary>
    static void Compare(IReport report, DuckDatabase duck, string ours, string theirs, string name)
    {
        foreach (var column in Trades)
        {
            var (left, right) = (duck.Summary(ours, column), duck.Summary(theirs, column));
            if (left == right)
                continue;
            if (name.EndsWith("given", StringComparison.Ordinal))
                throw new InvalidOperationException($"Column '{column.Name}' differs: ours {left}, theirs {right}.");
            report.Note($"  {column.Name} differs: ours {left}; theirs {right}");
        }
    }
}
