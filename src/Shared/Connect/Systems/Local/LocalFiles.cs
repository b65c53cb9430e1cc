using System.Runtime.CompilerServices;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The files below a folder of this machine. A link counts as what it leads to if that lies below the folder, and else is not there.</summary>
internal sealed class LocalFiles(SourceSite site, string folder) : IRemoteFolder
{
    const int MaxDepth = 64;
    const int BufferBytes = 256 << 10;

    static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = false, ReturnSpecialDirectories = false };

    /// <inheritdoc />
    public int Parallel => 4;

    /// <inheritdoc />
    public Task<string> ProbeAsync(CancellationToken cancellationToken) => TryAsync(() =>
    {
        using var entries = Directory.EnumerateFileSystemEntries(Present()).GetEnumerator();
        entries.MoveNext();
        return $"folder '{folder}'";
    });

    /// <inheritdoc />
    public async IAsyncEnumerable<RemoteFile> ListAsync(string? below, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Present();
        var open = new Stack<(string Name, int Depth)>([(below is null ? "" : below + "/", 0)]);
        while (open.TryPop(out var next))
        {
            if (PathOf(next.Name) is not { } path)
                throw site.Fail("address-refused", $"the folder '{FileNames.Show(next.Name)}' leads out of '{folder}'.", isTransient: false);
            using var entries = await EntriesAsync(path, next.Name, next.Depth);
            while (await TryAsync(entries.MoveNext, next.Name))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var name = next.Name + entries.Current.Name;
                if (entries.Current is DirectoryInfo found)
                {
                    // Folders that are links are not entered: they could lead in circles.
                    if (recursive && found.LinkTarget is null && next.Depth < MaxDepth)
                        open.Push((name + "/", next.Depth + 1));
                }
                else if (await FindAsync(name, cancellationToken) is { } file)
                {
                    yield return file;
                }
            }
        }
    }

    /// <inheritdoc />
    public async Task<Stream> OpenReadAsync(RemoteFile file, long offset, CancellationToken cancellationToken)
    {
        if (await FindAsync(file.Name, cancellationToken) is not { } there || there.Version != file.Version)
            throw Changed(file);
        if (file.Length == 0)
            return Stream.Null; // and so no pipe is opened, which would wait for a writer
        return await TryAsync<Stream>(
            () =>
            {
                // Others may write, rename and delete it meanwhile; that is noticed behind the last byte.
                var content = new FileStream(
                    PathOf(file.Name) ?? throw Changed(file),
                    new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
                content.Position = offset;
                return content;
            },
            file.Name);
    }

    /// <inheritdoc />
    public Task<RemoteFile?> FindAsync(string name, CancellationToken cancellationToken) => TryAsync(
        () =>
        {
            if (PathOf(name) is not { } path)
                return null;
            var info = new FileInfo(path);
            return info.Exists && (info.Attributes & (FileAttributes.Directory | FileAttributes.Device)) == FileAttributes.None ? new RemoteFile(name, info.Length, new(info.LastWriteTimeUtc, TimeSpan.Zero)) : null;
        },
        name);

    /// <inheritdoc />
    public Task<bool> MoveAsync(string name, string target, CancellationToken cancellationToken) => TryAsync(
        () =>
        {
            var (from, to) = (Own(name), Own(target));
            if (File.Exists(to))
                return false;
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Move(from, to, overwrite: false);
            return true;
        },
        name);

    /// <inheritdoc />
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => TryAsync(
        () =>
        {
            File.Delete(Own(name));
            return true;
        },
        name);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<IEnumerator<FileSystemInfo>> EntriesAsync(string path, string name, int depth)
    {
        try
        {
            return await TryAsync(() => new DirectoryInfo(path).EnumerateFileSystemInfos("*", Everything).GetEnumerator(), name);
        }
        catch (StepFailedException gone) when (depth > 0 && gone.Failure.Code == "not-found")
        {
            return Enumerable.Empty<FileSystemInfo>().GetEnumerator(); // removed since its parent was listed
        }
    }

    // A mount that went away leaves an empty folder, or none; its files must not count as gone.
    string Present() => Directory.Exists(folder)
        ? folder
        : throw site.Fail("source-unavailable", $"the folder '{folder}' is not there: if it is mounted, the mount is gone.", isTransient: true);

    // Where a name really leads; null when that is not below the folder.
    string? PathOf(string name)
    {
        var path = RealPath.Of(Path.Combine(folder, name));
        return RealPath.IsWithin(folder, path) ? path : null;
    }

    // The entry itself, be it a link, in a folder that is really below ours.
    string Own(string name)
    {
        var slash = name.LastIndexOf('/') + 1;
        return Path.Combine(PathOf(name[..slash]) ?? throw site.Fail("address-refused", $"'{FileNames.Show(name)}' leads out of '{folder}'.", isTransient: false), name[slash..]);
    }

    StepFailedException Changed(RemoteFile file) =>
        site.Fail("file-changed", $"'{FileNames.Show(file.Name)}' is not the version any more that was listed ({file.Length:N0} bytes of {file.ModifiedAt.UtcDateTime:O}). It is read again when it has settled.", isTransient: true);

    // Calls of a file system block: not on the caller's thread, and a stale handle or a lost share is an exception like any other.
    async Task<T> TryAsync<T>(Func<T> work, string name = "")
    {
        try
        {
            return await Task.Run(work);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw site.Fail("forbidden", $"'{FileNames.Show(name)}' in '{folder}': the process has no right to it.", isTransient: false, refused);
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            Present();
            throw site.Fail("not-found", $"'{FileNames.Show(name)}' in '{folder}' is not there.", isTransient: false, gone);
        }
        catch (IOException broken)
        {
            throw site.Fail("source-unavailable", $"'{FileNames.Show(name)}' in '{folder}' cannot be read now: {broken.Message}", isTransient: true, broken);
        }
    }
}
