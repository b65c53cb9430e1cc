using System.Buffers;
using System.Security.Cryptography;

namespace DataIngestion.Collect;

/// <summary>
/// A body on its way to landing, with length and hash of what was put in: in memory while it is small, as most pages are, else in a
/// temporary file that goes away with this object.
/// </summary>
internal sealed class TemporaryBody : IAsyncDisposable
{
    /// <summary>Bytes that are kept in memory; a thousand collections under way hold a thousand times as much.</summary>
    public const int MaxInMemory = 128 << 10;

    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    byte[]? _memory;
    FileStream? _file;
    bool _isInFile;

    /// <summary>Bytes put in.</summary>
    public long Length { get; private set; }

    /// <summary>SHA-256 of what was put in, lower-case hexadecimal.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Forgets what was put in.</summary>
    public void Clear()
    {
        if (_isInFile)
            _file!.SetLength(0);
        _isInFile = false;
        Length = 0;
        _ = _hash.GetHashAndReset();
    }

    /// <summary>Appends bytes.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (MustGoToFile(bytes.Length))
            await File().WriteAsync(bytes, cancellationToken);
        else
            Keep(bytes.Span);
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (MustGoToFile(bytes.Length))
            File().Write(bytes);
        else
            Keep(bytes);
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    /// <summary>Puts a whole stream in, in place of what was there.</summary>
    public async Task FillAsync(Stream content, CancellationToken cancellationToken)
    {
        Clear();
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                await AppendAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A stream that appends, and forgets when its length is set to 0. Not to be disposed.</summary>
    public Stream Writer() => new Appending(this);

    /// <summary>What was put in, from the start. One reader at a time; not to be disposed, nor used after more was put in.</summary>
    public Stream Rewind()
    {
        if (!_isInFile)
            return new MemoryStream(_memory ?? [], 0, (int)Length, writable: false);
        _file!.Position = 0;
        return _file;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        if (_memory is not null)
            ArrayPool<byte>.Shared.Return(_memory);
        _memory = null;
        if (_file is not null)
            await _file.DisposeAsync();
    }

    bool MustGoToFile(int more) => _isInFile || Length + more > MaxInMemory;

    void Keep(ReadOnlySpan<byte> bytes)
    {
        var needed = (int)Length + bytes.Length;
        if (_memory is null || _memory.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(MaxInMemory, (_memory?.Length ?? 4096) * 2)));
            _memory?.AsSpan(0, (int)Length).CopyTo(larger);
            if (_memory is not null)
                ArrayPool<byte>.Shared.Return(_memory);
            _memory = larger;
        }

        bytes.CopyTo(_memory.AsSpan((int)Length));
    }

    FileStream File()
    {
        if (_isInFile)
            return _file!;
        _file ??= new(
            Path.Combine(Path.GetTempPath(), $"ingest-{Path.GetRandomFileName()}"),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
                BufferSize = 64 << 10,
            });
        _file.Position = 0;
        _file.Write(_memory.AsSpan(0, (int)Length));
        _isInFile = true;
        return _file;
    }

    sealed class Appending(TemporaryBody body) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => body.Length;

        public override long Position
        {
            get => body.Length;
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => body.AppendAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            body.AppendAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(ReadOnlySpan<byte> buffer) => body.Append(buffer);

        public override void Write(byte[] buffer, int offset, int count) => body.Append(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(value, 0);
            body.Clear();
        }
    }
}
