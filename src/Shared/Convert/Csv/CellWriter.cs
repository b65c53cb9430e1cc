using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>
/// Makes the text of a record's cells where it is not simply there: escapes other than doubled quotes, and quotes that stand alone among doubled ones.
/// </summary>
internal sealed class CellWriter(CsvMarkup markup)
{
    byte[] _bytes = [];
    Cell[] _cells = [];

    /// <summary>What the cells that <see cref="Write"/> returned point into.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public ReadOnlySpan<Cell> Write(ReadOnlySpan<byte> data, ReadOnlySpan<Cell> cells, IReadOnlyList<int> escapedText)
    {
        var size = 0;
        foreach (var cell in cells)
            size += cell.Length;
        if (_bytes.Length < size)
            _bytes = new byte[Math.Max(size, 4096)];
        if (_cells.Length < cells.Length)
            _cells = new Cell[Math.Max(cells.Length, 64)];
        var (at, next) = (0, 0);
        for (var i = 0; i < cells.Length; i++)
        {
            var text = data.Slice(cells[i].Start, cells[i].Length);
            var start = at;
            var isEscapedText = next < escapedText.Count && escapedText[next] == i;
            next += isEscapedText ? 1 : 0;
            if (isEscapedText || cells[i].Kind == CellKind.QuotedEscaped)
            {
                at = Unescape(text, at);
            }
            else
            {
                text.CopyTo(_bytes.AsSpan(at));
                at += text.Length;
            }

            _cells[i] = new(start, at - start, cells[i].Kind == CellKind.QuotedEscaped ? CellKind.Quoted : cells[i].Kind);
        }

        return _cells.AsSpan(0, cells.Length);
    }

    int Unescape(ReadOnlySpan<byte> text, int at)
    {
        var escape = markup.Escape >= 0 ? markup.Escape : markup.Quote;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == escape && i + 1 < text.Length && (text[i + 1] == markup.Quote || (markup.Escape >= 0 && (text[i + 1] == escape || markup.IsDelimiter(text, i + 1)))))
                i++;
            _bytes[at++] = text[i];
        }

        return at;
    }
}
