using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Xml;

/// <summary>
/// Markup whose XML declaration comes after white space, as in documents cut out of others: the declaration goes before the space, so that parsers take
/// it and lines keep their numbers. Everything else is passed on as it is.
/// </summary>
internal sealed class MarkupStart(Stream inner) : ReadOnlyStream
{
    const int HeadBytes = 2_048;
    byte[]? _head;
    int _headAt;

    public override int Read(Span<byte> buffer)
    {
        if (_head is null)
        {
            var head = new byte[HeadBytes];
            _head = Settle(head[..inner.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)]);
        }

        return _headAt < _head.Length ? TakeHead(buffer) : inner.Read(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_head is null)
        {
            var head = new byte[HeadBytes];
            _head = Settle(head[..await inner.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, cancellationToken)]);
        }

        return _headAt < _head.Length ? TakeHead(buffer.Span) : await inner.ReadAsync(buffer, cancellationToken);
    }

    static byte[] Settle(byte[] head)
    {
        var text = head.AsSpan();
        if (text.StartsWith("\uFEFF"u8))
            text = text[3..];
        var start = text.IndexOfAnyExcept(" \t\r\n"u8);
        if (start <= 0 || !text[start..].StartsWith("<?xml "u8) || text[start..].IndexOf("?>"u8) is not (>= 0 and var end))
            return head;
        var declaration = text.Slice(start, end + 2);
        return [.. declaration, .. text[..start], .. text[(start + declaration.Length)..]];
    }

    int TakeHead(Span<byte> buffer)
    {
        var take = Math.Min(buffer.Length, _head!.Length - _headAt);
        _head.AsSpan(_headAt, take).CopyTo(buffer);
        _headAt += take;
        return take;
    }
}
