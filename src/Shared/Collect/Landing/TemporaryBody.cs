using System.Buffers;
using System.Security.Cryptography;

namespace DataIngestion.Collect;

/// <summary>A body on its way to landing: a temporary file that goes away with this object, with length and hash of what was put in.</summary>
internal sealed class TemporaryBody : IAsyncDisposable
{
    readonly FileStream _file = new(
        Path.Combine(Path.GetTempPath(), $"ingest-{Path.GetRandomFileName()}"),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            BufferSize = 64 << 10,
        });

    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes put in.</summary>
    public long Length { get; private set; }

    /// <summary>SHA-256 of what was put in, lower-case hexadecimal.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Forgets what was put in.</summary>
    public void Clear()
    {
        _file.SetLength(0);
        Length = 0;
        _ = _hash.GetHashAndReset();
    }

    /// <summary>Appends bytes.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _file.WriteAsync(bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
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

    /// <summary>What was put in, from the start. One reader at a time; not to be disposed.</summary>
    public Stream Rewind()
    {
        _file.Position = 0;
        return _file;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _file.DisposeAsync();
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
