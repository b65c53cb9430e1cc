using System.Buffers;

namespace DataIngestion.Conversion.Writing;

/// <summary>JSON strings: only what must be escaped is.</summary>
internal static class JsonText
{
    static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    public static void Write(ReadOnlySpan<byte> text, Utf8Buffer to)
    {
        to.Write((byte)'"');
        for (int at; (at = text.IndexOfAny(Escaped)) >= 0; text = text[(at + 1)..])
        {
            to.Write(text[..at]);
            Escape(text[at], to);
        }

        to.Write(text);
        to.Write((byte)'"');
    }

    static void Escape(byte character, Utf8Buffer to)
    {
        to.Write((byte)'\\');
        var known = character switch { (byte)'\n' => 'n', (byte)'\r' => 'r', (byte)'\t' => 't', (byte)'\b' => 'b', (byte)'\f' => 'f', >= 0x20 => (char)character, _ => 'u' };
        to.Write((byte)known);
        if (known != 'u')
            return;
        to.Write("00"u8);
        to.Write((byte)('0' + (character >> 4)));
        to.Write((byte)"0123456789abcdef"[character & 15]);
    }
}
