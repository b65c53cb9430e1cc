using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Recover;

/// <summary>
/// What a target has already: the last backup, read along with the account, since both are in the same order, so that memory does not follow the
/// number of blobs; and the notes of a backup that was stopped.
/// </summary>
internal sealed class KnownEntries : IAsyncDisposable
{
    readonly Dictionary<LakePath, BackupEntry> _noted = [];
    readonly Manifest? _last;
    readonly IAsyncEnumerator<BackupEntry>? _entries;
    bool _more;

    KnownEntries(Manifest? last, CancellationToken cancellationToken)
    {
        _last = last;
        _entries = last?.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    public static async Task<KnownEntries> OpenAsync(IBackupTarget target, CancellationToken cancellationToken)
    {
        var last = await LastAsync(target, cancellationToken);
        var known = new KnownEntries(last, cancellationToken);
        foreach (var name in await target.ListAsync(TargetNames.Partial, cancellationToken))
        {
            await using var content = await target.TryOpenAsync(name, cancellationToken);
            if (content is null)
                continue;
            using var reader = new StreamReader(content);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                var entry = JsonSerializer.Deserialize<BackupEntry>(line, ContractJson.Options)!;
                known._noted[entry.Path!.Value] = entry;
            }
        }

        known._more = known._entries is not null && await known._entries.MoveNextAsync();
        return known;
    }

    /// <summary>The entry of the same version of a blob; null when it has to be read. Blobs must be asked for in the order of a backup.</summary>
    public async Task<BackupEntry?> FindAsync(BackupEntry blob, CancellationToken cancellationToken)
    {
        if (_noted.TryGetValue(blob.Path!.Value, out var noted) && noted.ETag == blob.ETag)
            return noted;
        while (_more && Compare(_entries!.Current, blob) < 0)
            _more = await _entries.MoveNextAsync();
        return _more && _entries!.Current is { } entry && entry.Path == blob.Path && entry.ETag == blob.ETag && entry.Length == blob.Length ? entry : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_entries is not null)
            await _entries.DisposeAsync();
        if (_last is not null)
            await _last.DisposeAsync();
    }

    // A last backup whose list is damaged costs time, and must not keep the next one from being made.
    static async Task<Manifest?> LastAsync(IBackupTarget target, CancellationToken cancellationToken)
    {
        foreach (var id in (await Backup.ListAsync(target, cancellationToken)).Reverse())
        {
            try
            {
                return await Manifest.OpenAsync(target, id, cancellationToken);
            }
            catch (BackupDamagedException)
            {
                // The one before it.
            }
        }

        return null;
    }

    static int Compare(BackupEntry one, BackupEntry other) =>
        one.Section != other.Section ? one.Section.CompareTo(other.Section)
        : one.Path is not { } a || other.Path is not { } b ? string.CompareOrdinal(one.Table, other.Table)
        : a.Container != b.Container ? string.CompareOrdinal(a.Container, b.Container)
        : string.CompareOrdinal(a.Name, b.Name);
}
