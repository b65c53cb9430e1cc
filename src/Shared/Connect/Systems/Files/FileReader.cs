using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Reads files, each as one part, bytes as they are.</summary>
internal sealed class FileReader(IRemoteFiles files, SourceSite site, FileReadOptions options, SourceRead read, FileDefaults defaults, IFileChunks chunks) : ISourceReader
{
    const int BufferBytes = 512 << 10;
    const int SmallestPiece = 32 << 10; // what SFTP gives at a time

    LandedFiles? _landed;
    FileSelection? _selection;
    FileBatch? _batch;
    FilesAhead? _ahead;
    int _next;
    int _count = read.Landed.Count;
    bool _destinationFailed; // which no source can cure

    LimitsDefinition Limits => site.Connection.Limits;

    // In names the set must outlast the files; by modified time the floor speaks for what is old.
    bool ByName => (options.Track ?? (options.Changed is FileChange.Ignore ? FileTracking.Names : defaults.Track)) is FileTracking.Names;

    /// <inheritdoc />
    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (_count >= options.MaxFiles)
            return null;
        var landed = _landed ??= await LandedFiles.LoadAsync(read.Position, chunks, cancellationToken);
        var selection = _selection ??= await SelectionAsync(cancellationToken);
        if (_batch is null || (_next == _batch.Files.Count && _batch.HasMore))
        {
            (_batch, _next) = (await selection.NextAsync(landed, options.MaxFiles - _count, cancellationToken), 0);
            _ahead ??= files.Parallel > 1 ? new(CopyAsync, files.Parallel) : null;
        }

        if (_next == _batch.Files.Count)
            return null;

        var file = _batch.Files[_next];
        Check(file);
        if (_ahead is { } ahead && await ahead.TakeAsync(_batch.Files, _next, cancellationToken) is { } content)
            await destination.WriteAsync(content, cancellationToken);
        else
            await CopyAsync(file, destination, cancellationToken);
        _next++;
        _count++;
        landed.Add(selection.IdOf(file), ByName ? LandedFiles.SecondOf(read.StartedAt) : LandedFiles.SecondOf(file.ModifiedAt));
        if (!ByName && read.Window is null)
            landed.RaiseTo(Math.Min(read.StartedAt.ToUnixTimeSeconds() - (long)options.Overlap.TotalSeconds - 1, _batch.OldestBehind(_next) - 1L));
        return new()
        {
            Name = file.Name,
            Position = await landed.PositionAsync(ByName ? LandedFiles.SecondOf(read.StartedAt) : null, LandedFiles.SecondOf(read.StartedAt - options.Forget), cancellationToken),
            KnownAt = site.Time.GetUtcNow(),
            Headers = Headers(file),
        };
    }

    /// <inheritdoc />
    public async Task LandedAsync(SourcePart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (options.After is FileAftermath.Keep || FileOf(part) is not { } file)
            return;
        var folder = files as IRemoteFolder ?? throw site.Fail("configuration-invalid", "'after' can only be 'keep' here: files can be neither moved nor deleted.", isTransient: false);

        // What is there now may be a newer version, or nothing because it was moved before.
        if (await folder.FindAsync(file.Name, cancellationToken) is not { } there || there.Version != file.Version)
            return;
        await PutAwayAsync(folder, file, cancellationToken);
        if ((_selection ?? await SelectionAsync(cancellationToken)).MarkerOf(file) is { } name && await folder.FindAsync(name, cancellationToken) is { } marker)
            await PutAwayAsync(folder, marker, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _ahead?.DisposeAsync() ?? ValueTask.CompletedTask;

    async Task PutAwayAsync(IRemoteFolder folder, RemoteFile file, CancellationToken cancellationToken)
    {
        if (options.After is FileAftermath.Delete)
        {
            await folder.DeleteAsync(file.Name, cancellationToken);
            return;
        }

        var target = $"{options.MoveTo!.TrimEnd('/')}/{file.FileName}";
        if (!await folder.MoveAsync(file.Name, target, cancellationToken))
            await folder.MoveAsync(file.Name, string.Create(CultureInfo.InvariantCulture, $"{target}.{file.ModifiedAt.UtcDateTime:yyyyMMdd'T'HHmmssfff}"), cancellationToken);
    }

    async Task<FileSelection> SelectionAsync(CancellationToken cancellationToken)
    {
        // Modified times are the system's: "older than 30 s" is judged by its clock, where that is known.
        var ahead = await files.GetClockAsync(cancellationToken) is { } theirs ? theirs - site.Time.GetUtcNow() : TimeSpan.Zero;
        return new(files, options, options.Pattern ?? read.Dataset.Files ?? "*", read, defaults, read.StartedAt + ahead);
    }

    void Check(RemoteFile file)
    {
        if (FileNames.Fault(file.Name) is { } fault)
            throw site.Fail("name-refused", $"the name '{FileNames.Show(file.Name)}' {fault}: rename the file, or leave it out by 'exclude'.", isTransient: false);
        if (file.Length > options.MaxBytes)
            throw site.Fail("file-too-large", $"'{FileNames.Show(file.Name)}' has {file.Length:N0} bytes: expected at most {options.MaxBytes:N0} ('maxBytes'). Raise that, or leave the file out by 'exclude'.", isTransient: false);
    }

    // A connection that breaks is opened again where it broke, as often in a row as the source's limits allow.
    async Task CopyAsync(RemoteFile file, Stream destination, CancellationToken cancellationToken)
    {
        using var checksum = FileChecksum.For(file.Checksum);
        var (done, failures) = (0L, 0);
        while (true)
        {
            var before = done;
            try
            {
                await foreach (var count in CopyFromAsync(file, done, destination, checksum, cancellationToken))
                    done += count;
                if (done == file.Length)
                    break;
                throw await ShortAsync(file, done, cancellationToken);
            }
            catch (Exception broken) when (AsFailure(broken, file, cancellationToken) is { } failed)
            {
                failures = done > before ? 1 : failures + 1;
                if (!failed.Failure.IsTransient || failed.Failure.Code == "file-changed" || failed.Failure.RetryNotBefore is not null || failures >= Limits.Attempts)
                    throw ReferenceEquals(failed, broken) ? Rethrow(failed) : failed;
                await Task.Delay(Limits.Backoff * Math.Pow(2, failures - 1), site.Time, cancellationToken);
            }
        }

        if (checksum?.Mismatch() is { } computed)
            throw site.Fail("checksum-mismatch", $"'{FileNames.Show(file.Name)}' arrived as {computed}, but the system declares {file.Checksum}.", isTransient: true);
        if (files is IRemoteFolder folder)
            await UnchangedAsync(folder, file, cancellationToken);
    }

    // Reads one buffer while the other is being written.
    async IAsyncEnumerable<int> CopyFromAsync(
        RemoteFile file, long offset, Stream destination, FileChecksum? checksum, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[][] buffers = [ArrayPool<byte>.Shared.Rent(BufferBytes), ArrayPool<byte>.Shared.Rent(BufferBytes)];
        var (writing, turn, done) = (ValueTask.CompletedTask, 0, offset);
        try
        {
            using var idle = new CancellationTokenSource(Limits.AttemptTimeout, site.Time);
            await using var stop = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), idle);
            await using var content = await files.OpenReadAsync(file, offset, idle.Token);
            while (true)
            {
                var (count, broken) = await FillAsync(content, buffers[turn], idle);
                done += count;
                if (done > file.Length)
                    throw Changed(file, $"it has more than the {file.Length:N0} bytes that it was listed with");
                checksum?.Add(buffers[turn].AsSpan(0, count));
                var written = writing;
                writing = ValueTask.CompletedTask;
                await written;
                if (count == 0)
                    break;
                writing = WriteAsync(destination, buffers[turn].AsMemory(0, count), cancellationToken);
                turn ^= 1;
                yield return count;
                broken?.Throw();
            }
        }
        finally
        {
            await writing; // a buffer that is still being written must not be used by others
            Array.ForEach(buffers, b => ArrayPool<byte>.Shared.Return(b));
        }
    }

    // Some systems give a few kilobytes at a time: gathered, they are written at once. Each of them shows that the system is alive, and
    // what arrived before a break is kept: reading goes on behind it.
    async ValueTask<(int Count, ExceptionDispatchInfo? Broken)> FillAsync(Stream content, byte[] buffer, CancellationTokenSource idle)
    {
        var count = 0;
        try
        {
            while (count < BufferBytes - SmallestPiece)
            {
                idle.CancelAfter(Limits.AttemptTimeout);
                var arrived = await content.ReadAsync(buffer.AsMemory(count), idle.Token);
                if (arrived == 0)
                    break;
                count += arrived;
            }

            return (count, null);
        }
        catch (Exception broken) when (count > 0)
        {
            return (count, ExceptionDispatchInfo.Capture(broken));
        }
    }

    async ValueTask WriteAsync(Stream destination, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteAsync(bytes, cancellationToken);
        }
        catch
        {
            _destinationFailed = true;
            throw;
        }
    }

    async Task<StepFailedException> ShortAsync(RemoteFile file, long done, CancellationToken cancellationToken)
    {
        if (files is IRemoteFolder folder)
            await UnchangedAsync(folder, file, cancellationToken);
        return site.Fail("source-unavailable", $"'{FileNames.Show(file.Name)}' ended after {done:N0} of {file.Length:N0} bytes.", isTransient: true);
    }

    async Task UnchangedAsync(IRemoteFolder folder, RemoteFile file, CancellationToken cancellationToken)
    {
        var now = await folder.FindAsync(file.Name, cancellationToken);
        if (now is null)
            throw Changed(file, "it was deleted");
        if (now.Version != file.Version)
            throw Changed(file, $"it had {file.Length:N0} bytes of {file.ModifiedAt.UtcDateTime:O} and now has {now.Length:N0} of {now.ModifiedAt.UtcDateTime:O}");
    }

    // The next attempt lists again, and waits until the file has settled.
    StepFailedException Changed(RemoteFile file, string how) =>
        site.Fail("file-changed", $"'{FileNames.Show(file.Name)}' changed while it was read: {how}. Nothing of it was landed; it is read again when it has settled.", isTransient: true);

    StepFailedException? AsFailure(Exception exception, RemoteFile file, CancellationToken cancellationToken) => exception switch
    {
        _ when _destinationFailed => null,
        StepFailedException failed => failed,
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException or TimeoutException => site.Fail("timeout", $"nothing more of '{FileNames.Show(file.Name)}' came within {Duration.Format(Limits.AttemptTimeout)}.", isTransient: true, exception),
        IOException or SocketException => site.Fail("source-unavailable", $"the connection broke while '{FileNames.Show(file.Name)}' was read.", isTransient: true, exception),
        _ => null,
    };

    static StepFailedException Rethrow(StepFailedException failed)
    {
        ExceptionDispatchInfo.Throw(failed);
        return failed;
    }

    static Dictionary<string, string> Headers(RemoteFile file)
    {
        var headers = new Dictionary<string, string>
        {
            ["length"] = $"{file.Length}",
            ["modified"] = file.ModifiedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        if (file.ETag is not null)
            headers["etag"] = file.ETag;
        if (file.Checksum is not null)
            headers["checksum"] = file.Checksum;
        return headers;
    }

    static RemoteFile? FileOf(SourcePart part) =>
        part.Headers.TryGetValue("length", out var length) && part.Headers.TryGetValue("modified", out var modified)
            ? new(part.Name, long.Parse(length, CultureInfo.InvariantCulture), DateTimeOffset.Parse(modified, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), part.Headers.GetValueOrDefault("etag"))
            : null;
}
