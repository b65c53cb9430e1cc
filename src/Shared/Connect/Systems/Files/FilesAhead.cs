namespace DataIngestion.Connect;

/// <summary>Reads small files ahead into memory, several at once: what takes time with them is waiting for answers.</summary>
internal sealed class FilesAhead(Func<RemoteFile, Stream, CancellationToken, Task> copy, int parallel) : IAsyncDisposable
{
    /// <summary>Bytes that a file may have to be read ahead.</summary>
    public const int SmallBytes = 256 << 10;

    readonly CancellationTokenSource _stopping = new();
    readonly Dictionary<RemoteFile, Task<ReadOnlyMemory<byte>>> _under = [];

    /// <summary>The bytes of a file; null when it is too large for this. The files behind it are begun.</summary>
    public async Task<ReadOnlyMemory<byte>?> TakeAsync(IReadOnlyList<RemoteFile> files, int at, CancellationToken cancellationToken)
    {
        for (var i = at; i < files.Count && i < at + parallel && files[i].Length <= SmallBytes; i++)
        {
            if (!_under.ContainsKey(files[i]) && FileNames.Fault(files[i].Name) is null)
                _under.Add(files[i], ReadAsync(files[i]));
        }

        if (!_under.TryGetValue(files[at], out var reading))
            return null;
        var content = await reading.WaitAsync(cancellationToken);
        _under.Remove(files[at]);
        return content;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_under.Values).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default); // none may outlive the connection
        _stopping.Dispose();
    }

    async Task<ReadOnlyMemory<byte>> ReadAsync(RemoteFile file)
    {
        var content = new MemoryStream((int)file.Length);
        await copy(file, content, _stopping.Token);
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
