using System.Collections.Frozen;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Swift;

/// <summary>SWIFT MT messages: in blocks as the network writes them, in RJE files, and bare statements (MT 940, 941, 942, 950) as banks hand them out.</summary>
internal sealed class SwiftFormat : IRowFormat, ITableFormat
{
    static readonly FrozenSet<string> Amounts = FrozenSet.Create(StringComparer.Ordinal, "amount", "opening_balance", "closing_balance", "available_balance", "entries_total");
    static readonly FrozenSet<string> Values = FrozenSet.Create(StringComparer.Ordinal, "message", "entry", "entries", "position", "fields", "value_date", "entry_date", "date", "opening_date", "closing_date", "available_date", "is_balanced");

    public string Name => "swift-mt";

    public bool IsText => true;

    public bool NeedsSeek => false;

    public IRowReader CreateReader(FormatContext context) => new SwiftRowReader(Table(context.Table), context.Limits);

    /// <summary>Everything is text but numbers that we counted, dates and amounts.</summary>
    public DataType? TypeOf(string column, FormatContext context) =>
        Amounts.Contains(column) ? DataType.Decimal(18, 0) : Values.Contains(column) ? null : DataType.String;

    static string? Table(string? name) => name is null || SwiftTables.All.Contains(name) ? name : throw new ConversionException($"The content has no table '{name}': it holds {string.Join(", ", SwiftTables.All)}.");

    public async ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var isOfStatements = false;
        var lines = new SwiftLines(content, context.Limits.MaxRecordBytes);
        var cutter = new SwiftCutter(context.Limits, (message, _) => isOfStatements |= message.IsStatement);
        while (!isOfStatements && await lines.NextAsync(cancellationToken) is { } line)
            cutter.Line(line);
        if (!isOfStatements)
            cutter.Complete();
        return isOfStatements ? new(SwiftTables.All, SwiftTables.Transactions) : new([SwiftTables.Fields, SwiftTables.Messages], SwiftTables.Fields);
    }
}

/// <summary>Reads one table of SWIFT messages.</summary>
internal sealed class SwiftRowReader(string? table, ConversionLimits limits) : IRowReader
{
    const int LinesBetweenPumps = 4096;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var lines = new SwiftLines(content, limits.MaxRecordBytes);
        var tables = new SwiftTables(table, consumer);
        var cutter = new SwiftCutter(limits, tables.Take);
        while (await lines.NextAsync(cancellationToken) is { } line)
        {
            cutter.Line(line);
            if (line.Number % LinesBetweenPumps == 0)
                await consumer.PumpAsync(cancellationToken);
        }

        cutter.Complete();
        tables.Complete();
        if (tables.Count == 0)
            throw new ConversionException("The content holds no SWIFT message: neither blocks {1:...} nor fields such as :20: were found.");
        await consumer.PumpAsync(cancellationToken);
        var notes = tables.Notes.ToList();
        if (cutter.Outside > 0)
            notes.Add($"{cutter.Outside} lines outside messages were passed over");
        if (lines.Decoded > 0)
            notes.Add($"{lines.Decoded} lines were no UTF-8 and were read as ISO 8859-1");
        return notes;
    }
}
