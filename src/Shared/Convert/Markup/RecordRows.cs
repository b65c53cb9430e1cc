using System.Buffers;
using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Markup;

/// <summary>Hands records over as rows with the columns of a table, whether or not the input has values for them.</summary>
internal sealed class RecordRows
{
    const int RowsBetweenPumps = 1024;
    readonly IRowConsumer _consumer;
    readonly RecordTable _table;
    readonly RecordField[] _columns;
    readonly int[] _numbers;
    readonly int _other;
    readonly Cell[] _cells;
    readonly ArrayBufferWriter<byte> _text = new(1024);
    long _sincePump;

    /// <param name="hasOther">Whether there is a last column for what has none of its own.</param>
    public RecordRows(IRowConsumer consumer, RecordTable table, bool hasOther = true)
    {
        (_consumer, _table) = (consumer, table);
        _columns = [.. table.Columns];
        _numbers = [.. _columns.Select(c => consumer.Names.Add(c.Name))];
        _other = hasOther ? consumer.Names.Add(RecordTable.Other) : -1;
        _cells = new Cell[consumer.Names.Count];
    }

    /// <summary>Records so far, rejected ones too.</summary>
    public long Count { get; private set; }

    public RecordTable Table => _table;

    /// <summary>A row of what was taken from around the record and from the record.</summary>
    /// <param name="record">Null where <paramref name="context"/> has everything.</param>
    /// <param name="context">The values of the table's context columns.</param>
    public ValueTask AddAsync(IReadOnlyList<string?> context, MarkupElement record, CancellationToken cancellationToken)
    {
        var values = RecordValues.Take(record, _table.Fields, out var fault);
        return fault is null
            ? AddAsync([.. context, .. values], _other < 0 ? null : MarkupJson.Left(record), record.Line, cancellationToken)
            : RejectAsync(fault, record, cancellationToken);
    }

    /// <summary>A row of settled values, one for each column.</summary>
    public ValueTask AddAsync(IReadOnlyList<string?> values, string? other, int line, CancellationToken cancellationToken)
    {
        Array.Clear(_cells);
        _text.ResetWrittenCount();
        for (var i = 0; i < _columns.Length; i++)
            Set(_numbers[i], values[i], KindOf(_columns[i].Kind));
        if (_other >= 0)
            Set(_other, other, CellKind.Text);
        _consumer.Row(_text.WrittenSpan, _cells, new(++Count, -1, line), default);
        return PumpAsync(cancellationToken);
    }

    /// <summary>A record that cannot be a row.</summary>
    public ValueTask RejectAsync(FieldFault fault, MarkupElement record, CancellationToken cancellationToken)
    {
        var raw = Encoding.UTF8.GetBytes(MarkupJson.Of([record]));
        _consumer.Reject(new(++Count, -1, fault.Line), fault.Column, "type", $"{fault.Expected}, not '{fault.Found}'", raw);
        return PumpAsync(cancellationToken);
    }

    static CellKind KindOf(FieldKind kind) => kind switch
    {
        FieldKind.Number => CellKind.Number,
        FieldKind.Flag => CellKind.Boolean,
        _ => CellKind.Text,
    };

    void Set(int column, string? value, CellKind kind)
    {
        if (value is null)
            return;
        var start = _text.WrittenCount;
        var length = Encoding.UTF8.GetBytes(value, _text.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length)));
        _text.Advance(length);
        _cells[column] = new(start, length, kind);
    }

    ValueTask PumpAsync(CancellationToken cancellationToken) =>
        ++_sincePump % RowsBetweenPumps == 0 ? _consumer.PumpAsync(cancellationToken) : ValueTask.CompletedTask;
}
