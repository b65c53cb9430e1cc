using System.Buffers;
using System.Text;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>The bytes that the cells of a row point into, where a reader has to put them together. Grows with the largest row.</summary>
internal sealed class RowText
{
    static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);
    byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Write(byte value)
    {
        if (Length == _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        _bytes[Length++] = value;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - Length < bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)Length + bytes.Length)));
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Writes text as UTF-8.</summary>
    public void Write(ReadOnlySpan<char> text)
    {
        Span<byte> small = stackalloc byte[256];
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var room = size <= small.Length ? small : new byte[size];
        Write(room[..Encoding.UTF8.GetBytes(text, room)]);
    }

    /// <summary>Writes a JSON string.</summary>
    public void WriteJson(ReadOnlySpan<byte> text)
    {
        Write((byte)'"');
        for (int at; (at = text.IndexOfAny(Escaped)) >= 0; text = text[(at + 1)..])
        {
            Write(text[..at]);
            Escape(text[at]);
        }

        Write(text);
        Write((byte)'"');
    }

    void Escape(byte character)
    {
        Write((byte)'\\');
        if (character >= 0x20)
        {
            Write(character);
            return;
        }

        var letter = character switch { (byte)'\n' => 'n', (byte)'\r' => 'r', (byte)'\t' => 't', _ => 'u' };
        Write((byte)letter);
        if (letter != 'u')
            return;
        Write("00"u8);
        Write((byte)('0' + (character >> 4)));
        Write("0123456789abcdef"u8[character & 15]);
    }
}
