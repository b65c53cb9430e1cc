using System.Collections.Frozen;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Edi;

/// <summary>Segments of ASC X12 or UN/EDIFACT interchanges.</summary>
internal sealed class EdiFormat(EdiStandard standard) : IRowFormat, ITableFormat
{
    /// <summary>Numbers that we counted; everything else is text, as only the standard's directories say what an element is.</summary>
    static readonly FrozenSet<string> Counted = FrozenSet.Create(StringComparer.Ordinal, "message_position", "position", "number", "segments", "agrees");

    public string Name => standard.Name;

    public bool IsText => true;

    public bool NeedsSeek => false;

    public IRowReader CreateReader(FormatContext context) => new EdiRowReader(standard, context.Table ?? EdiRows.Segments, context.Limits);

    public DataType? TypeOf(string column, FormatContext context) => Counted.Contains(column) ? null : DataType.String;

    public async ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var finder = new SegmentFinder(context.Limits);
        await new EdiRowReader(standard, EdiRows.Segments, context.Limits).ReadAsync(content, finder, cancellationToken);
        return new([EdiRows.Segments, EdiRows.Messages, .. finder.Ids.Order(StringComparer.Ordinal)], EdiRows.Segments);
    }

    /// <summary>Collects the names of segments.</summary>
    sealed class SegmentFinder(ConversionLimits limits) : IRowConsumer
    {
        public ColumnNames Names { get; } = new(limits.MaxColumns);

        public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

        public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
        {
            var cell = cells[Names.IndexOf("segment")];
            Ids.Add(System.Text.Encoding.UTF8.GetString(bytes.Slice(cell.Start, cell.Length)));
        }

        public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw)
        {
        }

        public ValueTask PumpAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
