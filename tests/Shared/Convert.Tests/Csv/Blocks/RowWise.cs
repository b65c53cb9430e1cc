using System.Text;
using DataIngestion.Conversion.Csv;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Csv.Blocks;

/// <summary>What the exact, row-wise way makes of records: each with its place and, if it was kept, its row.</summary>
internal sealed class RowWise
{
    /// <param name="Start">Byte at which the record begins.</param>
    /// <param name="Row">Its place among the rows that were kept; -1 if it was rejected.</param>
    public sealed record Place(int Start, int Row);

    public required IReadOnlyList<Place> Places { get; init; }

    public required IReadOnlyList<object?[]> Rows { get; init; }

    public static async Task<RowWise> ReadAsync(byte[] records, CsvDialect dialect, BlockPlan plan, CancellationToken cancellationToken)
    {
        var columns = new ConversionPlan(plan.Columns, []);
        var schema = new DataSchema(plan.Columns.Select(c => c.Column));
        var consumer = new WritingConsumer(plan.Request, columns, schema, (byte)(dialect.Quote ?? '"'), plan.Nulls, watches: false, records: null);
        // A header says how many fields there are, whatever becomes of the first record.
        var header = Encoding.UTF8.GetBytes(string.Join(dialect.Delimiter, plan.Names) + "\n");
        var recorder = new Recorder(consumer);
        await new CsvRowReader(dialect with { HeaderRows = 1 }, plan.Request.Limits).ReadAsync(new MemoryStream([.. header, .. records]), recorder, cancellationToken);
        var block = consumer.Take();
        var rows = new List<object?[]>();
        using (var batch = block.Batch)
            rows.AddRange(Enumerable.Range(0, batch?.Count ?? 0).Select(batch!.GetRow));
        var bad = block.Rejected.Where(r => !r.IsValueOnly).Select(r => r.ByteOffset).ToHashSet();
        var kept = 0;
        return new() { Rows = rows, Places = [.. recorder.Starts.Select(start => new Place((int)start - header.Length, bad.Contains(start) ? -1 : kept++))] };
    }

    /// <summary>Notes where records begin.</summary>
    sealed class Recorder(IRowConsumer inner) : IRowConsumer
    {
        public List<long> Starts { get; } = [];

        public ColumnNames Names => inner.Names;

        public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
        {
            Starts.Add(place.ByteOffset);
            inner.Row(bytes, cells, place, raw);
        }

        public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw)
        {
            Starts.Add(place.ByteOffset);
            inner.Reject(place, column, rule, expected, raw);
        }

        public ValueTask PumpAsync(CancellationToken cancellationToken) => inner.PumpAsync(cancellationToken);
    }
}
