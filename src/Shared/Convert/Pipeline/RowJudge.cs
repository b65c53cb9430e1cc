using System.Buffers;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// Applies row checks to a finished batch. A check sees typed values, which exist only once the batch does, so the text of each row is
/// kept until then to be quarantined as it was written.
/// </summary>
internal sealed class RowJudge(IReadOnlyList<IRowCheck> checks, int maxRawBytes)
{
    readonly ArrayBufferWriter<byte> _raw = new();
    readonly List<(RowPlace Place, int End)> _rows = [];

    /// <summary>Remembers the row that was just added to the batch.</summary>
    public void Keep(in RowPlace place, ReadOnlySpan<byte> raw)
    {
        if (checks.Count == 0)
            return;
        _raw.Write(raw[..Math.Min(raw.Length, maxRawBytes)]);
        _rows.Add((place, _raw.WrittenCount));
    }

    /// <summary>Takes the rows that break a rule out of a batch.</summary>
    /// <param name="batch">The batch; disposed if another one is returned.</param>
    /// <param name="reject">Told of each row that is taken out.</param>
    /// <returns>The batch of the rows that are left; the same one when no row breaks a rule.</returns>
    public RecordBatch Judge(RecordBatch batch, Rejection reject)
    {
        if (checks.Count == 0)
            return batch;

        var broken = FindBroken(batch);
        if (broken is not null)
            batch = TakeOut(batch, broken, reject);
        _raw.ResetWrittenCount();
        _rows.Clear();
        return batch;
    }

    // The first rule that each row breaks; null when no row breaks one.
    IRowCheck?[]? FindBroken(RecordBatch batch)
    {
        IRowCheck?[]? broken = null;
        foreach (var check in checks)
            check.FindBroken(batch, row => (broken ??= new IRowCheck?[batch.Count])[row] ??= check);
        return broken;
    }

    RecordBatch TakeOut(RecordBatch batch, IRowCheck?[] broken, Rejection reject)
    {
        var kept = new RecordBatchBuilder(batch.Schema);
        for (var row = 0; row < batch.Count; row++)
        {
            if (broken[row] is { } check)
                reject(_rows[row].Place, check, _raw.WrittenSpan[(row == 0 ? 0 : _rows[row - 1].End).._rows[row].End]);
            else
                kept.AppendFrom(batch, row);
        }

        batch.Dispose();
        return kept.Detach();
    }

    /// <summary>Told of a row that breaks a rule.</summary>
    public delegate void Rejection(in RowPlace place, IRowCheck broken, ReadOnlySpan<byte> raw);
}
