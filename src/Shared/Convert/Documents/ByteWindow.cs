namespace DataIngestion.Conversion.Documents;

/// <summary>
/// The bytes of a stream that are at hand, and more when asked for. Memory follows what was asked for and has arrived, never a length that the
/// content merely claims.
/// </summary>
internal sealed class ByteWindow(Stream content, int size = 256 << 10)
{
    byte[] _buffer = new byte[size];
    int _start;
    int _end;

    /// <summary>Where the bytes at hand begin in the content.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the content has no more than what is at hand.</summary>
    public bool IsLast { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_start, _end - _start);

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, _end - _start);

    public int Length => _end - _start;

    public void Skip(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Whether there are so many bytes.</summary>
    public async ValueTask<bool> EnsureAsync(int count, CancellationToken cancellationToken)
    {
        while (Length < count && !IsLast)
            await MoreAsync(cancellationToken);
        return Length >= count;
    }

    /// <summary>Brings more bytes to hand, if there are any.</summary>
    public async ValueTask MoreAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        // A whole piece at a time: what is cut at its end is looked at again.
        var read = await content.ReadAtLeastAsync(_buffer.AsMemory(_end), _buffer.Length - _end, throwOnEndOfStream: false, cancellationToken);
        IsLast = read < _buffer.Length - _end;
        _end += read;
    }

    void MakeRoom()
    {
        if (Length > _buffer.Length / 2)
        {
            var larger = new byte[(int)Math.Min(Array.MaxLength, _buffer.Length * 2L)];
            Bytes.CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            Bytes.CopyTo(_buffer);
        }

        (_start, _end) = (0, Length);
    }
}
