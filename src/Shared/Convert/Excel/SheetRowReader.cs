using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel;

/// <summary>Reads the table of one sheet, row by row.</summary>
internal sealed class SheetRowReader(FormatContext context, Func<Stream, WorkbookOptions, IWorkbook> open) : IRowReader
{
    /// <summary>Rows among which the table's beginning is looked for; notes after a table of at most so many are found as in delimited text.</summary>
    const int SampleRows = 500;
    const int SampleBytes = 4 << 20;
    const int RowsBetweenPumps = 512;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        try
        {
            using var workbook = open(content, WorkbookOptions.Of(context));
            var sheet = WorkbookTables.Choose(workbook, context);
            using var rows = workbook.Open(sheet);
            var reading = new SheetReading(context, consumer);
            await ReadAsync(reading, workbook, sheet, rows, consumer, cancellationToken);
            var about = workbook.Sheets[sheet].IsHidden ? [$"the sheet '{workbook.Sheets[sheet].Name}' is hidden"] : Array.Empty<string>();
            return [.. about, .. reading.Notes, .. rows.Notes, .. workbook.Notes];
        }
        catch (Exception damage) when (damage is InvalidDataException or NotSupportedException or EndOfStreamException)
        {
            throw new ConversionException(damage.Message, inner: damage);
        }
    }

    async Task ReadAsync(SheetReading reading, IWorkbook workbook, int sheet, ISheetRows rows, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var (sample, bytes, isWhole) = (new List<SheetRow>(), 0L, true);
        var row = new SheetRow(context.Limits);
        var skip = context.Request.Hint.SkipLines ?? 0;
        while (rows.Read(row))
        {
            if (row.Number <= skip)
                continue;
            sample.Add(row.Copy());
            bytes += row.Text.Length;
            isWhole = false;
            if (sample.Count == SampleRows || bytes > SampleBytes)
                break;
            isWhole = true;
        }

        reading.Begin(sample, SheetLayout.Find(sample, sample.Count == 0 ? null : workbook.Merges(sheet), isWhole, context.Request.Hint));
        for (var i = 0; i < sample.Count; i++)
            reading.TakeSampled(sample[i], i);
        await consumer.PumpAsync(cancellationToken);
        for (var count = 1; !isWhole && rows.Read(row); count++)
        {
            reading.Take(row);
            if (count % RowsBetweenPumps != 0)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            await consumer.PumpAsync(cancellationToken);
        }

        reading.End();
        await consumer.PumpAsync(cancellationToken);
    }
}
