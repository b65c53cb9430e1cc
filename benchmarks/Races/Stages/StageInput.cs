using DataIngestion.Benchmarks.Convert;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Csv;
using DataIngestion.Conversion.Csv.Blocks;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Stages;

/// <summary>A file of the race in memory, and one stage of its conversion after the other, each on one thread.</summary>
internal sealed class StageInput
{
    /// <summary>Bytes handed to the parser at a time, as in a conversion.</summary>
    const int BlockBytes = 2 << 20;
    const int PieceBytes = 64 << 10;
    static readonly CsvDialect Dialect = new(",");
    readonly RaceFile _file;
    readonly byte[] _records;
    readonly int[] _marks = new int[PieceBytes + CsvMarks.Slack];
    readonly byte[] _block = new byte[BlockBytes];

    public StageInput(RaceFile file)
    {
        _file = file;
        var content = File.ReadAllBytes(file.Path);
        _records = content[(content.AsSpan().IndexOf((byte)'\n') + 1)..];
        Rows = _records.AsSpan().Count((byte)'\n');
    }

    public DataSchema Schema => _file.Dataset.Schema;

    public int Rows { get; }

    public int Bytes => _records.Length;

    /// <summary>Only reads the file.</summary>
    public long Read()
    {
        using var file = new FileStream(_file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        var sum = 0L;
        for (var read = file.Read(_block); read > 0; read = file.Read(_block))
            sum += read;
        return sum;
    }

    /// <summary>Finds where fields end.</summary>
    public int Tokenise()
    {
        var (at, rows) = (0, 0);
        var marks = new CsvMarks((byte)',', (byte)'"');
        while (at < _records.Length)
        {
            marks.Find(_records.AsSpan(at, Math.Min(PieceBytes, _records.Length - at)), at, _marks);
            rows += marks.Lines;
            var last = marks.Count - 1;
            while (_records[_marks[last]] != '\n')
                last--;
            at = _marks[last] + 1;
        }

        return rows;
    }

    /// <summary>Finds where fields end and parses those of some columns into batches, which are thrown away.</summary>
    /// <param name="times">How often each column is parsed.</param>
    public int Parse(DataSchema columns, int times = 1)
    {
        var rows = 0;
        foreach (var batch in Batches(columns, times))
        {
            using (batch)
                rows += batch.Count;
        }

        return rows;
    }

    /// <summary>The batches of some columns. The caller disposes them.</summary>
    public IEnumerable<RecordBatch> Batches(DataSchema columns, int times = 1)
    {
        var copies = Enumerable.Range(0, times).SelectMany(i => columns.Select(c => new ColumnPlan(i == 0 ? c : c with { Name = $"{c.Name}_{i}" }, c.Name, ColumnFormat.Default, ""))).ToList();
        var plan = new BlockPlan(copies, [.. copies.Select(_ => false)], [.. Schema.Select(c => c.Name)], new(FormatHint.DefaultNullSpellings), new());
        var parser = CsvBlockParser.Create(Dialect, plan)!;
        var builder = new RecordBatchBuilder(new(copies.Select(c => c.Column)));
        for (var at = 0; at < _records.Length;)
        {
            var end = _records.AsSpan(at, Math.Min(BlockBytes, _records.Length - at)).LastIndexOf((byte)'\n') + 1;
            var used = parser.Parse(_records.AsSpan(at, end), builder, out var rows);
            if (used != end)
                throw new InvalidOperationException($"The block parser stopped at byte {at + used} of the race's file.");
            builder.EndRows(rows);
            yield return builder.Detach();
            at += used;
        }
    }

    /// <summary>Encodes batches as Parquet that nobody keeps.</summary>
    /// <returns>Its bytes.</returns>
    public static long Encode(DataSchema columns, IReadOnlyList<RecordBatch> batches, ParquetCompression compression) =>
        EncodeAsync(columns, batches, compression).GetAwaiter().GetResult(); // nothing waits: there is one thread, and the stream is none

    static async Task<long> EncodeAsync(DataSchema columns, IReadOnlyList<RecordBatch> batches, ParquetCompression compression)
    {
        await using var writer = ParquetBatchWriter.Create(Stream.Null, columns, new() { Compression = compression });
        foreach (var batch in batches)
            await writer.WriteAsync(batch);
        return (await writer.CompleteAsync()).Bytes;
    }

    /// <summary>The whole conversion on one thread.</summary>
    /// <returns>Rows.</returns>
    public async Task<long> ConvertAsync(CancellationToken cancellationToken)
    {
        var request = new ConversionRequest { Schema = Schema, Policy = SchemaPolicy.DiscardRow, Name = _file.Path, Threads = 1 };
        var result = await new Converter().ConvertAsync(
            _ => new(new FileStream(_file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan)), Stream.Null,
            (row, _) => throw new InvalidOperationException($"A row of the race was rejected: {row}"), request, null, cancellationToken);
        return result.RowsOut;
    }
}
