using System.Security.Cryptography;

namespace DataIngestion.Recover;

/// <summary>Backups in a folder.</summary>
public sealed class FolderTarget(string folder) : IBackupTarget
{
    static readonly FileStreamOptions Reading = new() { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 1 << 17 };
    static readonly FileStreamOptions Creating = new() { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 1 << 17 };

    /// <inheritdoc />
    public string Name => folder;

    /// <inheritdoc />
    public async Task<StoredObject> StoreAsync(Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(open);
        var draft = Draft();
        try
        {
            string hash;
            long length;
            await using (var content = await open(cancellationToken))
            await using (var file = new FileStream(draft, Creating))
            {
                using var hashing = new HashingStream(content);
                await hashing.CopyToAsync(file, cancellationToken);
                (hash, length) = hashing.Finish();
                file.Flush(flushToDisk: true);
            }

            var path = PathOf(TargetNames.ObjectOf(hash));
            if (File.Exists(path))
                return new(hash, length, IsNew: false);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(draft, path, overwrite: true);
            return new(hash, length, IsNew: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <inheritdoc />
    public Task<Stream?> TryOpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(name), Reading));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc />
    public async Task WriteAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var draft = Draft();
        try
        {
            await using (var file = new FileStream(draft, Creating))
            {
                await content.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            var path = PathOf(name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListAsync(string below, CancellationToken cancellationToken)
    {
        var path = PathOf(below);
        IReadOnlyList<string> names = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path).Select(f => below + Path.GetFileName(f)).Order(StringComparer.Ordinal)]
            : [];
        return Task.FromResult(names);
    }

    /// <inheritdoc />
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    string PathOf(string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));

    // Beside the objects, so that a finished file is moved and not copied.
    string Draft()
    {
        var drafts = Path.Combine(folder, "drafts");
        Directory.CreateDirectory(drafts);
        return Path.Combine(drafts, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
    }
}
