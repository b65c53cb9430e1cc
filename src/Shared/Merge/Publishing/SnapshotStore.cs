using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Merge;

/// <summary>
/// Reads and publishes snapshots. Files are named by their content, so that two mergers that work at the same moment never take each
/// other's files for their own; <c>manifest.json</c> claims a moment, and only <c>current.json</c> makes it visible.
/// </summary>
internal sealed class SnapshotStore(BlobStore blobs, StorageClients clients, TimeProvider time)
{
    /// <summary>The pointer to the current snapshot with its version; null when there is none.</summary>
    public Task<Versioned<CurrentSnapshot>?> FindCurrentAsync(string dataset, CancellationToken cancellationToken) =>
        blobs.ReadJsonAsync<CurrentSnapshot>(LakePath.CurrentOf(dataset), cancellationToken);

    public async Task<SnapshotManifest> ReadManifestAsync(LakePath path, CancellationToken cancellationToken) =>
        (await blobs.ReadJsonAsync<SnapshotManifest>(path, cancellationToken))?.Value ?? throw Missing(path);

    public async Task<PublishedSnapshot> ReadAsync(LakePath path, CancellationToken cancellationToken)
    {
        var manifest = await ReadManifestAsync(path, cancellationToken);
        var detail = await blobs.ReadJsonAsync<SnapshotDetail>(path, cancellationToken) ?? throw Missing(path);
        return new(path, manifest, detail.Value);
    }

    /// <summary>Writes a snapshot's files and manifest where nobody sees them yet.</summary>
    /// <param name="draft">The manifest; its moment and paths are filled in here.</param>
    /// <param name="detail">Kept in the manifest.</param>
    /// <param name="previous">The snapshot it follows; its files are used again where they are the same.</param>
    /// <param name="standing">Local file of the rows that stand.</param>
    /// <param name="contributions">Local file of all sources' rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Path of the manifest, and the manifest.</returns>
    public async Task<PublishedSnapshot> WriteAsync(
        SnapshotManifest draft, SnapshotDetail detail, PublishedSnapshot? previous, string standing, string contributions, CancellationToken cancellationToken)
    {
        var knownAt = time.GetUtcNow();
        while (true)
        {
            if (knownAt <= previous?.Manifest.KnownAt)
                knownAt = previous.Manifest.KnownAt.AddTicks(1);
            var folder = LakePath.SnapshotOf(draft.Dataset, knownAt);
            var path = folder.Child("manifest.json");
            var manifest = draft with
            {
                KnownAt = knownAt,
                Parts = [await UploadAsync(standing, folder, "part-0", previous?.Manifest.Parts ?? [], cancellationToken)],
                Disagreements = [await UploadAsync(contributions, folder, "contributions-0", previous?.Manifest.Disagreements ?? [], cancellationToken)],
                Result = draft.Result with { Snapshot = previous is not null && previous.Detail.Content == detail.Content ? previous.Path : path },
            };

            var document = JsonSerializer.SerializeToNode(manifest, ContractJson.Options)!.AsObject();
            foreach (var (name, value) in JsonSerializer.SerializeToNode(detail, ContractJson.Options)!.AsObject().ToArray())
                document[name] = value?.DeepClone();
            if (await blobs.WriteJsonOnceAsync(path, document, cancellationToken) || await IsThereAsync(path, document, cancellationToken))
                return new(path, manifest, detail);

            // Another merger has this moment: take the next one.
            knownAt = knownAt.AddTicks(1);
        }
    }

    /// <summary>Points the dataset at a snapshot if it still points where it did.</summary>
    /// <returns>False when somebody else was faster.</returns>
    public Task<bool> TryPointAsync(string dataset, LakePath manifest, SnapshotManifest snapshot, ETag? expected, CancellationToken cancellationToken) =>
        blobs.TryReplaceJsonAsync(LakePath.CurrentOf(dataset), new CurrentSnapshot(manifest, snapshot.KnownAt, snapshot.Result.SnapshotRows), expected, cancellationToken);

    /// <summary>Removes the dataset's pointer if it is still the one that was read.</summary>
    /// <returns>False when somebody else was faster.</returns>
    public async Task<bool> TryRemovePointerAsync(string dataset, ETag expected, CancellationToken cancellationToken)
    {
        var path = LakePath.CurrentOf(dataset);
        try
        {
            await clients.Blobs.GetBlobContainerClient(path.Container).GetBlobClient(path.Name)
                .DeleteIfExistsAsync(DeleteSnapshotsOption.None, new() { IfMatch = expected }, cancellationToken);
            return true;
        }
        catch (RequestFailedException conflict) when (conflict.Status == 412)
        {
            return false;
        }
    }

    /// <summary>Notes that a run is being taken back, so that asking again gives the same answer.</summary>
    public Task NoteWithdrawalAsync(string dataset, string run, CancellationToken cancellationToken) =>
        blobs.WriteJsonOnceAsync(WithdrawalOf(dataset, run), new Withdrawal(run, time.GetUtcNow()), cancellationToken);

    public async Task<bool> WasWithdrawnAsync(string dataset, string run, CancellationToken cancellationToken) =>
        await blobs.FindAsync(WithdrawalOf(dataset, run), cancellationToken) is not null;

    async Task<LakePath> UploadAsync(string file, LakePath folder, string name, IReadOnlyList<LakePath> earlier, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(file, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        var fileName = $"{name}-{hash[..16]}.parquet";
        if (earlier.FirstOrDefault(p => p.FileName == fileName) is { Name: not null } same)
            return same;
        content.Position = 0;
        var path = folder.Child(fileName);
        await blobs.WriteOnceAsync(path, content, "application/vnd.apache.parquet", cancellationToken);
        return path;
    }

    async Task<bool> IsThereAsync(LakePath path, JsonObject document, CancellationToken cancellationToken) =>
        await blobs.ReadJsonAsync<JsonObject>(path, cancellationToken) is { } there && JsonNode.DeepEquals(there.Value, document);

    static LakePath WithdrawalOf(string dataset, string run) => new(Containers.Datasets, $"{dataset}/withdrawn/{run}.json");

    static StepFailedException Missing(LakePath path) =>
        new(new() { Code = "snapshot-missing", Message = $"The snapshot '{path}' is gone, and the dataset's history leads to it. Restore it, or remove the dataset's current.json to begin anew." });

    sealed record Withdrawal(string Run, DateTimeOffset At);
}
