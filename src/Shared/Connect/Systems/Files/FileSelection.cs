using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The next files to be read, and what else waits.</summary>
internal sealed class FileBatch
{
    readonly uint[] _waitsBehind;

    public FileBatch(IReadOnlyList<RemoteFile> files, uint waiting, bool hasMore)
    {
        (Files, HasMore) = (files, hasMore);
        _waitsBehind = new uint[files.Count + 1];
        _waitsBehind[^1] = waiting;
        for (var i = files.Count - 1; i >= 0; i--)
            _waitsBehind[i] = Math.Min(_waitsBehind[i + 1], LandedFiles.SecondOf(files[i].ModifiedAt));
    }

    /// <summary>Files in the order that they are read.</summary>
    public IReadOnlyList<RemoteFile> Files { get; }

    /// <summary>Whether more files were ready than one batch takes.</summary>
    public bool HasMore { get; }

    /// <summary>The oldest second of a file that still waits when the first <paramref name="read"/> are read.</summary>
    public uint OldestBehind(int read) => _waitsBehind[read];
}

/// <summary>Chooses files out of listings. Memory follows the batch, not the listing.</summary>
internal sealed class FileSelection(IRemoteFiles files, FileReadOptions options, string pattern, SourceRead read, FileDefaults defaults, DateTimeOffset clock)
{
    /// <summary>Files that are kept in memory; a longer list is listed again.</summary>
    public const int MaxBatch = 50_000;

    readonly string? _movedTo = options.MoveTo is { } folder ? folder.TrimEnd('/') + "/" : null;
    readonly TimeSpan _settle = options.Settle ?? (options.DoneMarker is null ? defaults.Settle : TimeSpan.Zero);

    Comparer<RemoteFile> Order => options.Order is FileOrder.Name
        ? Comparer<RemoteFile>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))
        : Comparer<RemoteFile>.Create((a, b) => a.ModifiedAt.CompareTo(b.ModifiedAt) is not 0 and var order ? order : string.CompareOrdinal(a.Name, b.Name));

    /// <summary>The identity that a file is remembered by.</summary>
    public ulong IdOf(RemoteFile file) => LandedFiles.IdOf(file.Name, options.Changed is FileChange.Ignore ? null : file.Version);

    /// <summary>Lists, and takes the first files that have not been landed and are whole.</summary>
    /// <param name="landed">What has been landed.</param>
    /// <param name="limit">Files at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<FileBatch> NextAsync(LandedFiles landed, int limit, CancellationToken cancellationToken)
    {
        // The markers first: a file that is listed after its marker was there is whole.
        var markers = options.DoneMarker is null ? null : await MarkersAsync(cancellationToken);
        var (order, waiting, hasMore) = (Order, uint.MaxValue, false);
        var first = new PriorityQueue<RemoteFile, RemoteFile>(Comparer<RemoteFile>.Create((a, b) => order.Compare(b, a))); // the last of them on top
        limit = Math.Min(limit, MaxBatch);
        landed.Listing();
        await foreach (var listed in files.ListAsync(Folder, options.Recursive, cancellationToken))
        {
            if (!Belongs(listed) || landed.Has(IdOf(listed), LandedFiles.SecondOf(listed.ModifiedAt)))
                continue;
            var late = listed;
            if (IsWhole(listed, markers))
            {
                hasMore |= first.Count == limit;
                late = first.Count < limit ? null : first.EnqueueDequeue(listed, listed);
                if (late is null)
                    first.Enqueue(listed, listed);
            }

            if (late is not null)
                waiting = Math.Min(waiting, LandedFiles.SecondOf(late.ModifiedAt));
        }

        RemoteFile[] batch = [.. first.UnorderedItems.Select(i => i.Element)];
        Array.Sort(batch, order);
        return new(batch, waiting, hasMore);
    }

    /// <summary>The marker of a file; null when there is one for the folder, or none.</summary>
    public string? MarkerOf(RemoteFile file) => options.DoneMarker is { } marker && marker.Contains('{', StringComparison.Ordinal) ? MarkerBeside(file, marker) : null;

    string? Folder => string.IsNullOrEmpty(read.Read.Object?.Trim('/')) ? null : read.Read.Object.Trim('/');

    async Task<HashSet<string>> MarkersAsync(CancellationToken cancellationToken)
    {
        var markers = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var listed in files.ListAsync(Folder, options.Recursive, cancellationToken))
        {
            if (IsMarker(listed))
                markers.Add(listed.Name);
        }

        return markers;
    }

    bool Belongs(RemoteFile file) =>
        FileNames.Fits(pattern, file)
        && !IsMarker(file)
        && !options.Exclude.Any(p => FileNames.Fits(p, file))
        && !IsIgnored(file)
        && (_movedTo is null || !file.Name.StartsWith(_movedTo, StringComparison.Ordinal))
        && (read.Window is not { } window || (file.ModifiedAt >= window.From && file.ModifiedAt < window.To));

    bool IsIgnored(RemoteFile file)
    {
        if (options.Ignore.Count == 0)
            return false;
        var below = Folder is { } folder && file.Name.StartsWith(folder + "/", StringComparison.Ordinal) ? file.Name[(folder.Length + 1)..] : file.Name;
        return below.Split('/').Any(part => part is not (".." or ".") && options.Ignore.Any(p => FileNamePattern.IsMatch(p, part)));
    }

    bool IsWhole(RemoteFile file, HashSet<string>? markers) =>
        file.Length >= options.MinBytes
        && (_settle == TimeSpan.Zero || file.ModifiedAt <= clock - _settle)
        && (markers is null || markers.Contains(MarkerBeside(file, options.DoneMarker!)));

    bool IsMarker(RemoteFile file) => options.DoneMarker is { } marker && FileNamePattern.IsMatch(
        marker.Replace("{name}", "*", StringComparison.Ordinal).Replace("{stem}", "*", StringComparison.Ordinal), file.FileName);

    static string MarkerBeside(RemoteFile file, string marker) =>
        file.FolderName + marker
            .Replace("{name}", file.FileName, StringComparison.Ordinal)
            .Replace("{stem}", Path.GetFileNameWithoutExtension(file.FileName), StringComparison.Ordinal);
}
