using DataIngestion.Conversion.Excel.Markup;

namespace DataIngestion.Conversion.Excel.OpenXml;

/// <summary>The text of a string item (ECMA-376 part 1, 18.4.8): all its runs, without the phonetic ones.</summary>
internal sealed class RichText
{
    byte[] _text = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, Length);

    /// <summary>Reads the element that started, to its end.</summary>
    public void Read(MarkupScanner scanner, int mostBytes)
    {
        Length = 0;
        var depth = scanner.Depth;
        while (scanner.Read() && !(scanner.Token == MarkupToken.End && scanner.Depth == depth))
        {
            if (scanner.Token != MarkupToken.Start)
                continue;
            if (scanner.Is("rPh"u8))
                scanner.SkipElement();
            else if (scanner.Is("t"u8))
                Append(scanner, mostBytes);
        }

        Length = Unescape(_text.AsSpan(0, Length));
    }

    /// <summary>Adds the text of the element that started, to its end. What is longer than a field may be is not kept, but a byte, so that it shows.</summary>
    void Append(MarkupScanner scanner, int mostBytes)
    {
        var depth = scanner.Depth;
        while (scanner.Read() && !(scanner.Token == MarkupToken.End && scanner.Depth == depth))
        {
            if (scanner.Token != MarkupToken.Text || Length > mostBytes)
                continue;
            if (_text.Length - Length < scanner.RawText.Length)
                Array.Resize(ref _text, Math.Max(_text.Length * 2, Length + scanner.RawText.Length));
            Length += scanner.CopyText(_text.AsSpan(Length));
        }
    }

    /// <summary>Reads the plain text of the element that started, to its end.</summary>
    public void ReadPlain(MarkupScanner scanner, int mostBytes)
    {
        Length = 0;
        Append(scanner, mostBytes);
    }

    /// <summary>Replaces <c>_x000D_</c> and its like, which stand for characters that XML does not have (22.9.2.19).</summary>
    public static int Unescape(Span<byte> text)
    {
        var from = text.IndexOf("_x"u8);
        if (from < 0)
            return text.Length;
        var length = from;
        for (var at = from; at < text.Length;)
        {
            if (TryEscape(text[at..], out var code))
            {
                at += 7;
                var next = 0;
                if (char.IsHighSurrogate((char)code) && TryEscape(text[at..], out next) && char.IsLowSurrogate((char)next))
                    at += 7;
                else
                    next = 0;
                var rune = next != 0 ? new System.Text.Rune((char)code, (char)next) : System.Text.Rune.TryCreate(code, out var plain) ? plain : System.Text.Rune.ReplacementChar;
                length += rune.EncodeToUtf8(text[length..]);
            }
            else
            {
                text[length++] = text[at++];
            }
        }

        return length;
    }

    static bool TryEscape(ReadOnlySpan<byte> text, out int code)
    {
        code = 0;
        return text.Length >= 7 && text[0] == '_' && text[1] == 'x' && text[6] == '_'
            && System.Buffers.Text.Utf8Parser.TryParse(text.Slice(2, 4), out code, out var read, 'x') && read == 4;
    }
}
