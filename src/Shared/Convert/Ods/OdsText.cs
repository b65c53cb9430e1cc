using DataIngestion.Conversion.Excel.Markup;

namespace DataIngestion.Conversion.Ods;

/// <summary>The text of a cell: its paragraphs, a line each, without annotations, drawings and ruby text.</summary>
internal sealed class OdsText(int mostBytes)
{
    const int MostSpaces = 1024;
    byte[] _text = new byte[256];
    int _length;

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>Whether it is the name of an error.</summary>
    public bool IsError => Text.StartsWith("Err:"u8) || Text.SequenceEqual("#N/A"u8) || (Text.StartsWith("#"u8) && Text.EndsWith("!"u8)) || Text.SequenceEqual("#NAME?"u8);

    /// <summary>Reads the content of the cell that started, to its end.</summary>
    public void Read(MarkupScanner scanner)
    {
        _length = 0;
        var (depth, paragraphs) = (scanner.Depth, 0);
        while (scanner.Read() && !(scanner.Token == MarkupToken.End && scanner.Depth == depth))
        {
            if (scanner.Token != MarkupToken.Start)
                continue;
            if (!scanner.Is("p"u8) && !scanner.Is("h"u8))
            {
                scanner.SkipElement();
                continue;
            }

            if (paragraphs++ > 0)
                Append("\n"u8);
            ReadParagraph(scanner);
        }
    }

    /// <summary>Runs of white space are one blank (part 3, 6.1.2); others are written as elements.</summary>
    void ReadParagraph(MarkupScanner scanner)
    {
        var depth = scanner.Depth;
        while (scanner.Read() && !(scanner.Token == MarkupToken.End && scanner.Depth == depth))
        {
            if (scanner.Token == MarkupToken.Text)
                AppendText(scanner);
            else if (scanner.Starts("s"u8))
                AppendSpaces(Math.Clamp(scanner.Number("c"u8) ?? 1, 1, MostSpaces));
            else if (scanner.Starts("tab"u8))
                Append("\t"u8);
            else if (scanner.Starts("line-break"u8))
                Append("\n"u8);
            else if (scanner.Starts("ruby-text"u8) || scanner.Starts("annotation"u8) || scanner.Starts("note"u8) || scanner.Starts("frame"u8))
                scanner.SkipElement();
        }
    }

    void AppendSpaces(int count)
    {
        for (var i = 0; i < count; i++)
            Append(" "u8);
    }

    void AppendText(MarkupScanner scanner)
    {
        if (_length > mostBytes)
            return;
        Grow(scanner.RawText.Length);
        var start = _length;
        var end = start + scanner.CopyText(_text.AsSpan(start));
        for (var i = start; i < end; i++)
        {
            var isBlank = _text[i] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
            if (!isBlank || _length == start || _text[_length - 1] != ' ')
                _text[_length++] = isBlank ? (byte)' ' : _text[i];
        }
    }

    void Append(ReadOnlySpan<byte> text)
    {
        if (_length > mostBytes)
            return;
        Grow(text.Length);
        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    void Grow(int bytes)
    {
        if (_text.Length - _length < bytes)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + bytes));
    }
}
