using System.Buffers;
using System.Text;

namespace DataIngestion.Conversion.Sec;

/// <summary>Lines of bytes, with where they are. Only the start of a long line is kept.</summary>
internal sealed class SecLines(Stream content)
{
    const int MostKept = 1 << 16;
    readonly byte[] _buffer = new byte[1 << 16];
    readonly ArrayBufferWriter<byte> _line = new(1024);
    int _at;
    int _length;

    /// <summary>Where the line begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the next line begins.</summary>
    public long Next { get; private set; }

    /// <summary>Its number, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Whether bytes of the line's end are missing in its text.</summary>
    public bool IsCut { get; private set; }

    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        _line.ResetWrittenCount();
        Offset = Next;
        IsCut = false;
        while (true)
        {
            if (_at == _length)
            {
                _length = await content.ReadAsync(_buffer, cancellationToken);
                _at = 0;
                if (_length == 0)
                    return Next == Offset ? null : Text();
            }

            var rest = _buffer.AsSpan(_at, _length - _at);
            var end = rest.IndexOf((byte)'\n');
            var take = end < 0 ? rest.Length : end + 1;
            var keep = (int)Math.Min(take, MostKept - _line.WrittenCount);
            _line.Write((ReadOnlySpan<byte>)rest[..keep]);
            IsCut |= keep < take;
            _at += take;
            Next += take;
            if (end >= 0)
                return Text();
        }
    }

    string Text()
    {
        Line++;
        var bytes = _line.WrittenSpan.TrimEnd("\r\n"u8);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }
}
