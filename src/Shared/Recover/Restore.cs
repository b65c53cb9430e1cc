using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Recover;

/// <summary>
/// Brings a data account back to a backup: an empty one wholly, a damaged one where it differs. It looks at everything before it changes anything,
/// writes data before what refers to it, and can be run again after it was stopped. Stop the platform's apps before.
/// </summary>
public sealed class Restore(StorageClients clients)
{
    const int Examples = 5;

    static readonly Section[] Order = [.. Enum.GetValues<Section>().OrderDescending()];

    /// <summary>Restores.</summary>
    /// <exception cref="NewerDataException">The account has newer data; nothing was changed.</exception>
    /// <exception cref="BackupDamagedException">The backup, or what was restored, is not what it was.</exception>
    public async Task<RestoreSummary> RunAsync(IBackupTarget target, RestoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new();
        var id = options.Backup ?? (await Backup.ListAsync(target, cancellationToken) is { Count: > 0 } all ? all[^1] : throw new BackupDamagedException($"There is no backup in {target.Name}."));
        await using var manifest = await Manifest.OpenAsync(target, id, cancellationToken);

        var differences = await DifferencesAsync(manifest, options, cancellationToken);
        var tables = new TableRestorer(clients, target);
        var newerRows = await tables.CompareAsync(manifest, differences.Newer, cancellationToken);
        if (differences.NewerCount + newerRows > 0 && !options.Overwrite)
            throw new NewerDataException([.. differences.Newer.Take(Examples)], differences.NewerCount + newerRows);

        var ingested = await IngestedDropsAsync(manifest, differences, cancellationToken);
        var summary = new RestoreSummary(id, manifest.Head.StartedAt, Ingested: ingested.Count);
        foreach (var section in Order)
        {
            if (section is Section.Tables)
                summary = summary with { Rows = await tables.RestoreAsync(manifest, options.DryRun, cancellationToken) };
            else
                summary = await RestoreAsync(target, manifest, section, differences, ingested, options, summary, cancellationToken);
        }

        return options is { Verify: true, DryRun: false } ? await VerifyAsync(manifest, ingested, options, summary, cancellationToken) : summary;
    }

    // What the account has of the backup's blobs: the version, if it differs.
    async Task<Differences> DifferencesAsync(Manifest manifest, RestoreOptions options, CancellationToken cancellationToken)
    {
        var there = new Dictionary<LakePath, BackupEntry>();
        var found = new Differences();
        foreach (var container in await ContainersAsync(manifest, cancellationToken))
        {
            there.Clear();
            await foreach (var blob in AccountListing.ReadAsync(clients, container, prefix: null, cancellationToken))
                there[blob.Path!.Value] = blob;

            await EachAsync(manifest, e => e.Path?.Container == container, options.Parallel, async entry =>
            {
                if (!there.TryGetValue(entry.Path!.Value, out var here))
                    return;
                if ((here.ETag == entry.ETag && here.Length == entry.Length) || (here.Length == entry.Length && await HashAsync(here, cancellationToken) == entry.Sha256))
                    found.AddSame(entry.Path.Value, here.ETag == entry.ETag);
                else
                    found.AddOther(entry.Path.Value, here.ETag!, isNewer: here.ModifiedAt > entry.ModifiedAt);
            }, cancellationToken);
        }

        return found;
    }

    // A file whose run has ended lies in landing. Put back, it would have a new version and be ingested again.
    static async Task<HashSet<LakePath>> IngestedDropsAsync(Manifest manifest, Differences differences, CancellationToken cancellationToken)
    {
        var runs = new Dictionary<string, LakePath>(StringComparer.Ordinal);
        await foreach (var entry in manifest.ReadAsync(cancellationToken))
        {
            if (entry.Path is { Container: Containers.Drop } path && !differences.IsSame(path) && path.Name.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && ConfigurationId.IsValid(path.Name[..slash]))
            {
                // As the trigger names it, with either spelling of the version.
                runs[RunId.From(path.Name[..slash], entry.ModifiedAt!.Value, $"{path} {entry.ETag}")] = path;
                runs[RunId.From(path.Name[..slash], entry.ModifiedAt!.Value, $"{path} \"{entry.ETag}\"")] = path;
            }
        }

        var ingested = new HashSet<LakePath>();
        if (runs.Count == 0)
            return ingested;
        await foreach (var entry in manifest.ReadAsync(cancellationToken))
        {
            if (entry.Path is { } path && entry.Section is Section.EndedRuns && runs.TryGetValue(Path.GetFileNameWithoutExtension(path.FileName), out var file))
                ingested.Add(file);
        }

        return ingested;
    }

    async Task<RestoreSummary> RestoreAsync(
        IBackupTarget target, Manifest manifest, Section section, Differences differences, HashSet<LakePath> ingested, RestoreOptions options, RestoreSummary summary, CancellationToken cancellationToken)
    {
        long written = 0, bytes = 0, same = 0, open = 0;
        var containers = new HashSet<string>(StringComparer.Ordinal);
        await EachAsync(manifest, e => e.Path is not null && e.Section == section && !ingested.Contains(e.Path.Value), options.Parallel, async entry =>
        {
            var path = entry.Path!.Value;
            if (differences.IsSame(path))
            {
                Interlocked.Increment(ref same);
                if (section is Section.OpenRuns)
                    Interlocked.Increment(ref open);
                return;
            }

            if (section is Section.OpenRuns)
            {
                if (await IsSupersededAsync(target, entry, differences, cancellationToken))
                    return;
                Interlocked.Increment(ref open);
            }

            if (!options.DryRun)
                await WriteAsync(target, entry, differences.VersionOf(path), containers, cancellationToken);
            Interlocked.Increment(ref written);
            Interlocked.Add(ref bytes, entry.Length);
            options.Progress?.Invoke(entry);
        }, cancellationToken);
        return summary with { Written = summary.Written + written, WrittenBytes = summary.WrittenBytes + bytes, Same = summary.Same + same, OpenRuns = summary.OpenRuns + open };
    }

    // The open run of a dropped file that is put back: the file has a new version now, and that version's run does the work.
    static async Task<bool> IsSupersededAsync(IBackupTarget target, BackupEntry entry, Differences differences, CancellationToken cancellationToken)
    {
        await using var content = await OpenAsync(target, entry, cancellationToken);
        var record = await System.Text.Json.JsonSerializer.DeserializeAsync<RunRecord>(content, ContractJson.Options, cancellationToken);
        return record?.Request.File is { } file && !differences.HasVersion(file.Path);
    }

    async Task WriteAsync(IBackupTarget target, BackupEntry entry, string? version, HashSet<string> containers, CancellationToken cancellationToken)
    {
        var path = entry.Path!.Value;
        bool known;
        lock (containers)
            known = containers.Contains(path.Container);
        if (!known)
        {
            await clients.Blobs.GetBlobContainerClient(path.Container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            lock (containers)
                containers.Add(path.Container);
        }

        await using var content = await OpenAsync(target, entry, cancellationToken);
        await using var verified = new VerifiedStream(content, entry.Sha256, entry.Length, $"'{path}' in the backup");
        try
        {
            await AccountListing.Client(clients, path).UploadAsync(
                verified,
                new BlobUploadOptions
                {
                    Conditions = version is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = new ETag(version) },
                    HttpHeaders = new() { ContentType = entry.ContentType },
                    Metadata = entry.Metadata?.ToDictionary(m => m.Key, m => m.Value),
                    TransferOptions = new() { InitialTransferSize = 8 << 20, MaximumTransferSize = 8 << 20, MaximumConcurrency = 2 },
                },
                cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 409 or 412)
        {
            throw new InvalidOperationException($"'{path}' was written while it was being restored: stop the platform's apps and restore again.", changed);
        }
    }

    async Task<RestoreSummary> VerifyAsync(Manifest manifest, HashSet<LakePath> ingested, RestoreOptions options, RestoreSummary summary, CancellationToken cancellationToken)
    {
        long count = 0, bytes = 0;
        await EachAsync(manifest, e => e.Path is not null && e.Section is not Section.OpenRuns && !ingested.Contains(e.Path.Value), options.Parallel, async entry =>
        {
            string? hash;
            try
            {
                hash = await HashAsync(entry with { ETag = null }, cancellationToken);
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                hash = null;
            }

            if (hash != entry.Sha256)
                throw new BackupDamagedException($"'{entry.Path}' is {(hash is null ? "not there" : "not what it was")} after the restore: expected SHA-256 {entry.Sha256}.");
            Interlocked.Increment(ref count);
            Interlocked.Add(ref bytes, entry.Length);
        }, cancellationToken);
        return summary with { Verified = count, VerifiedBytes = bytes };
    }

    async Task<string> HashAsync(BackupEntry blob, CancellationToken cancellationToken)
    {
        var conditions = blob.ETag is { } version ? new BlobRequestConditions { IfMatch = new ETag(version) } : null;
        await using var content = await AccountListing.Client(clients, blob.Path!.Value)
            .OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = 4 << 20, Conditions = conditions }, cancellationToken);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    internal static async Task<Stream> OpenAsync(IBackupTarget target, BackupEntry entry, CancellationToken cancellationToken) =>
        await target.TryOpenAsync(TargetNames.ObjectOf(entry.Sha256), cancellationToken)
        ?? throw new BackupDamagedException($"The backup lacks the content of '{entry.Name}' ({TargetNames.ObjectOf(entry.Sha256)}): take another copy of it.");

    static async Task<List<string>> ContainersAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var entry in manifest.ReadAsync(cancellationToken))
        {
            if (entry.Path is { } path)
                names.Add(path.Container);
        }

        return [.. names];
    }

    static async Task EachAsync(Manifest manifest, Func<BackupEntry, bool> filter, int parallel, Func<BackupEntry, Task> act, CancellationToken cancellationToken)
    {
        var wanted = manifest.ReadAsync(cancellationToken).Where(filter);
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken }, async (entry, _) => await act(entry));
    }
}
