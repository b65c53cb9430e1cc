using DataIngestion.Conversion.Identifiers;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// Takes blocks in order: numbers their rows within the whole input, hands rejected rows to the sink and batches to the writer, and counts.
/// </summary>
/// <param name="watch">Watches over a plan made from the first records; rejected rows then wait until the plan is known to hold.</param>
/// <param name="isNumbered">Whether places in blocks count from the input's start already.</param>
internal sealed class Delivery(
    ConversionInput input, ConversionPlan plan, IBatchWriter writer, RejectedRowSink sink, TypeWatch? watch, InputPass pass, bool isNumbered)
{
    const int MostWaiting = 65_536;
    const int MostWaitingCharacters = 16 << 20;
    readonly List<RejectedRow> _waiting = [];
    readonly FixedBuilder<long> _numbers = (FixedBuilder<long>)ColumnBuilder.For(DataType.Int64);
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    readonly List<string> _notes = [];
    long _waitingCharacters;
    long _offset;
    long _lines;

    public long RowsIn { get; private set; }

    public long RowsRejected { get; private set; }

    public long ValuesDiscarded { get; private set; }

    /// <summary>By column of the plan, cells without a value in the rows that were kept.</summary>
    public long[] NullCounts { get; } = new long[plan.Columns.Count];

    /// <summary>By column of the plan, which texts meant that in rows that a fast parser read.</summary>
    public Dictionary<string, long>[] NullSpellings { get; } = [.. plan.Columns.Select(_ => new Dictionary<string, long>(StringComparer.Ordinal))];

    readonly IdentifierWatch?[] _identifiers = [.. plan.Columns.Select(c => IdentifierWatch.For(c.Column))];

    /// <summary>By column of the plan, the identifiers that it holds; known when everything was taken.</summary>
    public IReadOnlyList<IdentifierFinding?> Identifiers { get; private set; } = [];

    /// <summary>What people should know about the input.</summary>
    public IReadOnlyList<string> Notes => [.. _notes, .. _counts.Select(c => $"{c.Value} {c.Key}")];

    /// <exception cref="PlanChangedException">The plan does not hold for this block.</exception>
    public async ValueTask TakeAsync(ParsedBlock block, CancellationToken cancellationToken)
    {
        try
        {
            if (watch?.Holds(block, RowsIn) == false)
                throw new PlanChangedException(watch.CanTryAgain);
            if (block.Frozen is { } frozen)
                throw frozen.After(isNumbered ? 0 : RowsIn, isNumbered ? 0 : _lines);
            foreach (var row in block.Rejected)
                await RejectAsync(isNumbered ? row : row with { Row = row.Row + RowsIn, ByteOffset = row.ByteOffset + _offset, Line = row.Line + _lines }, cancellationToken);
            if (block.Batch is { Count: > 0 } batch)
                await WriteAsync(batch, cancellationToken);
            Count(block);
        }
        finally
        {
            block.Release();
        }

        pass.ReportRows(RowsIn);
    }

    void Count(ParsedBlock block)
    {
        RowsIn += block.Rows;
        RowsRejected += block.RowsRejected;
        ValuesDiscarded += block.ValuesDiscarded;
        _offset += block.Bytes;
        _lines += block.Lines;
        _notes.AddRange(block.Notes);
        Add(_counts, block.Counts);
        for (var i = 0; i < block.NullSpellings.Length; i++)
            Add(NullSpellings[i], block.NullSpellings[i] ?? new Dictionary<string, long>(StringComparer.Ordinal));
    }

    static void Add(Dictionary<string, long> sums, IReadOnlyDictionary<string, long> more)
    {
        foreach (var (text, count) in more)
            sums[text] = sums.GetValueOrDefault(text) + count;
    }

    async ValueTask RejectAsync(RejectedRow row, CancellationToken cancellationToken)
    {
        if (watch is null)
        {
            await sink(row, cancellationToken);
            return;
        }

        _waiting.Add(row);
        _waitingCharacters += row.Raw.Length;
        if (_waiting.Count > MostWaiting || _waitingCharacters > MostWaitingCharacters)
            throw new PlanChangedException(canTryAgain: false);
    }

    async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        for (var i = 0; i < NullCounts.Length; i++)
        {
            NullCounts[i] += batch.Columns[i].NullCount;
            _identifiers[i]?.Add(batch.Columns[i]);
        }

        if (isNumbered || RowsIn == 0 || input.Request.Lineage is null)
        {
            await writer.WriteAsync(batch, cancellationToken);
            return;
        }

        // The column _row stands third among those of lineage.
        var place = NullCounts.Length + 2;
        foreach (var row in ((FixedColumn<long>)batch.Columns[place]).Values)
            _numbers.Append(row + RowsIn);
        using var numbers = _numbers.Detach();
        await writer.WriteAsync(new(batch.Schema, [.. batch.Columns.Take(place), numbers, .. batch.Columns.Skip(place + 1)]), cancellationToken);
    }

    /// <summary>Everything was taken: ends the output.</summary>
    /// <exception cref="InvalidOperationException">The numbers of rows do not add up.</exception>
    public async ValueTask<WriteSummary> CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var row in _waiting)
            await sink(row, cancellationToken);
        Identifiers = [.. _identifiers.Select(w => w?.Find())];
        if (writer is ParquetBatchWriter parquet && IdentifierNote.Of(plan, Identifiers) is { } note)
            parquet.Annotate(IdentifierNote.Key, note);
        var summary = await writer.CompleteAsync(cancellationToken);
        if (RowsIn != summary.Rows + RowsRejected)
            throw new InvalidOperationException($"{RowsIn} records came in, {summary.Rows} went out and {RowsRejected} were rejected: the numbers do not add up.");
        return summary;
    }
}
