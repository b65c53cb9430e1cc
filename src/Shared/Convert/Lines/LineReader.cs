using System.Text.Unicode;

namespace DataIngestion.Conversion.Lines;

/// <summary>A line of text.</summary>
/// <param name="Bytes">Without its end; cut where it is too long.</param>
/// <param name="Number">From 1.</param>
/// <param name="Offset">Of its first byte in the content.</param>
/// <param name="IsTooLong">Whether it is longer than was allowed.</param>
internal sealed record TextLine(byte[] Bytes, long Number, long Offset, bool IsTooLong)
{
    public bool IsBlank => Bytes.AsSpan().IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\f') < 0;

    public bool IsUtf8 => Utf8.IsValid(Bytes);
}

/// <summary>Reads lines that end with LF or CR LF, in memory of one line.</summary>
/// <param name="mostBytes">A longer line is cut there, and its rest passed over.</param>
internal sealed class LineReader(Stream content, int mostBytes)
{
    const int BufferBytes = 128 << 10;

    readonly byte[] _buffer = new byte[BufferBytes];
    int _at;
    int _end;
    long _offset;
    long _number;

    /// <summary>The next line; null at the end. A line end at the end of the content begins no line.</summary>
    public async ValueTask<TextLine?> NextAsync(CancellationToken cancellationToken)
    {
        var (start, isTooLong) = (_offset, false);
        byte[] line = [];
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, await content.ReadAsync(_buffer, cancellationToken));
                if (_end == 0)
                    return _offset == start ? null : new(line, ++_number, start, isTooLong);
            }

            var rest = _buffer.AsSpan(_at, _end - _at);
            var feed = rest.IndexOf((byte)'\n');
            var piece = feed < 0 ? rest : rest[..feed];
            var room = mostBytes - line.Length;
            isTooLong |= piece.Length > room;
            var some = piece[..Math.Min(piece.Length, room)];
            line = line.Length == 0 ? some.ToArray() : [.. line, .. some];
            (_at, _offset) = (_at + piece.Length + (feed < 0 ? 0 : 1), _offset + piece.Length + (feed < 0 ? 0 : 1));
            if (feed >= 0)
                return new(line is [.. var without, (byte)'\r'] ? without : line, ++_number, start, isTooLong);
        }
    }
}
