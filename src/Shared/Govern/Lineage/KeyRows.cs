using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>Finds all sources' rows of one key in a snapshot's contributions, which are sorted by key.</summary>
internal sealed class KeyRows(PartScanner parts)
{
    /// <summary>The rows of the first key that fits, one a source; null when none fits. The caller disposes the batch.</summary>
    /// <param name="snapshot">Where to look.</param>
    /// <param name="keys">The dataset's keys.</param>
    /// <param name="wanted">Values of some or all of them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RecordBatch?> FindAsync(
        FoundSnapshot snapshot, IReadOnlyList<string> keys, IReadOnlyDictionary<string, string> wanted, CancellationToken cancellationToken)
    {
        var filter = new RowFilter(snapshot.Schema, wanted, $"dataset '{snapshot.Manifest.Dataset}'");
        RecordBatchBuilder? found = null;
        RecordBatch? first = null;
        try
        {
            foreach (var part in snapshot.Manifest.Disagreements)
            {
                await foreach (var batch in parts.ReadAsync(part, cancellationToken: cancellationToken))
                {
                    using (batch)
                    {
                        var order = RowKeys.Of(batch.Schema, keys);
                        for (var row = 0; row < batch.Count; row++)
                        {
                            if (first is not null && order.Compare(first, 0, batch, row) != 0)
                                return found!.Detach();
                            if (first is null && !filter.Fits(batch, row))
                                continue;
                            found ??= new(batch.Schema);
                            found.AppendFrom(batch, row);
                            first ??= Copy(batch, row);
                        }
                    }
                }
            }

            return found?.Detach();
        }
        finally
        {
            first?.Dispose();
        }
    }

    static RecordBatch Copy(RecordBatch batch, int row)
    {
        var builder = new RecordBatchBuilder(batch.Schema);
        builder.AppendFrom(batch, row);
        return builder.Detach();
    }
}
