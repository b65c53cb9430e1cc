using System.Text;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>Opens the content of an input: decompressed, and text in UTF-8 without a byte order mark.</summary>
internal static class InputStreams
{
    public static Stream Open(CountingStream stored, FormatFinding finding, FormatHint hint, ConversionLimits limits)
    {
        var content = Layers.Open(stored, finding, limits);
        if (FormatCatalog.IsBinary(finding.Format))
            return content;
        var name = finding.Format is "json" or "ndjson" ? TextEncodings.OfJson(finding.Encoding ?? "unknown") : finding.Encoding;
        var found = name is null or "unknown" ? "utf-8" : name;
        var encoding = TextEncodings.IsCertain(found) ? found : hint.Encoding ?? found;
        var text = new BomSkippingStream(
            encoding is "utf-8" or "utf8" or "us-ascii" ? content : Encoding.CreateTranscodingStream(content, Find(encoding), new UTF8Encoding(false)));
        return hint.Trailer is { } trailer ? new TrailerStream(text, trailer) : text;
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
