using System.Text;
using System.Threading.Channels;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>The second pass: parses rows into batches, which a writer of its own encodes while the next ones are parsed.</summary>
internal sealed class WritingConsumer : IRowConsumer
{
    const int BatchRows = 65_536;
    const long BatchBytes = 32 << 20;
    readonly ConversionRequest _request;
    readonly ConversionPlan _plan;
    readonly byte _quote;
    readonly NullSpellings _nulls;
    readonly RejectedRowSink _rejected;
    readonly ChannelWriter<RecordBatch> _batches;
    readonly Action<long>? _progress;
    readonly RecordBatchBuilder _builder;
    readonly CellParser[] _parsers;
    readonly bool[] _isText;
    readonly byte[]?[] _constants;
    readonly HashSet<long> _skipped;
    readonly RowJudge _judge;
    readonly List<RecordBatch> _ready = [];
    readonly byte[] _source;
    readonly byte[] _run;
    readonly long _knownAt;
    int[][] _targets = [];
    bool[] _filled = [];
    byte[] _scratch = [];
    readonly List<RejectedRow> _waiting = [];
    readonly List<RejectedRow> _settled = [];

    public WritingConsumer(
        ConversionRequest request, ConversionPlan plan, DataSchema schema, byte quote, NullSpellings nulls,
        RejectedRowSink rejected, ChannelWriter<RecordBatch> batches, Action<long>? progress)
    {
        (_request, _plan, _quote, _nulls, _rejected, _batches, _progress) = (request, plan, quote, nulls, rejected, batches, progress);
        _builder = new(schema);
        _parsers = [.. plan.Columns.Select((c, i) => c.Pattern is { } pattern ? PatternParser.Of(c.Column, _builder[i], pattern) : CellParser.For(c.Column.Type, _builder[i], c.Dates))];
        _constants = [.. plan.Columns.Select(c => c.Constant is { } constant ? Encoding.UTF8.GetBytes(constant) : null)];
        _skipped = [.. request.SkipRecords];
        _judge = new(request.Checks, request.Limits.MaxRawCharacters * 4);
        _isText = [.. plan.Columns.Select(c => c.Column.Type.Kind == DataKind.String)];
        _filled = new bool[_parsers.Length];
        NullCounts = new long[_parsers.Length];
        Names = new(request.Limits.MaxColumns);
        _source = Encoding.UTF8.GetBytes(request.Lineage?.Source ?? "");
        _run = Encoding.UTF8.GetBytes(request.Lineage?.Run ?? "");
        _knownAt = request.Lineage is { } lineage ? TimestampValue.FromDateTime(lineage.KnownAt.UtcDateTime, TimeUnit.Microseconds, isUtc: true).Units : 0;
    }

    public ColumnNames Names { get; }

    public long RowsIn { get; private set; }

    public long RowsRejected { get; private set; }

    public long ValuesDiscarded { get; private set; }

    /// <summary>Cells without a value in the rows that were kept.</summary>
    public long[] NullCounts { get; }

    public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        if (_skipped.Contains(place.Row - 1))
            return;
        RowsIn++;
        if (_targets.Length < Names.Count)
            Match();
        var waiting = _waiting.Count;
        Fill(bytes, cells, place, raw);
        for (; raw.IsEmpty && waiting < _waiting.Count; waiting++)
            _waiting[waiting] = _waiting[waiting] with { Raw = Describe(bytes, cells) };
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
            RowsIn--;
            Reject(place, null, "empty", "a record with at least one field", raw);
            return;
        }

        EndRow(place, raw.IsEmpty && _request.Checks.Count > 0 ? Encoding.UTF8.GetBytes(Describe(bytes, cells)) : raw);
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
        if (IsNull(target, text, kind))
        {
            if (_plan.Columns[target].Column.Nullable)
            {
                _builder[target].AppendNull();
                return true;
            }

            return Refuse(target, "not-null", "a value", place, raw, canDiscard: false);
        }

        if (_isText[target] ? _parsers[target].TryAppend(text) : kind != CellKind.Json && _parsers[target].TryAppend(CellTrim.Trim(text)))
            return true;
        return Refuse(target, "type", _plan.Columns[target].Column.Type.ToString(), place, raw, canDiscard: _plan.Columns[target].Column.Nullable);
    }

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
            throw new ConversionException($"record {place.Row}: column '{name}' must be {expected}. The record: {Cut(raw)}", place.Line);
        if (canDiscard && _request.Policy == SchemaPolicy.DiscardValue)
        {
            _waiting.Add(Rejection(place, name, rule, expected, raw) with { IsValueOnly = true });
            ValuesDiscarded++;
            _builder[target].AppendNull();
            return true;
        }

        RowsIn--;
        Reject(place, name, rule, expected, raw);
        return false;
    }

    void EndRow(in RowPlace place, ReadOnlySpan<byte> raw)
    {
        if (_request.Lineage is not null)
        {
            var at = _parsers.Length;
            ((BytesBuilder)_builder[at]).Append(_source);
            ((BytesBuilder)_builder[at + 1]).Append(_run);
            ((FixedBuilder<long>)_builder[at + 2]).Append(place.Row);
            ((FixedBuilder<long>)_builder[at + 3]).Append(_knownAt);
        }

        _builder.EndRow();
        _judge.Keep(place, raw);
        if (_builder.Count == BatchRows || ((_builder.Count & 255) == 0 && _builder.Bytes >= BatchBytes))
            FinishBatch();
    }

    void FinishBatch()
    {
        if (_builder.Count > 0)
        {
            var batch = _judge.Judge(_builder.Detach(), (in RowPlace place, IRowCheck broken, ReadOnlySpan<byte> raw) =>
            {
                RowsRejected++;
                _waiting.Add(Rejection(place, broken.Column, "rule", broken.Expected, raw));
            });
            for (var i = 0; i < NullCounts.Length; i++)
                NullCounts[i] += batch.Columns[i].NullCount;
            if (batch.Count > 0)
                _ready.Add(batch);
            else
                batch.Dispose();
        }

        _waiting.Sort((left, right) => left.Row.CompareTo(right.Row));
        Settle();
    }

    void Settle()
    {
        _settled.AddRange(_waiting);
        _waiting.Clear();
    }

    public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw)
    {
        if (_skipped.Contains(place.Row - 1))
            return;
        RowsIn++;
        RowsRejected++;
        _waiting.Add(Rejection(place, column, rule, expected, raw));
    }

    RejectedRow Rejection(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw) =>
        new(place.Row, place.ByteOffset, place.Line, column, rule, expected, Cut(raw));

    string Cut(ReadOnlySpan<byte> raw)
    {
        var most = _request.Limits.MaxRawCharacters;
        var text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, most * 4)]);
        return text.Length <= most ? text : text[..most];
    }

    public async ValueTask PumpAsync(CancellationToken cancellationToken)
    {
        // Checks reject rows of a batch when it is full, so rows rejected for their text wait for them: the sink gets rows in order.
        if (_request.Checks.Count == 0)
            Settle();
        else if (_waiting.Count >= BatchRows)
            FinishBatch();
        foreach (var row in _settled)
            await _rejected(row, cancellationToken);
        _settled.Clear();
        foreach (var batch in _ready)
            await _batches.WriteAsync(batch, cancellationToken);
        _ready.Clear();
        _progress?.Invoke(RowsIn);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        FinishBatch();
        await PumpAsync(cancellationToken);
    }
}
