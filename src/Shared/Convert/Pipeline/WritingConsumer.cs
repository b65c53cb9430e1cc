using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Json.Nested;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// Parses rows into a batch, row by row. What it collected is taken from time to time, and it begins anew. Not thread-safe: each thread has its own.
/// </summary>
internal sealed class WritingConsumer : IRowConsumer
{
    readonly ConversionRequest _request;
    readonly ConversionPlan _plan;
    readonly byte _quote;
    readonly NullSpellings _nulls;
    readonly RecordBatchBuilder _builder;
    readonly CellParser[] _parsers;
    readonly bool[] _isText;
    readonly byte[]?[] _constants;
    readonly byte[]?[] _defaults;
    readonly HashSet<long> _skipped;
    readonly bool _watches;
    readonly KeptRecords? _records;
    readonly LineageFill? _lineage;
    int[][] _targets = [];
    bool[] _filled = [];
    byte[] _scratch = [];
    ColumnNames _names;
    ParsedBlock _block = new();

    /// <param name="watches">Whether every value is also looked at as inference does, because the plan rests on part of the input.</param>
    /// <param name="records">Kept with the rows if checks may reject them later; null if they can be read again.</param>
    public WritingConsumer(ConversionRequest request, ConversionPlan plan, DataSchema schema, byte quote, NullSpellings nulls, bool watches, KeptRecords? records)
    {
        (_request, _plan, _quote, _nulls, _watches, _records) = (request, plan, quote, nulls, watches, records);
        _builder = new(schema);
        _parsers = [.. plan.Columns.Select((c, i) => c.Column.Type.IsNested ? new NestedParser(c.Column.Type, _builder[i], nulls) : CellParser.For(c, _builder[i], strict: false))];
        _defaults = [.. plan.Columns.Select(c => c.Default is { } instead ? Encoding.UTF8.GetBytes(instead) : null)];
        _constants = [.. plan.Columns.Select(c => c.Constant is { } constant ? Encoding.UTF8.GetBytes(constant) : null)];
        _skipped = [.. request.SkipRecords];
        _isText = [.. plan.Columns.Select(c => c.Column.Type.Kind == DataKind.String)];
        _filled = new bool[_parsers.Length];
        _names = new(request.Limits.MaxColumns);
        _lineage = request.Lineage is { } stamp ? new(_builder, _parsers.Length, stamp) : null;
    }

    public ColumnNames Names
    {
        get => _names;
        set => (_names, _targets) = (value, []);
    }

    /// <summary>Forgets the columns from <paramref name="count"/> on.</summary>
    public void TruncateNames(int count)
    {
        _names.Truncate(count);
        _targets = [];
    }

    /// <summary>The batch to be, whose first columns are the plan's. Whoever adds rows to it says so by <see cref="AddParsed"/>.</summary>
    public RecordBatchBuilder Builder => _builder;

    /// <summary>Rows of the batch to be, and rejected ones.</summary>
    public long Rows => _block.Rows;

    public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        if (_skipped.Contains(place.Row - 1))
            return;
        _block.Rows++;
        if (_targets.Length < Names.Count)
            Match();
        if (_watches)
            Watch(bytes, cells, place);
        var rejected = _block.Rejected.Count;
        Fill(bytes, cells, place, raw);
        for (; raw.IsEmpty && rejected < _block.Rejected.Count; rejected++)
            _block.Rejected[rejected] = _block.Rejected[rejected] with { Raw = Describe(bytes, cells) };
    }

    void Watch(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place)
    {
        var seen = _block.Seen;
        while (seen.Count < Names.Count)
            seen.Add(new(_nulls));
        for (var i = 0; i < cells.Length; i++)
            seen[i].Add(CellText.Of(bytes, cells[i], _quote, ref _scratch), cells[i].Kind, place.Row);
    }

    /// <summary>A record whose format keeps no text of it, as its fields.</summary>
    string Describe(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells)
    {
        var text = new StringBuilder();
        for (var i = 0; i < cells.Length && text.Length < _request.Limits.MaxRawCharacters; i++)
        {
            if (cells[i].Kind != CellKind.Missing)
                text.Append(text.Length > 0 ? "; " : "").Append(Names[i]).Append('=').Append(Cut(bytes.Slice(cells[i].Start, cells[i].Length)));
        }

        return text.Length <= _request.Limits.MaxRawCharacters ? text.ToString() : text.ToString(0, _request.Limits.MaxRawCharacters);
    }

    void Fill(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        Array.Clear(_filled);
        for (var i = 0; i < cells.Length; i++)
        {
            foreach (var target in _targets[i])
            {
                if (!Append(target, CellText.Of(bytes, cells[i], _quote, ref _scratch), cells[i].Kind, place, raw))
                {
                    _builder.DropRow();
                    return;
                }
            }
        }

        for (var target = 0; target < _filled.Length; target++)
        {
            if (!_filled[target] && !Append(target, _constants[target], _constants[target] is null ? CellKind.Missing : CellKind.Quoted, place, raw))
            {
                _builder.DropRow();
                return;
            }
        }

        if (_builder.Schema.Count == 0)
        {
            _block.Rows--;
            Reject(place, null, "empty", "a record with at least one field", raw);
            return;
        }

        EndRow(place, raw.IsEmpty && _records is not null ? Encoding.UTF8.GetBytes(Describe(bytes, cells)) : raw);
    }

    void Match()
    {
        var known = _targets.Length;
        Array.Resize(ref _targets, Names.Count);
        for (var i = known; i < _targets.Length; i++)
        {
            var name = Names[i];
            _targets[i] = [.. Enumerable.Range(0, _plan.Columns.Count).Where(plan => _plan.Columns[plan].Source == name)];
        }
    }

    /// <summary>Adds one cell; false if the row was rejected.</summary>
    bool Append(int target, ReadOnlySpan<byte> text, CellKind kind, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        _filled[target] = true;
        if (_plan.Columns[target].Values is { } values && kind is not (CellKind.Missing or CellKind.Null))
            text = values.Of(text);
        if (_defaults[target] is { } instead && (text.IsEmpty || IsNull(target, text, kind)))
            return TryParse(target, instead) || Refuse(target, "type", _plan.Columns[target].Column.Type.ToString(), place, raw, canDiscard: _plan.Columns[target].Column.Nullable);
        if (IsNull(target, text, kind))
        {
            if (_plan.Columns[target].Column.Nullable)
            {
                _builder[target].AppendNull();
                return true;
            }

            return Refuse(target, "not-null", "a value", place, raw, canDiscard: false);
        }

        if (kind == CellKind.Midnight && _plan.Columns[target].Column.Type.Kind != DataKind.Timestamp)
            text = CellText.DayOf(text);
        if ((_isText[target] || kind != CellKind.Json) && TryParse(target, text))
            return true;
        return Refuse(target, "type", _plan.Columns[target].Column.Type.ToString(), place, raw, canDiscard: _plan.Columns[target].Column.Nullable);
    }

    bool TryParse(int target, ReadOnlySpan<byte> text) => _parsers[target].TryAppend(_isText[target] ? text : CellTrim.Trim(text));

    bool IsNull(int target, ReadOnlySpan<byte> text, CellKind kind)
    {
        if (kind is CellKind.Missing or CellKind.Null)
            return true;
        if (_isText[target])
            return text.IsEmpty && kind == CellKind.Text && _request.Types == TypesMode.Infer;
        return kind is not (CellKind.Number or CellKind.Boolean or CellKind.Json) && _nulls.Contains(text);
    }

    bool Refuse(int target, string rule, string expected, in RowPlace place, ReadOnlySpan<byte> raw, bool canDiscard)
    {
        var name = _plan.Columns[target].Column.Name;
        if (_request is { Schema: not null, Policy: SchemaPolicy.Freeze })
            throw new FrozenRowException(place, $"column '{name}' must be {expected}. The record: {Cut(raw)}");
        if (canDiscard && _request.Policy == SchemaPolicy.DiscardValue)
        {
            _block.Rejected.Add(Rejection(place, name, rule, expected, raw) with { IsValueOnly = true });
            _block.ValuesDiscarded++;
            _builder[target].AppendNull();
            return true;
        }

        _block.Rows--;
        Reject(place, name, rule, expected, raw);
        return false;
    }

    void EndRow(in RowPlace place, ReadOnlySpan<byte> raw)
    {
        _lineage?.Add(place.Row, 1);
        _builder.EndRow();
        if (_request.Checks.Count > 0)
            _block.RowNumbers.Add(place.Row);
        _records?.Keep(place, raw);
    }

    /// <summary>Takes rows that were added to the plan's columns of <see cref="Builder"/>.</summary>
    /// <param name="firstRow">The number of the first one.</param>
    public void AddParsed(long firstRow, int rows)
    {
        _block.Rows += rows;
        _lineage?.Add(firstRow, rows);
        _builder.EndRows(rows);
        for (var i = 0; i < rows && _request.Checks.Count > 0; i++)
            _block.RowNumbers.Add(firstRow + i);
    }

    /// <summary>Hands over what was collected and begins anew.</summary>
    public ParsedBlock Take()
    {
        var block = _block;
        _block = new();
        block.Batch = _builder.Detach();
        return block;
    }

    public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw)
    {
        if (_skipped.Contains(place.Row - 1))
            return;
        _block.Rows++;
        _block.RowsRejected++;
        _block.Rejected.Add(Rejection(place, column, rule, expected, raw));
    }

    RejectedRow Rejection(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw) =>
        new(place.Row, place.ByteOffset, place.Line, column, rule, expected, Cut(raw));

    string Cut(ReadOnlySpan<byte> raw) => CellText.Cut(raw, _request.Limits.MaxRawCharacters);

    /// <summary>Nothing is handed on between reads: what was collected is taken.</summary>
    public ValueTask PumpAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
