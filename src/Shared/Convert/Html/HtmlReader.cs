using System.Buffers;
using System.Text;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Html;

/// <summary>Reads one table of a page.</summary>
internal sealed class HtmlReader(FormatContext context) : IRowReader
{
    const int RowsBetweenPumps = 1024;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var page = await HtmlPage.ReadAsync(content, context, cancellationToken);
        if (page.Tables.Count == 0)
            throw new ConversionException(page.PassedOver == 0 ? "The page has no tables." : $"The page has no table with data: {page.PassedOver} only lay it out, or are not shown.");
        var name = HtmlPage.List(page).Choose(context.Table);
        var table = page.Tables.First(t => t.Name == name);
        foreach (var column in table.Columns)
            consumer.Names.AddUnique(column);
        var text = new ArrayBufferWriter<byte>(1024);
        var cells = new Cell[table.Columns.Count];
        foreach (var (number, row) in table.Rows.Index())
        {
            text.ResetWrittenCount();
            for (var i = 0; i < cells.Length; i++)
                cells[i] = row[i] is { } value ? Write(text, value) : default;
            consumer.Row(text.WrittenSpan, cells, new(number + 1, -1, table.Lines[number]), default);
            if (number % RowsBetweenPumps == RowsBetweenPumps - 1)
                await consumer.PumpAsync(cancellationToken);
        }

        await consumer.PumpAsync(cancellationToken);
        return Notes(page, table);
    }

    static List<string> Notes(HtmlPage page, HtmlTable table)
    {
        var notes = new List<string> { $"table {table.Name}, one of {page.Tables.Count}" };
        if (page.PassedOver > 0)
            notes.Add($"{page.PassedOver} tables only lay out the page, or are not shown");
        if (table.Blank > 0)
            notes.Add($"{table.Blank} rows without any text were passed over");
        return notes;
    }

    Cell Write(ArrayBufferWriter<byte> text, string value)
    {
        if (value.Length > context.Limits.MaxFieldBytes)
            throw new ConversionException($"A cell is longer than {context.Limits.MaxFieldBytes} characters.");
        var start = text.WrittenCount;
        text.Advance(Encoding.UTF8.GetBytes(value, text.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length))));
        return new(start, text.WrittenCount - start, CellKind.Text);
    }
}
