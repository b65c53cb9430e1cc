using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Ofx;

/// <summary>How an OFX file begins: <c>OFXHEADER:100</c> and lines of fields in version 1, an XML declaration and <c>&lt;?OFX ...?&gt;</c> in version 2.</summary>
internal static class OfxHeader
{
    const int HeadBytes = 4_096;

    /// <summary>The content as text.</summary>
    public static async Task<TextReader> OpenAsync(Stream content, string? configured, CancellationToken cancellationToken)
    {
        var head = new byte[HeadBytes];
        var read = await content.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.Latin1.GetString(head, 0, read);
        var start = text.IndexOf("<OFX>", StringComparison.OrdinalIgnoreCase);
        var encoding = configured is null ? EncodingOf(start < 0 ? text : text[..start]) : InputStreams.Find(configured);
        return new StreamReader(new HeadStream(head.AsSpan(0, read).ToArray(), content), encoding, detectEncodingFromByteOrderMarks: true, 1 << 16);
    }

    static Encoding EncodingOf(string header)
    {
        if (Declared(header, "encoding=\"") is { } declared && header.TrimStart('\uFEFF', '\u00EF', '\u00BB', '\u00BF', ' ', '\r', '\n').StartsWith("<?xml", StringComparison.Ordinal))
            return InputStreams.Find(declared);
        var (encoding, charset) = (Field(header, "ENCODING"), Field(header, "CHARSET"));
        if (encoding is "UTF-8" or "UNICODE" || charset is "UTF-8" or null or "NONE" || charset.Length == 0)
            return new UTF8Encoding(false);
        return InputStreams.Find(charset.All(char.IsAsciiDigit) ? "windows-" + charset : charset);
    }

    /// <summary>A field of the header of version 1; some files have all of them in one line.</summary>
    static string? Field(string header, string name)
    {
        var at = header.IndexOf(name + ":", StringComparison.Ordinal);
        if (at < 0)
            return null;
        var value = header.AsSpan(at + name.Length + 1);
        var end = value.IndexOfAny(" \r\n\t<");
        return (end < 0 ? value : value[..end]).ToString().ToUpperInvariant();
    }

    static string? Declared(string header, string before)
    {
        var at = header.IndexOf(before, StringComparison.OrdinalIgnoreCase);
        var end = at < 0 ? -1 : header.IndexOf('"', at + before.Length);
        return end < 0 ? null : header[(at + before.Length)..end];
    }

    /// <summary>Bytes that were read, and those behind them.</summary>
    sealed class HeadStream(byte[] head, Stream inner) : ReadOnlyStream
    {
        int _at;

        public override int Read(Span<byte> buffer) => _at < head.Length ? Take(buffer) : inner.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _at < head.Length ? new(Take(buffer.Span)) : inner.ReadAsync(buffer, cancellationToken);

        int Take(Span<byte> buffer)
        {
            var take = Math.Min(buffer.Length, head.Length - _at);
            head.AsSpan(_at, take).CopyTo(buffer);
            _at += take;
            return take;
        }
    }
}
