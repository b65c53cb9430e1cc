using System.Runtime.CompilerServices;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;

namespace DataIngestion.Merge;

/// <summary>Reads Parquet parts from the lake, batch by batch.</summary>
/// <param name="blobs">The lake.</param>
/// <param name="folder">Where a part lies while it is read.</param>
internal sealed class PartReader(BlobStore blobs, string folder)
{
    /// <summary>Every row of a run's curated parts goes into the sorted rows.</summary>
    /// <exception cref="StepFailedException">A part does not fit the dataset, or holds rows of another run.</exception>
    public async Task ReadCuratedAsync(CuratedManifest manifest, RowLayout layout, SortedRows into, CancellationToken cancellationToken)
    {
        var (read, lineage) = (0L, LineageOf(manifest));
        foreach (var part in manifest.Parts)
        {
            BatchEncoder? encoder = null;
            await foreach (var batch in ReadAsync(part.Path, cancellationToken))
            {
                using (batch)
                {
                    encoder ??= new(layout, batch.Schema, part.Path.ToString());
                    for (var i = 0; i < batch.Count; i++)
                    {
                        var row = encoder.Row(batch, i);
                        if (!row.Source.SequenceEqual(lineage.Source) || !row.Learned[row.KnownAt.Length..].StartsWith(lineage.Run))
                            throw Foreign(part.Path, manifest);
                        into.Add(row);
                        read++;
                    }
                }
            }
        }

        if (read != manifest.RowsOut)
            throw new StepFailedException(new()
            {
                Code = "rows-lost",
                Message = $"The curated parts of run '{manifest.Run}' hold {read} rows and its manifest says {manifest.RowsOut}. Convert the run anew.",
            });
    }

    /// <summary>The contributions of a snapshot, by key and source.</summary>
    public async IAsyncEnumerable<Contribution> ReadContributionsAsync(
        SnapshotManifest? snapshot, RowLayout layout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in snapshot?.Disagreements ?? [])
        {
            BatchEncoder? encoder = null;
            await foreach (var batch in ReadAsync(part, cancellationToken))
            {
                using (batch)
                {
                    encoder ??= new(layout, batch.Schema, part.ToString());
                    for (var i = 0; i < batch.Count; i++)
                        yield return encoder.Contribution(batch, i);
                }
            }
        }
    }

    /// <summary>The batches of one part; the caller disposes them.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(LakePath path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Columns lie apart: read from the store, every batch would fetch the same ranges again.
        await using var local = new FileStream(
            Path.Combine(folder, Path.GetRandomFileName()),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        await using (var content = await blobs.OpenReadAsync(path, cancellationToken))
            await content.CopyToAsync(local, cancellationToken);
        await foreach (var batch in OpenAsync(path, local, cancellationToken))
            yield return batch;
    }

    static async IAsyncEnumerable<RecordBatch> OpenAsync(LakePath path, Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var batches = ParquetReader.ReadAsync(content, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await batches.MoveNextAsync())
                    yield break;
            }
            catch (Exception damaged) when (damaged is InvalidDataException or NotSupportedException)
            {
                throw new StepFailedException(new() { Code = "part-unreadable", Message = $"'{path}' cannot be read as Parquet: {damaged.Message}" }, damaged);
            }

            yield return batches.Current;
        }
    }

    static (byte[] Source, byte[] Run) LineageOf(CuratedManifest manifest)
    {
        var writer = new OrderedBytesWriter();
        writer.WriteString(manifest.Source);
        var source = writer.ToArray();
        writer.Clear();
        writer.WriteString(manifest.Run);
        return (source, writer.ToArray());
    }

    static StepFailedException Foreign(LakePath part, CuratedManifest manifest) => new(new()
    {
        Code = "lineage-wrong",
        Message = $"{part} holds a row whose _source and _run are not '{manifest.Source}' and '{manifest.Run}' as in its manifest. Convert the run anew.",
    });
}
