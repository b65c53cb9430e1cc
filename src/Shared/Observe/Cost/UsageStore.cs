using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Observe.Cost;

/// <summary>
/// Keeps batches of usage. A small batch, which almost all are, is also the blob's metadata, so that a listing reads 5,000 of them with one request.
/// </summary>
public sealed class UsageStore(StorageClients clients, BlobStore blobs)
{
    /// <summary>Name of the metadata that holds a small batch.</summary>
    internal const string Metadata = "usage";

    // All metadata of a blob may have 8 KiB.
    const int MaxMetadata = 6 << 10;

    static readonly JsonSerializerOptions Json = new(ContractJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.Default, // metadata is ASCII
    };

    /// <summary>Writes a batch, unless it is there.</summary>
    /// <param name="id">The batch's name, see <see cref="UsageBatch.PathOf"/>.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False when it was there.</returns>
    public async Task<bool> WriteAsync(string id, UsageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var text = JsonSerializer.SerializeToUtf8Bytes(batch, Json);
        var metadata = text.Length <= MaxMetadata ? new Dictionary<string, string> { [Metadata] = System.Text.Encoding.ASCII.GetString(text) } : null;
        using var content = new MemoryStream(text, writable: false);
        return await blobs.WriteOnceAsync(UsageBatch.PathOf(batch.At, id), content, "application/json", metadata, cancellationToken);
    }

    /// <summary>The batches of some days, by day and name.</summary>
    /// <param name="from">The first day, UTC.</param>
    /// <param name="to">The first day that does not belong to it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">A batch cannot be read.</exception>
    public async IAsyncEnumerable<UsageBatch> ReadAsync(DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var container = clients.Blobs.GetBlobContainerClient(Containers.Audit);
        if (!await container.ExistsAsync(cancellationToken))
            yield break;
        for (var day = from; day < to; day = day.AddDays(1))
        {
            await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, UsageBatch.FolderOf(day), cancellationToken))
            {
                var path = new LakePath(Containers.Audit, blob.Name);
                yield return Read(path, blob.Metadata.TryGetValue(Metadata, out var text)
                    ? text
                    : (await container.GetBlobClient(blob.Name).DownloadContentAsync(cancellationToken)).Value.Content.ToString());
            }
        }
    }

    static UsageBatch Read(LakePath path, string text)
    {
        try
        {
            var batch = JsonSerializer.Deserialize<UsageBatch>(text, Json) ?? throw new JsonException("it is null.");
            return batch.SchemaVersion == UsageBatch.CurrentSchemaVersion
                ? batch
                : throw new JsonException($"it has schemaVersion {batch.SchemaVersion}: this version reads {UsageBatch.CurrentSchemaVersion}.");
        }
        catch (JsonException fault)
        {
            throw new StepFailedException(new() { Code = "document-unreadable", Message = $"'{path}' is not a record of usage: {fault.Message}" }, fault);
        }
    }
}
