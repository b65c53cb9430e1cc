namespace DataIngestion.Conversion;

/// <summary>What a content is recognised by: its first bytes, and any others where it can be seeked. Not thread-safe.</summary>
public sealed class ContentSample
{
    readonly ReadOnlyMemory<byte> _head;
    readonly Stream? _content;

    /// <summary>A sample of which nothing but the head can be looked at.</summary>
    /// <param name="head">The first bytes.</param>
    /// <param name="isWhole">Whether they are all bytes.</param>
    /// <param name="name">The file's name, a hint.</param>
    public ContentSample(ReadOnlyMemory<byte> head, bool isWhole, string? name = null)
    {
        _head = head;
        Length = isWhole ? head.Length : -1;
        Name = name;
    }

    /// <summary>A sample of a content that can be seeked; it stays open and must not be used by others meanwhile.</summary>
    /// <param name="head">The first bytes.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="name">The file's name, a hint.</param>
    public ContentSample(ReadOnlyMemory<byte> head, Stream content, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        _head = head;
        _content = content;
        Length = content.Length;
        Name = name;
    }

    /// <summary>The first bytes.</summary>
    public ReadOnlySpan<byte> Head => _head.Span;

    /// <summary>Bytes of the content; −1 where that is not known.</summary>
    public long Length { get; }

    /// <summary>The file's name, which only ever decides between what the bytes allow.</summary>
    public string? Name { get; }

    /// <summary>Whether the head is all of the content.</summary>
    public bool IsWhole => Length == _head.Length;

    /// <summary>The extension of <see cref="Name"/> with its dot, in lower case; empty for none.</summary>
    internal string Extension => Name is null ? "" : Path.GetExtension(Name).ToLowerInvariant();

    /// <summary>Reads bytes anywhere.</summary>
    /// <returns>False where they do not exist or cannot be reached.</returns>
    internal bool TryRead(long at, Span<byte> to)
    {
        if (at < 0 || (Length >= 0 && at > Length - to.Length))
            return false;
        if (at <= _head.Length - to.Length)
        {
            _head.Span.Slice((int)at, to.Length).CopyTo(to);
            return true;
        }

        if (_content is null)
            return false;
        try
        {
            _content.Position = at;
            return _content.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) == to.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The last bytes; empty where they cannot be reached.</summary>
    internal ReadOnlySpan<byte> Tail(int count)
    {
        if (Length < 0)
            return default;
        count = (int)Math.Min(count, Length);
        if (IsWhole)
            return Head[^count..];
        var tail = new byte[count];
        return TryRead(Length - count, tail) ? tail : default;
    }

    /// <summary>The whole content to be read here and there; null where there is only a head of it.</summary>
    internal Stream? Seekable() => _content ?? (IsWhole ? new MemoryStream(_head.ToArray(), writable: false) : null);
}
