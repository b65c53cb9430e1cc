using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// Applies row checks to a finished batch. A check sees typed values, which exist only once the batch does, so the text of each row that breaks
/// a rule must be found then, to be quarantined as it was written. Thread-safe.
/// </summary>
internal sealed class RowJudge(IReadOnlyList<IRowCheck> checks, int maxRawCharacters)
{
    /// <summary>Takes the rows that break a rule out of a block.</summary>
    /// <param name="records">Finds the records of rows by their numbers, which ascend.</param>
    public void Judge(ParsedBlock block, Action<IReadOnlySet<long>, FoundRecord> records)
    {
        if (checks.Count == 0 || block.Batch is not { Count: > 0 } batch || FindBroken(batch) is not { } broken)
            return;
        var rules = new Dictionary<long, IRowCheck>();
        for (var row = 0; row < batch.Count; row++)
        {
            if (broken[row] is { } check)
                rules.Add(block.RowNumbers[row], check);
        }

        block.Batch = Without(batch, broken);
        block.RowsRejected += rules.Count;
        records(rules.Keys.ToHashSet(), (in RowPlace place, ReadOnlySpan<byte> raw) =>
        {
            var check = rules[place.Row];
            block.Rejected.Add(new(place.Row, place.ByteOffset, place.Line, check.Column, "rule", check.Expected, CellText.Cut(raw, maxRawCharacters)));
        });
        // By row, in the order of their finding within a row.
        var sorted = block.Rejected.OrderBy(r => r.Row).ToList();
        block.Rejected.Clear();
        block.Rejected.AddRange(sorted);
    }

    // The first rule that each row breaks; null when no row breaks one.
    IRowCheck?[]? FindBroken(RecordBatch batch)
    {
        IRowCheck?[]? broken = null;
        foreach (var check in checks)
            check.FindBroken(batch, row => (broken ??= new IRowCheck?[batch.Count])[row] ??= check);
        return broken;
    }

    static RecordBatch Without(RecordBatch batch, IRowCheck?[] broken)
    {
        var kept = new RecordBatchBuilder(batch.Schema);
        for (var row = 0; row < batch.Count; row++)
        {
            if (broken[row] is null)
                kept.AppendFrom(batch, row);
        }

        batch.Dispose();
        return kept.Detach();
    }

    /// <summary>Told of a record that was looked for.</summary>
    public delegate void FoundRecord(in RowPlace place, ReadOnlySpan<byte> raw);
}
