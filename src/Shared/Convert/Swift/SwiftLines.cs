using System.Text;
using System.Text.Unicode;

namespace DataIngestion.Conversion.Swift;

/// <summary>A line without its end, and where it lies.</summary>
internal readonly record struct SwiftLine(string Text, long Number, long Offset);

/// <summary>Reads lines of bounded length; what is no UTF-8 is read as ISO 8859-1. Not thread-safe.</summary>
internal sealed class SwiftLines(Stream content, int maxBytes)
{
    byte[] _buffer = new byte[64 << 10];
    int _start;
    int _end;
    bool _ended;
    long _number;
    long _offset;

    /// <summary>Lines that were no UTF-8.</summary>
    public long Decoded { get; private set; }

    /// <summary>The next line; null at the end.</summary>
    /// <exception cref="ConversionException">A line is longer than a record may be.</exception>
    public async ValueTask<SwiftLine?> NextAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0 && !_ended)
            await FillAsync(cancellationToken);
        if (length < 0 && _start == _end)
            return null;
        var bytes = length < 0 ? _end - _start : length + 1;
        var line = new SwiftLine(Text(_buffer.AsSpan(_start, length < 0 ? bytes : length)), ++_number, _offset);
        _start += bytes;
        _offset += bytes;
        return line;
    }

    string Text(ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        if (Utf8.IsValid(line))
            return Encoding.UTF8.GetString(line);
        Decoded++;
        return Encoding.Latin1.GetString(line);
    }

    async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end > maxBytes)
            throw new ConversionException($"A line is longer than {maxBytes} bytes: this is no text of SWIFT messages.", _number + 1);
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await content.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _ended = read == 0;
    }
}
