using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>Decides what becomes of a record that was cut: a row, or a rejection that says why not.</summary>
internal sealed class RecordJudge(CsvDialect dialect, ConversionLimits limits, bool keepsAll, RecordCutter cutter, CellWriter writer)
{
    /// <param name="raw">The record with its end.</param>
    /// <param name="problem">Where in the record a misplaced quote is, or -1.</param>
    /// <param name="width">The number of fields that it should have.</param>
    public void Judge(IRowConsumer consumer, ReadOnlySpan<byte> data, ReadOnlySpan<byte> raw, in RowPlace place, CutOutcome outcome, int problem, int width)
    {
        var trimmed = raw.TrimEnd("\r\n"u8);
        var names = consumer.Names;
        if (dialect.HasTrailingDelimiter && outcome == CutOutcome.Row && cutter.Count == width + 1 && cutter.Cells[^1] is { Length: 0, Kind: CellKind.Text })
            cutter.RemoveLast();
        if (outcome == CutOutcome.TooLong || raw.Length > limits.MaxRecordBytes)
            consumer.Reject(place, null, "record-size", $"a record of at most {limits.MaxRecordBytes} bytes", trimmed);
        else if (outcome == CutOutcome.BadQuote)
            consumer.Reject(place, problem >= 0 && cutter.ProblemColumn < names.Count ? names[cutter.ProblemColumn] : ColumnAt(names), "quote", problem < 0
                ? $"a closing {dialect.Quote}"
                : $"a delimiter or the line's end after the closing {dialect.Quote} at byte {problem + 1} of the record", trimmed);
        else if (!Utf8.IsValid(raw))
            consumer.Reject(place, null, "utf-8", "valid UTF-8", trimmed);
        else if (cutter.Count != width && !(keepsAll && Widen(names)))
            consumer.Reject(place, null, "ragged", $"{width} fields, not {cutter.Count}", trimmed);
        else if (raw.Length > limits.MaxFieldBytes && TooLongField() is >= 0 and var column)
            consumer.Reject(place, names[column], "field-size", $"a field of at most {limits.MaxFieldBytes} bytes", trimmed);
        else if (cutter.HasOwnEscapes || cutter.IsRepaired)
            Written(consumer, writer.Write(data, cutter.Cells, cutter.EscapedText), place, trimmed);
        else
            consumer.Row(data, cutter.Cells, place, trimmed);
    }

    void Written(IRowConsumer consumer, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw) => consumer.Row(writer.Bytes, cells, place, raw);

    /// <summary>Makes room for a record longer than those before.</summary>
    bool Widen(ColumnNames names)
    {
        if (cutter.Count > limits.MaxColumns)
            return false;
        while (names.Count < cutter.Count)
            names.AddUnique("");
        return true;
    }

    int TooLongField()
    {
        for (var i = 0; i < cutter.Count; i++)
        {
            if (cutter.Cells[i].Length > limits.MaxFieldBytes)
                return i;
        }

        return -1;
    }

    string? ColumnAt(ColumnNames names) => cutter.Count < names.Count ? names[cutter.Count] : null;
}
