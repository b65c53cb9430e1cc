using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>Counts what is read from the stored input.</summary>
internal sealed class CountingStream(Stream inner, Action<long>? progress) : ReadOnlyStream
{
    public long Count { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count += read;
        progress?.Invoke(Count);
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Count += read;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Stops a small input from becoming an endless one, and gives damage a name.</summary>
internal sealed class BoundedDecompression(Stream inner, CountingStream stored, string compression, ConversionLimits limits) : ReadOnlyStream
{
    const long Free = 64 << 20;
    long _count;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Check(await inner.ReadAsync(buffer, cancellationToken));
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw Damaged(damage);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Check(inner.Read(buffer));
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw Damaged(damage);
        }
    }

    static bool IsDamage(Exception e) => e is InvalidDataException or ZstdException or EndOfStreamException;

    ConversionException Damaged(Exception damage) =>
        new($"The {compression} compression is damaged or cut off after {_count} decompressed bytes: {damage.Message}", inner: damage);

    int Check(int read)
    {
        _count += read;
        if (_count > limits.MaxDecompressedBytes)
            throw new ConversionException($"The content is larger than {limits.MaxDecompressedBytes} bytes when decompressed.");
        if (_count > Free && _count / limits.MaxDecompressionRatio > stored.Count)
            throw new ConversionException($"The content grows more than {limits.MaxDecompressionRatio} times when decompressed ({stored.Count} to {_count} bytes so far).");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>Opens the content of an input: decompressed and in UTF-8, without a byte order mark.</summary>
internal static class InputStreams
{
    public static Stream Open(CountingStream stored, FormatFinding finding, FormatHint hint, ConversionLimits limits)
    {
        Stream content = finding.Compression switch
        {
            "gzip" => new BoundedDecompression(new GZipStream(stored, CompressionMode.Decompress), stored, "gzip", limits),
            "zstd" => new BoundedDecompression(new DecompressionStream(stored, leaveOpen: false), stored, "zstd", limits),
            _ => stored,
        };
        // XML declares its encoding itself, and its reader knows how to find it.
        if (finding.Format == "xml")
            return content;
        var name = finding.Format is "json" or "ndjson" ? TextEncodings.OfJson(finding.Encoding ?? "unknown") : finding.Encoding;
        var found = name is null or "unknown" ? "utf-8" : name;
        var encoding = TextEncodings.IsCertain(found) ? found : hint.Encoding ?? found;
        var skip = new BomSkippingStream(content);
        return encoding is "utf-8" or "utf8" or "us-ascii"
            ? skip
            : new BomSkippingStream(Encoding.CreateTranscodingStream(content, Find(encoding), new UTF8Encoding(false)));
    }

    public static Encoding Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException unknown)
        {
            throw new ConversionException($"There is no encoding '{name}'; expected an IANA name such as utf-8, utf-16 or windows-1252.", inner: unknown);
        }
    }
}

/// <summary>Leaves out a UTF-8 byte order mark.</summary>
internal sealed class BomSkippingStream(Stream inner) : ReadOnlyStream
{
    byte[]? _head;
    int _headAt;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_head is null)
        {
            var head = new byte[3];
            var read = await inner.ReadAtLeastAsync(head, 3, throwOnEndOfStream: false, cancellationToken);
            Keep(head, read);
        }

        return _headAt < _head!.Length ? TakeHead(buffer.Span) : await inner.ReadAsync(buffer, cancellationToken);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_head is null)
        {
            var head = new byte[3];
            Keep(head, inner.ReadAtLeast(head, 3, throwOnEndOfStream: false));
        }

        return _headAt < _head!.Length ? TakeHead(buffer) : inner.Read(buffer);
    }

    void Keep(byte[] head, int read) => _head = head.AsSpan(0, read).SequenceEqual("\uFEFF"u8) ? [] : head[..read];

    int TakeHead(Span<byte> buffer)
    {
        var take = Math.Min(buffer.Length, _head!.Length - _headAt);
        _head.AsSpan(_headAt, take).CopyTo(buffer);
        _headAt += take;
        return take;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
