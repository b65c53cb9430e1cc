using System.Text;
using DataIngestion.Conversion.Lines;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.FixedWidth;

/// <summary>Cuts each line at the columns of the layout, which is given or found from the first lines.</summary>
/// <param name="skip">Lines before the first record, or before the headings where the layout is found.</param>
/// <param name="footer">Lines after the last record.</param>
/// <param name="pads">Whether the fields that a short line does not reach are empty; otherwise it is rejected.</param>
/// <param name="cuts">Whether what stands behind the last field is dropped; otherwise the line is rejected.</param>
internal sealed class FixedWidthReader(FixedLayout? given, int skip, int footer, bool pads, bool cuts, ConversionLimits limits) : IRowReader
{
    const int SampleBytes = 1 << 20;
    const int SampleLines = 5_000;
    const int RowsBetweenPumps = 1024;

    readonly RowCells _cells = new();
    readonly Queue<TextLine> _held = new();
    long _rows;
    long _passedOver;
    long _recut;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var reader = new LineReader(content, limits.MaxRecordBytes);
        var sample = new Queue<TextLine>();
        var notes = new List<string>();
        var (layout, first, heading) = (given, (long)skip, (byte[]?)null);
        if (layout is null)
        {
            var bytes = 0;
            while (bytes < SampleBytes && sample.Count < SampleLines && await NextAsync(reader, cancellationToken) is { } line)
            {
                sample.Enqueue(line);
                bytes += line.Bytes.Length;
            }

            var table = sample.Where(l => l.Number > skip).ToList();
            var found = new LayoutFinder(table).Find()
                ?? throw new ConversionException("No columns can be found in the text: no rule or headings, and no column is blank in every line. Give them by the option 'layout'.");
            (layout, first) = (found.Layout, Math.Max(skip, found.FirstLine));
            heading = table.LastOrDefault(l => l.Number <= first && !l.IsBlank && !FixedText.IsRule(l.Bytes))?.Bytes;
            notes.Add($"the layout is {layout} by {found.Evidence}; records begin after line {first}");
        }

        foreach (var field in layout.Fields)
            consumer.Names.Add(field.Name);
        while ((sample.TryDequeue(out var held) ? held : await NextAsync(reader, cancellationToken)) is { } line)
        {
            if (line.Number <= first)
                continue;
            _held.Enqueue(line);
            if (_held.Count <= footer)
                continue;
            Read(_held.Dequeue(), layout, heading, consumer);
            if (_rows % RowsBetweenPumps == 0)
                await consumer.PumpAsync(cancellationToken);
        }

        await consumer.PumpAsync(cancellationToken);
        if (_passedOver > 0)
            notes.Add($"{_passedOver} lines are rules or repeated headings, and no records");
        if (_recut > 0)
            notes.Add($"{_recut} lines have text across a border of the layout, and were cut at their runs of blanks instead, which give as many fields");
        return notes;
    }

    /// <summary>A new page is no part of the line that it begins with.</summary>
    static async ValueTask<TextLine?> NextAsync(LineReader reader, CancellationToken cancellationToken) =>
        await reader.NextAsync(cancellationToken) is not { } line ? null : line.Bytes is [(byte)'\f', .. var rest] ? line with { Bytes = rest } : line;

    void Read(TextLine line, FixedLayout layout, byte[]? heading, IRowConsumer consumer)
    {
        if (line.IsBlank)
            return;
        if (given is null && (FixedText.IsRule(line.Bytes) || (heading is not null && line.Bytes.AsSpan().SequenceEqual(heading))))
        {
            _passedOver++;
            return;
        }

        var place = new RowPlace(++_rows, line.Offset, line.Number);
        if (line.IsTooLong)
            consumer.Reject(place, null, "record-size", $"a line of at most {limits.MaxRecordBytes} bytes", line.Bytes);
        else if (!line.IsUtf8)
            consumer.Reject(place, null, "utf-8", "text in UTF-8", line.Bytes);
        else if (Fault(line.Bytes, layout) is { } fault)
            consumer.Reject(place, null, "ragged", fault, line.Bytes);
        else
            _cells.Flush(consumer, place, line.Bytes);
    }

    /// <summary>Cuts a line; what is wrong with it, or null.</summary>
    string? Fault(ReadOnlySpan<byte> line, FixedLayout layout)
    {
        line = line.TrimEnd(" \t"u8);
        _cells.Clear();
        var (at, character) = (0, 0);
        for (var i = 0; i < layout.Fields.Count; i++)
        {
            var field = layout.Fields[i];
            var start = FixedText.ByteOf(line, field.Start, at, character);
            if (given is null && i > 0 && start < line.Length && start > 0 && line[start - 1] is not ((byte)' ' or (byte)'\t'))
                return Recut(line, layout.Fields.Count);
            if (!pads && start >= line.Length)
                return $"a line that reaches the field '{field.Name}' at column {field.Start + 1}";
            var end = field.End == FixedField.Open ? line.Length : FixedText.ByteOf(line, field.End, start, field.Start);
            _cells.Set(i, line[start..end].Trim(" \t"u8));
            (at, character) = field.End == FixedField.Open ? (end, field.Start) : (end, field.End);
        }

        return cuts || at >= line.Length ? null : $"a line of at most {layout.Width} characters";
    }

    /// <summary>A found layout is only as good as the sample: a longer text moves what follows it, and the runs of blanks then still say where fields end.</summary>
    string? Recut(ReadOnlySpan<byte> line, int fields)
    {
        _cells.Clear();
        var parts = FixedText.Parts(FixedText.Blanks(line));
        if (parts.Count != fields)
            return $"blanks between the {fields} fields of the layout";
        for (var i = 0; i < parts.Count; i++)
        {
            var start = FixedText.ByteOf(line, parts[i].Start);
            _cells.Set(i, line[start..FixedText.ByteOf(line, parts[i].End, start, parts[i].Start)]);
        }

        _recut++;
        return null;
    }
}
