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
}
