using System.Runtime.CompilerServices;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>Reads Parquet parts of the lake batch by batch, through a temporary file: its columns lie apart, and each jump would be a request.</summary>
internal sealed class PartScanner(BlobStore blobs)
{
    const int InMemory = 4 << 20;

    /// <summary>The batches of a part; the caller disposes each.</summary>
    /// <param name="path">The part.</param>
    /// <param name="columns">Says from the part's schema which columns are wanted; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">The part is missing or damaged.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        LakePath path, Func<DataSchema, IReadOnlyList<string>>? columns = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var local = await CopyAsync(path, cancellationToken);
        await using var batches = Batches(local, columns, cancellationToken).GetAsyncEnumerator(cancellationToken);
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

    static async IAsyncEnumerable<RecordBatch> Batches(
        Stream content, Func<DataSchema, IReadOnlyList<string>>? columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = await ParquetReader.OpenAsync(content, cancellationToken);
        await foreach (var batch in reader.ReadAsync(columns?.Invoke(reader.Schema), cancellationToken))
            yield return batch;
    }

    async Task<Stream> CopyAsync(LakePath path, CancellationToken cancellationToken)
    {
        await using var content = await blobs.OpenReadAsync(path, cancellationToken);
        Stream copy = content.Length <= InMemory
            ? new MemoryStream((int)content.Length)
            : new FileStream(
                Path.Combine(Path.GetTempPath(), $"ingest-{Path.GetRandomFileName()}"),
                new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        try
        {
            await content.CopyToAsync(copy, cancellationToken);
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }
}
