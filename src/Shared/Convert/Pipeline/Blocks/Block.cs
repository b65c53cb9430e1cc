using System.Buffers;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>A piece of the content that begins with a record, in pooled memory. Not thread-safe; handed from one owner to the next.</summary>
internal sealed class Block : IDisposable
{
    /// <summary>Bytes behind the content that may be read, whatever they are, so that vectors need no bounds.</summary>
    public const int Slack = 64;

    byte[] _bytes;

    public Block(int capacity) => _bytes = ArrayPool<byte>.Shared.Rent(checked(capacity + Slack));

    /// <summary>Bytes of content.</summary>
    public int Length { get; set; }

    /// <summary>Whether the content begins here.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether the content ends here.</summary>
    public bool IsLast { get; set; }

    public int Capacity => _bytes.Length - Slack;

    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, Length);

    /// <summary>The memory behind the content.</summary>
    public Memory<byte> Room => _bytes.AsMemory(Length, Capacity - Length);

    public void Add(ReadOnlySpan<byte> content)
    {
        Grow(Length + content.Length);
        content.CopyTo(_bytes.AsSpan(Length));
        Length += content.Length;
    }

    public void Grow(int capacity)
    {
        if (capacity <= Capacity)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(checked(capacity + Slack));
        Content.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }
}
