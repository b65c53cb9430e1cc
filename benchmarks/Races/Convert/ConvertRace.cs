using DataIngestion.Conversion;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>The two runners of one race, and the comparison of what they wrote.</summary>
internal sealed class ConvertRace(string folder, int threads)
{
    public string OurFile { get; } = Path.Combine(folder, "ours.parquet");

    public string TheirFile { get; } = Path.Combine(folder, "theirs.parquet");

    public async Task OursAsync(RaceCase race, int ourThreads, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var file = new FileStream(OurFile, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        var request = new ConversionRequest
        {
            Schema = race.Typing == RaceTyping.Given ? race.File.Dataset.Schema : null,
            Policy = SchemaPolicy.DiscardRow,
            Name = race.File.Path,
            Threads = Math.Min(threads, ourThreads),
        };
        var result = await new Converter().ConvertAsync(
            _ => new(new FileStream(race.File.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan)), file,
            (row, _) => throw new InvalidOperationException($"A row of the race was rejected: {row}"), request, null, cancellationToken);
        if (result.RowsRejected > 0)
            throw new InvalidOperationException("Rows of the race were rejected.");
    }

    public void Theirs(DuckDatabase duck, RaceCase race)
    {
        var columns = race.Typing == RaceTyping.Inferred
            ? ""
            : ", columns = {" + string.Join(", ", race.File.Dataset.Schema.Select(c => $"'{c.Name}': '{DuckType(c.Type)}'")) + "}";
        var read = race.File.Form == RaceForm.Ndjson
            ? $"read_ndjson('{race.File.Path}'{columns})"
            : $"read_csv('{race.File.Path}', header = true, delim = ',', quote = '\"'{columns})";
        duck.Run($"copy (select * from {read}) to '{TheirFile}' (format parquet, compression zstd, compression_level 1)");
    }

    static string DuckType(DataType type) => type.Kind switch
    {
        DataKind.Timestamp => type.Unit == TimeUnit.Nanoseconds ? "TIMESTAMP_NS" : "TIMESTAMP",
        DataKind.Decimal => $"DECIMAL({type.Precision},{type.Scale})",
        DataKind.Int64 => "BIGINT",
        DataKind.Boolean => "BOOLEAN",
        DataKind.Date => "DATE",
        _ => "VARCHAR",
    };

    /// <summary>Both files must give the same answers, column by column; where DuckDB inferred another type than ours, both are said.</summary>
    public void Compare(IReport report, DuckDatabase duck, RaceCase race)
    {
        foreach (var column in race.File.Dataset.Schema)
        {
            var (ourType, theirType) = (duck.TypeOf(OurFile, column.Name), duck.TypeOf(TheirFile, column.Name));
            if (ourType != theirType && race.Typing == RaceTyping.Inferred)
            {
                report.Note($"  {column.Name}: ours {ourType}, theirs {theirType}");
                continue;
            }

            var (left, right) = (duck.Summary(OurFile, column), duck.Summary(TheirFile, column));
            if (left != right)
                throw new InvalidOperationException($"{race.Name}: column '{column.Name}' differs: ours {left}, theirs {right}.");
        }
    }
}
