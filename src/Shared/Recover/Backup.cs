using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Recover;

/// <summary>
/// Copies the data account while the platform works. What the last backup has in the same version is not read again; what a backup that was
/// stopped had copied is taken over. The copy is consistent: see <see cref="Section"/>.
/// </summary>
public sealed class Backup(StorageClients clients, TimeProvider time)
{
    // Entries between two notes of progress: what is lost of the work when it is killed.
    const int NoteEvery = 500;

    // A blob that is replaced while it is read is read again, this often.
    const int Readings = 5;

    /// <summary>Makes a backup.</summary>
    public async Task<BackupSummary> RunAsync(IBackupTarget target, BackupOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new();
        var startedAt = time.GetUtcNow();
        var id = startedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", System.Globalization.CultureInfo.InvariantCulture);

        await using var known = await KnownEntries.OpenAsync(target, cancellationToken);
        await using var manifest = new ManifestWriter();
        await manifest.AddAsync(new ManifestHead(ManifestWriter.Format, id, startedAt), cancellationToken);

        var summary = new BackupSummary(id, startedAt, startedAt, 0, 0, 0, 0, 0);
        var notes = new List<BackupEntry>();
        await foreach (var (entry, isNew) in CopyAsync(target, known, options, cancellationToken))
        {
            await manifest.AddAsync(entry, cancellationToken);
            summary = summary with
            {
                Blobs = summary.Blobs + (entry.Path is null ? 0 : 1),
                Tables = summary.Tables + (entry.Path is null ? 1 : 0),
                Bytes = summary.Bytes + entry.Length,
                Copied = summary.Copied + (isNew ? 1 : 0),
                CopiedBytes = summary.CopiedBytes + (isNew ? entry.Length : 0),
            };
            options.Progress?.Invoke(entry, isNew);
            if (entry.Path is not null && isNew)
                notes.Add(entry);
            if (notes.Count == NoteEvery)
                await NoteAsync(target, notes, cancellationToken);
        }

        summary = summary with { FinishedAt = time.GetUtcNow() };
        await manifest.PublishAsync(target, summary, cancellationToken);
        foreach (var note in await target.ListAsync(TargetNames.Partial, cancellationToken))
            await target.DeleteAsync(note, cancellationToken);
        return summary;
    }

    /// <summary>The backups in a target, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(IBackupTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        return [.. (await target.ListAsync(TargetNames.Backups, cancellationToken)).Where(n => n.EndsWith(TargetNames.Extension, StringComparison.Ordinal)).Select(TargetNames.IdOf)];
    }

    /// <summary>Reads a backup's contents back and compares their hashes.</summary>
    /// <returns>How many contents it consists of; blobs with the same content are one.</returns>
    /// <exception cref="BackupDamagedException">A content is missing or not what it was.</exception>
    public static async Task<long> VerifyAsync(IBackupTarget target, string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        await using var manifest = await Manifest.OpenAsync(target, id, cancellationToken);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var entry in manifest.ReadAsync(cancellationToken))
        {
            if (!seen.Add(entry.Sha256))
                continue;
            await using var content = await Restore.OpenAsync(target, entry, cancellationToken);
            await using var verified = new VerifiedStream(content, entry.Sha256, entry.Length, $"'{entry.Name}' in the backup");
            await verified.CopyToAsync(Stream.Null, cancellationToken);
        }

        return seen.Count;
    }

    // Copies several at a time and gives them out in order.
    async IAsyncEnumerable<(BackupEntry Entry, bool IsNew)> CopyAsync(
        IBackupTarget target, KnownEntries known, BackupOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var window = new Queue<Task<(BackupEntry Entry, bool IsNew)?>>();
        try
        {
            foreach (var section in Enum.GetValues<Section>())
            {
                await foreach (var copying in WorkAsync(section, target, known, options, stop.Token))
                {
                    window.Enqueue(copying);
                    if (window.Count >= options.Parallel && await window.Dequeue() is { } copied)
                        yield return copied;
                }

                // Nothing of the next section is looked at before everything of this one has been read.
                while (window.TryDequeue(out var copying))
                {
                    if (await copying is { } copied)
                        yield return copied;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(window).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    async IAsyncEnumerable<Task<(BackupEntry, bool)?>> WorkAsync(
        Section section, IBackupTarget target, KnownEntries known, BackupOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (section is Section.Tables)
        {
            foreach (var table in await TablesAsync(cancellationToken))
                yield return CopyTableAsync(target, table, cancellationToken);
        }
        else if (!options.TablesOnly)
        {
            await foreach (var blob in BlobsAsync(section, cancellationToken))
            {
                yield return await known.FindAsync(blob, cancellationToken) is { } same
                    ? Task.FromResult<(BackupEntry, bool)?>((same, false))
                    : CopyBlobAsync(target, blob, cancellationToken);
            }
        }
    }

    async IAsyncEnumerable<BackupEntry> BlobsAsync(Section section, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        switch (section)
        {
            case Section.Pointers:
                await foreach (var folder in FoldersAsync(Containers.Datasets, cancellationToken))
                {
                    if (await FindAsync(LakePath.CurrentOf(folder), cancellationToken) is { } pointer)
                        yield return pointer;
                }

                break;
            case Section.Data:
                foreach (var container in await ContainersAsync(cancellationToken))
                {
                    await foreach (var blob in AccountListing.ReadAsync(clients, container, prefix: null, cancellationToken))
                    {
                        if (blob.Section is Section.Data && Inventory.HoldsBlob(blob.Path!.Value))
                            yield return blob;
                    }
                }

                break;
            default:
                var prefix = section switch
                {
                    Section.Schedules => Sections.Schedules,
                    Section.OpenRuns => Sections.OpenRuns,
                    Section.EndedRuns => Sections.EndedRuns,
                    _ => Sections.Cursors,
                };
                await foreach (var blob in AccountListing.ReadAsync(clients, Containers.Control, prefix, cancellationToken))
                    yield return blob;
                break;
        }
    }

    async Task<(BackupEntry, bool)?> CopyBlobAsync(IBackupTarget target, BackupEntry blob, CancellationToken cancellationToken)
    {
        for (var reading = 1; ; reading++)
        {
            try
            {
                var client = AccountListing.Client(clients, blob.Path!.Value);
                var read = new BlobOpenReadOptions(allowModifications: false) { BufferSize = 4 << 20, Conditions = new() { IfMatch = new ETag(blob.ETag!) } };
                var stored = await target.StoreAsync(cancel => client.OpenReadAsync(read, cancel), cancellationToken);
                return (blob with { Sha256 = stored.Sha256, Length = stored.Length }, stored.IsNew);
            }
            catch (RequestFailedException changed) when (changed.Status is 404 or 412 && reading < Readings)
            {
                if (await FindAsync(blob.Path!.Value, cancellationToken) is not { } now)
                    return null; // removed since it was listed: nothing that is in the copy refers to it
                blob = now;
            }
        }
    }

    async Task<(BackupEntry, bool)?> CopyTableAsync(IBackupTarget target, string table, CancellationToken cancellationToken)
    {
        await using var file = TemporaryFile.Create();
        var rows = 0L;
        await foreach (var row in clients.Tables.GetTableClient(table).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(TableRows.Write(row) + "\n"), cancellationToken);
            rows++;
        }

        var stored = await target.StoreAsync(
            _ =>
            {
                file.Position = 0;
                return Task.FromResult<Stream>(new Unclosed(file));
            },
            cancellationToken);
        return (new BackupEntry { Table = table, Length = stored.Length, Sha256 = stored.Sha256, Rows = rows }, stored.IsNew);
    }

    async Task<BackupEntry?> FindAsync(LakePath path, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await AccountListing.Client(clients, path).GetPropertiesAsync(cancellationToken: cancellationToken);
            return AccountListing.Entry(path, found.ContentLength, found.ETag, found.LastModified, found.ContentType, found.Metadata);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    async Task<List<string>> TablesAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var table in clients.Tables.QueryAsync(cancellationToken: cancellationToken))
            names.Add(table.Name);
        return [.. names.Where(Inventory.HoldsTable).Order(StringComparer.Ordinal)];
    }

    async Task<List<string>> ContainersAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var container in clients.Blobs.GetBlobContainersAsync(cancellationToken: cancellationToken))
            names.Add(container.Name);
        return [.. names.Where(Inventory.HoldsContainer).Order(StringComparer.Ordinal)];
    }

    async IAsyncEnumerable<string> FoldersAsync(string container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = clients.Blobs.GetBlobContainerClient(container);
        if (!await client.ExistsAsync(cancellationToken))
            yield break;
        await foreach (var item in client.GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", prefix: null, cancellationToken))
        {
            if (item.IsPrefix)
                yield return item.Prefix.TrimEnd('/');
        }
    }

    static async Task NoteAsync(IBackupTarget target, List<BackupEntry> notes, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        foreach (var entry in notes)
        {
            JsonSerializer.Serialize(content, entry, ContractJson.Options);
            content.WriteByte((byte)'\n');
        }

        content.Position = 0;
        await target.WriteAsync($"{TargetNames.Partial}{Guid.NewGuid():n}.ndjson", content, cancellationToken);
        notes.Clear();
    }

    // What a target opens it closes; the file is read twice.
    sealed class Unclosed(Stream inner) : HashingStream(inner);
}
