using System.Runtime.CompilerServices;
using DataIngestion.Contracts;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace DataIngestion.Connect;

/// <summary>The files below a folder of an SFTP server. A session that broke is opened again when it is used next.</summary>
internal sealed class SftpFiles(SourceSite site, SftpSession session, SftpClient opened) : IRemoteFolder
{
    const int MaxDepth = 64;

    readonly string _base = BaseOf(site.Address);
    readonly SemaphoreSlim _opening = new(1);
    SftpClient _client = opened;

    /// <inheritdoc />
    public bool CanBeReused => _client.IsConnected;

    /// <inheritdoc />
    public int Parallel => 8;

    /// <inheritdoc />
    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        await AskAsync(c => c.GetAttributesAsync(_base, cancellationToken), $"the folder '{_base}'", cancellationToken);
        return $"SFTP {_client.ProtocolVersion}, {_client.ConnectionInfo.ServerVersion}";
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RemoteFile> ListAsync(string? folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new Stack<(string Name, int Depth)>([(folder is null ? "" : folder + "/", 0)]);
        while (open.TryPop(out var next))
        {
            await foreach (var entry in EntriesAsync(next.Name, next.Depth, cancellationToken))
            {
                var name = next.Name + entry.Name;
                if (entry.Attributes.IsRegularFile) // links are not followed: they could lead anywhere
                    yield return new(name, entry.Length, new(entry.LastWriteTimeUtc, TimeSpan.Zero));
                else if (recursive && entry.Attributes.IsDirectory && entry.Name is not ("." or "..") && next.Depth < MaxDepth)
                    open.Push((FileNames.Fault(name) is { } fault ? throw site.Fail("name-refused", $"the folder '{FileNames.Show(name)}' {fault}: rename it, or read another folder.", isTransient: false) : name + "/", next.Depth + 1));
            }
        }
    }

    /// <inheritdoc />
    public async Task<Stream> OpenReadAsync(RemoteFile file, long offset, CancellationToken cancellationToken)
    {
        if (offset > 0 && (await FindAsync(file.Name, cancellationToken))?.Version != file.Version)
            throw Changed(file);
        try
        {
            var content = await AskAsync(c => c.OpenAsync(PathOf(file.Name), FileMode.Open, FileAccess.Read, cancellationToken), $"the file '{FileNames.Show(file.Name)}'", cancellationToken);
            content.Seek(offset, SeekOrigin.Begin);
            return new TranslatingStream(content, e => session.Translate(e, $"the file '{FileNames.Show(file.Name)}'"));
        }
        catch (StepFailedException gone) when (gone.Failure.Code == "not-found")
        {
            throw Changed(file);
        }
    }

    /// <inheritdoc />
    public async Task<RemoteFile?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await AskAsync(c => c.GetAttributesAsync(PathOf(name), cancellationToken), $"the file '{FileNames.Show(name)}'", cancellationToken);
            return found.IsRegularFile ? new(name, found.Size, new(found.LastWriteTimeUtc, TimeSpan.Zero)) : null;
        }
        catch (StepFailedException gone) when (gone.Failure.Code == "not-found")
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async Task<bool> MoveAsync(string name, string target, CancellationToken cancellationToken)
    {
        if (await FindAsync(target, cancellationToken) is not null)
            return false;
        var what = $"moving '{FileNames.Show(name)}' to '{FileNames.Show(target)}'";
        try
        {
            await AskAsync(c => Done(c.RenameFileAsync(PathOf(name), PathOf(target), cancellationToken)), what, cancellationToken);
        }
        catch (StepFailedException noFolder) when (noFolder.Failure.Code == "not-found")
        {
            await MakeFolderAsync(target[..target.LastIndexOf('/')], cancellationToken);
            await AskAsync(c => Done(c.RenameFileAsync(PathOf(name), PathOf(target), cancellationToken)), what, cancellationToken);
        }

        return true;
    }

    /// <inheritdoc />
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(c => Done(c.DeleteFileAsync(PathOf(name), cancellationToken)), $"deleting '{FileNames.Show(name)}'", cancellationToken);
        }
        catch (StepFailedException gone) when (gone.Failure.Code == "not-found")
        {
            // deleted before
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _opening.Dispose();
        return ValueTask.CompletedTask;
    }

    async IAsyncEnumerable<ISftpFile> EntriesAsync(string folder, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var what = $"the folder '{FileNames.Show(PathOf(folder).TrimEnd('/'))}'";
        var client = await OpenedAsync(cancellationToken);
        await using var entries = client.ListDirectoryAsync(PathOf(folder.TrimEnd('/')), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await entries.MoveNextAsync())
                    yield break;
            }
            catch (SftpPathNotFoundException) when (depth > 0)
            {
                yield break; // removed since its parent was listed
            }
            catch (Exception exception) when (SftpSession.IsKnown(exception))
            {
                throw session.Translate(exception, what)!;
            }

            yield return entries.Current;
        }
    }

    async Task MakeFolderAsync(string folder, CancellationToken cancellationToken)
    {
        for (var slash = folder.IndexOf('/', StringComparison.Ordinal); ; slash = folder.IndexOf('/', slash + 1))
        {
            var path = PathOf(slash < 0 ? folder : folder[..slash]);
            if (!await AskAsync(c => c.ExistsAsync(path, cancellationToken), $"the folder '{path}'", cancellationToken))
                await AskAsync(c => Done(c.CreateDirectoryAsync(path, cancellationToken)), $"making the folder '{path}'", cancellationToken);
            if (slash < 0)
                return;
        }
    }

    async Task<T> AskAsync<T>(Func<SftpClient, Task<T>> question, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await question(await OpenedAsync(cancellationToken));
        }
        catch (Exception exception) when (SftpSession.IsKnown(exception))
        {
            throw session.Translate(exception, what)!;
        }
    }

    async Task<SftpClient> OpenedAsync(CancellationToken cancellationToken)
    {
        if (_client.IsConnected)
            return _client;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_client.IsConnected)
                return _client;
            _client.Dispose();
            return _client = await session.OpenAsync(cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    StepFailedException Changed(RemoteFile file) =>
        site.Fail("file-changed", $"'{FileNames.Show(file.Name)}' is not the version any more that was listed ({file.Length:N0} bytes of {file.ModifiedAt.UtcDateTime:O}). It is read again when it has settled.", isTransient: true);

    string PathOf(string name) => name.Length == 0 ? _base : _base.EndsWith('/') ? _base + name : $"{_base}/{name}";

    static async Task<bool> Done(Task work)
    {
        await work;
        return true;
    }

    // sftp://host/out is the folder /out; sftp://host/~/out one in the user's own.
    static string BaseOf(Uri address)
    {
        var path = Uri.UnescapeDataString(address.AbsolutePath);
        if (path.StartsWith("/~", StringComparison.Ordinal))
            path = path.Length > 3 ? path[3..] : ".";
        return path.Length > 1 ? path.TrimEnd('/') : path;
    }
}
