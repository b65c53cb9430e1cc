using System.Buffers;

namespace DataIngestion.Connect;

/// <summary>Rows on their way out, written as bytes: the one being written, the last whole one, and what has gathered before it.</summary>
internal sealed class RowBuffer : IBufferWriter<byte>
{
    const int FlushAt = 256 << 10;

    byte[] _bytes = new byte[FlushAt + (64 << 10)];
    int _unwritten;
    int _previous;
    int _current;
    int _end;

    /// <summary>Bytes of the row being written.</summary>
    public ReadOnlySpan<byte> Current => _bytes.AsSpan(_current, _end - _current);

    /// <summary>Bytes of the row before it; empty when there is none.</summary>
    public ReadOnlySpan<byte> Previous => _bytes.AsSpan(_previous, _current - _previous);

    /// <summary>Whether it is time to call <see cref="FlushAsync"/>.</summary>
    public bool IsFull => _end >= FlushAt;

    /// <summary>The row being written is whole and belongs to the part; another one begins.</summary>
    public void Keep() => (_previous, _current) = (_current, _end);

    /// <summary>Writes out what was kept. The last kept row stays readable.</summary>
    public async ValueTask FlushAsync(Stream destination, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(_bytes.AsMemory(_unwritten, _current - _unwritten), cancellationToken);
        _bytes.AsSpan(_previous, _end - _previous).CopyTo(_bytes);
        (_current, _end, _previous) = (_current - _previous, _end - _previous, 0);
        _unwritten = _current;
    }

    /// <summary>Forgets the kept rows; the row being written stays.</summary>
    public void Clear()
    {
        Current.CopyTo(_bytes);
        (_current, _end, _previous, _unwritten) = (0, _end - _current, 0, 0);
    }

    /// <inheritdoc />
    public void Advance(int count) => _end += count;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_end);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_end);
    }

    void Reserve(int sizeHint)
    {
        if (_bytes.Length - _end < Math.Max(sizeHint, 4 << 10))
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + sizeHint + (4 << 10)));
    }
}
