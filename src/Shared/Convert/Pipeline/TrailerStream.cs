using System.Text;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// Text without its last line, which must be a trailer: the last line that is not blank is held back until the text ends. Memory follows what
/// is read at once.
/// </summary>
internal sealed class TrailerStream(Stream inner, string trailer) : ReadOnlyStream
{
    /// <summary>Bytes of the longest trailer; a longer line is none.</summary>
    const int LongestLine = 64 << 10;

    const int ReadBytes = 128 << 10;
    const int Quoted = 100;

    readonly byte[] _trailer = Encoding.UTF8.GetBytes(trailer);
    byte[] _buffer = new byte[ReadBytes + LongestLine];
    int _start;
    int _ready;
    int _end;
    bool _isOver;

    public override int Read(Span<byte> buffer)
    {
        while (_start == _ready && !_isOver)
        {
            var room = MakeRoom();
            Take(inner.Read(room.Span));
        }

        return Give(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _ready && !_isOver)
        {
            var room = MakeRoom();
            Take(await inner.ReadAsync(room, cancellationToken));
        }

        return Give(buffer.Span);
    }

    Memory<byte> MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _ready, _end) = (0, 0, _end - _start);
        if (_buffer.Length - _end < ReadBytes)
            Array.Resize(ref _buffer, _end + ReadBytes);
        return _buffer.AsMemory(_end, ReadBytes);
    }

    void Take(int read)
    {
        _end += read;
        _isOver = read == 0;
        var last = LastLine(_buffer.AsSpan(_start, _end - _start));
        if (_isOver)
            Check(_buffer.AsSpan(_start + last, _end - _start - last));
        _ready = !_isOver && _end - _start - last > LongestLine ? _end : _start + last;
    }

    int Give(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _ready - _start);
        _buffer.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }

    /// <summary>Where the last line begins that is not blank.</summary>
    static int LastLine(ReadOnlySpan<byte> text)
    {
        var end = text.LastIndexOfAnyExcept("\r\n \t"u8) + 1;
        return text[..end].LastIndexOfAny((byte)'\n', (byte)'\r') + 1;
    }

    void Check(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(_trailer))
            return;
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, Quoted)]).TrimEnd();
        throw new ConversionException($"The last line is '{text}', where one is expected that begins with '{trailer}': the content was cut, fetch it again.");
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
