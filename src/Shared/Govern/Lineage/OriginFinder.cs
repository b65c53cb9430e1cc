using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>Follows a row back to the bytes that the source sent, as far as they are still there.</summary>
internal sealed class OriginFinder(BlobStore blobs, PartScanner parts)
{
    readonly RawRecords _records = new(blobs);

    /// <param name="manifest">The snapshot, which knows its runs.</param>
    /// <param name="keys">The dataset's keys.</param>
    /// <param name="rows">Contributions.</param>
    /// <param name="row">The row to follow.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RowOrigin> FindAsync(SnapshotManifest manifest, IReadOnlyList<string> keys, RecordBatch rows, int row, CancellationToken cancellationToken)
    {
        var origin = new RowOrigin { Run = rows["_run"].GetText(row)!, Row = rows["_row"].GetText(row)! };
        if (manifest.Runs.FirstOrDefault(r => r.Run == origin.Run) is not { } run)
            return origin;
        if ((await blobs.ReadJsonAsync<CuratedManifest>(run.Curated, cancellationToken))?.Value is not { } curated)
            return origin;
        if (await FindPartAsync(curated, keys, rows, row, cancellationToken) is not { } part)
            return origin;

        origin = origin with { Curated = part.Path, Artefact = part.Artefact };
        var landing = (await blobs.ReadJsonAsync<LandingManifest>(curated.Landing, cancellationToken))?.Value;
        if (landing?.Artefacts.FirstOrDefault(a => a.Path == part.Artefact) is not { } artefact)
            return origin;
        return origin with
        {
            Request = artefact.Name,
            Sha256 = artefact.Sha256,
            RawRecord = await _records.FindAsync(artefact, origin.Row, ValuesOf(rows, row), cancellationToken),
        };
    }

    static string[] ValuesOf(RecordBatch rows, int row) =>
        [.. rows.Schema.Where(c => !c.Name.StartsWith('_')).Select(c => rows[c.Name].GetText(row)).OfType<string>()];

    // One part an artefact: the row's place is unique only within one.
    async Task<CuratedPart?> FindPartAsync(CuratedManifest curated, IReadOnlyList<string> keys, RecordBatch rows, int row, CancellationToken cancellationToken)
    {
        if (curated.Parts.Count == 1)
            return curated.Parts[0];
        string[] wanted = [.. keys, "_row", "_known_at"];
        foreach (var part in curated.Parts)
        {
            if (await HasAsync(part, wanted, rows, row, cancellationToken))
                return part;
        }

        return null;
    }

    async Task<bool> HasAsync(CuratedPart part, string[] wanted, RecordBatch rows, int row, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(part.Path, cancellationToken) is null)
            return false;
        await foreach (var batch in parts.ReadAsync(part.Path, _ => wanted, cancellationToken))
        {
            using (batch)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    if (Array.TrueForAll(wanted, name => Cells.Compare(batch[name], i, rows[name], row) == 0))
                        return true;
                }
            }
        }

        return false;
    }
}
