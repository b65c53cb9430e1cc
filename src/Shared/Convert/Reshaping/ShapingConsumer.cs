using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Reshaping;

/// <summary>
/// Takes records as a reader finds them and hands rows over as <see cref="RecordShaping"/> says. A record that becomes several rows has one
/// number, one place and one text for all of them.
/// </summary>
internal sealed class ShapingConsumer : IRowConsumer
{
    readonly IRowConsumer _inner;
    readonly Unpivoting? _unpivot;
    readonly (int Column, byte[]? Value)[] _repeated;
    readonly (ComposedField Field, int Column)[] _composed;
    readonly byte[] _scratchOfNone = [];
    readonly byte _quote;
    readonly ShapedRow _row = new();
    readonly List<int> _targets = []; // by the reader's columns: the column handed over, or -1 for one that becomes rows
    readonly List<byte[]> _names = [];
    readonly int _nameColumn;
    readonly int _valueColumn;

    public ShapingConsumer(IRowConsumer inner, RecordShaping shaping, IReadOnlyList<(string Name, byte[]? Value)> repeated, ConversionLimits limits, byte quote)
    {
        (_inner, _unpivot, _quote) = (inner, shaping.Unpivot, quote);
        Names = new(limits.MaxColumns);
        _repeated = [.. repeated.Select(r => (inner.Names.Add(r.Name), r.Value))];
        _nameColumn = _unpivot is null ? -1 : inner.Names.Add(_unpivot.Name);
        _valueColumn = _unpivot is null ? -1 : inner.Names.Add(_unpivot.Value);
        _composed = [.. shaping.Composed.Select(c => (c, inner.Names.Add(c.Name)))];
    }

    public ColumnNames Names { get; }

    public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        Match();
        if (_unpivot is null)
        {
            Keep(bytes, cells);
            HandOver(place, raw);
            return;
        }

        for (var i = 0; i < cells.Length; i++)
        {
            if (_targets[i] >= 0 || cells[i].Length == 0 || cells[i].Kind is CellKind.Missing or CellKind.Null)
                continue;
            Keep(bytes, cells);
            _row.Set(_nameColumn, _names[i], CellKind.Quoted);
            _row.Set(_valueColumn, bytes.Slice(cells[i].Start, cells[i].Length), cells[i].Kind);
            HandOver(place, raw);
        }
    }

    public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw) => _inner.Reject(place, column, rule, expected, raw);

    public ValueTask PumpAsync(CancellationToken cancellationToken)
    {
        Match();
        return _inner.PumpAsync(cancellationToken);
    }

    /// <summary>The content is read: columns that no record reached are named too.</summary>
    public void Complete() => Match();

    void Keep(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (_targets[i] >= 0)
                _row.Set(_targets[i], bytes.Slice(cells[i].Start, cells[i].Length), cells[i].Kind);
        }
    }

    void HandOver(in RowPlace place, ReadOnlySpan<byte> raw)
    {
        foreach (var (column, value) in _repeated)
        {
            if (value is not null)
                _row.Set(column, value, CellKind.Quoted);
        }

        foreach (var (field, column) in _composed)
            Compose(field, column);
        _row.HandOver(_inner, place, raw);
        _row.Clear();
    }

    void Compose(ComposedField field, int column)
    {
        if (field.Alternatives.FirstOrDefault(a => a.Parts.All(p => !p.IsField || HasValue(p.Text))) is not { } chosen)
            return;
        if (field.Part is { } part)
        {
            if (part(string.Concat(chosen.Parts.Select(p => Encoding.UTF8.GetString(TextOf(p))))) is { } taken)
                _row.Set(column, Encoding.UTF8.GetBytes(taken), CellKind.Quoted);
            return;
        }

        if (chosen.Parts is [{ IsField: true } only])
        {
            // A field alone stays what it is: a number of JSON is none of its text.
            var cell = _row[_inner.Names.IndexOf(only.Text)];
            _row.Set(column, _row.Text.Slice(cell.Start, cell.Length).ToArray(), cell.Kind);
            return;
        }

        for (var i = 0; i < chosen.Parts.Count; i++)
            _row.Compose(column, TextOf(chosen.Parts[i]), begins: i == 0);
    }

    bool HasValue(string name) => _row[_inner.Names.IndexOf(name)] is { Length: > 0, Kind: not (CellKind.Missing or CellKind.Null) };

    byte[] TextOf((string Text, bool IsField) part)
    {
        if (!part.IsField)
            return Encoding.UTF8.GetBytes(part.Text);
        var scratch = _scratchOfNone;
        return CellText.Of(_row.Text, _row[_inner.Names.IndexOf(part.Text)], _quote, ref scratch).ToArray();
    }

    void Match()
    {
        for (var i = _targets.Count; i < Names.Count; i++)
        {
            var name = Names[i];
            _names.Add(Encoding.UTF8.GetBytes(name));
            _targets.Add(_unpivot is { } unpivot && !unpivot.Keep.Contains(name, StringComparer.Ordinal) ? -1 : _inner.Names.Add(name));
        }
    }
}
