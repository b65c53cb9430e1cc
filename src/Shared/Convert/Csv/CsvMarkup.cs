using System.Buffers;
using System.Text;

namespace DataIngestion.Conversion.Csv;

/// <summary>A dialect in bytes.</summary>
internal sealed class CsvMarkup
{
    readonly SearchValues<byte> _marks;

    public CsvMarkup(CsvDialect dialect)
    {
        Dialect = dialect;
        Delimiter = Encoding.UTF8.GetBytes(dialect.Delimiter);
        if (Delimiter.Length == 0 || Delimiter.AsSpan().IndexOfAny("\r\n"u8) >= 0)
            throw new ConversionException("A delimiter needs at least one character and may not hold a line end.");
        if (dialect.Quote > '\x7f' || dialect.Escape > '\x7f')
            throw new ConversionException("Quote and escape must be ASCII characters.");
        Quote = dialect.Quote ?? -1;
        Escape = dialect.HasOwnEscape ? dialect.Escape!.Value : -1;
        Comment = dialect.Comment is { } comment ? Encoding.UTF8.GetBytes(comment) : [];
        LineEndByte = dialect.LineEnd == LineEnd.CarriageReturn ? (byte)'\r' : (byte)'\n';
        IsSimple = Delimiter.Length == 1 && Escape < 0 && dialect.LineEnd != LineEnd.Any;
        var marks = new List<byte> { Delimiter[0], LineEndByte };
        if (Quote >= 0)
            marks.Add((byte)Quote);
        if (Escape >= 0)
            marks.Add((byte)Escape);
        if (dialect.LineEnd == LineEnd.Any)
            marks.Add((byte)'\r');
        _marks = SearchValues.Create([.. marks]);
    }

    public CsvDialect Dialect { get; }

    public byte[] Delimiter { get; }

    /// <summary>-1 for none.</summary>
    public int Quote { get; }

    /// <summary>-1 where quotes are doubled.</summary>
    public int Escape { get; }

    public byte[] Comment { get; }

    public byte LineEndByte { get; }

    /// <summary>Whether three bytes are all that matters.</summary>
    public bool IsSimple { get; }

    public bool EndsLine(byte b) => b == LineEndByte || (b == '\r' && Dialect.LineEnd == LineEnd.Any);

    /// <summary>Writes the places of delimiters, quotes, escapes and line ends, each plus <paramref name="offset"/>, in order.</summary>
    public int Index(ReadOnlySpan<byte> data, int offset, Span<int> marks)
    {
        if (IsSimple)
            return CsvIndexer.Index(data, offset, Delimiter[0], Quote < 0 ? LineEndByte : (byte)Quote, LineEndByte, marks);
        var count = 0;
        for (var at = 0; at < data.Length; at++)
        {
            var next = data[at..].IndexOfAny(_marks);
            if (next < 0)
                break;
            at += next;
            if (data[at] != Delimiter[0] || IsDelimiter(data, at))
                marks[count++] = offset + at;
            else if (data[at] == Quote || data[at] == Escape || EndsLine(data[at]))
                marks[count++] = offset + at;
        }

        return count;
    }

    public bool IsDelimiter(ReadOnlySpan<byte> data, int at) => data[at] == Delimiter[0] && (Delimiter.Length == 1 || data[at..].StartsWith(Delimiter));

    /// <summary>The first byte after the line that <paramref name="start"/> is in; -1 where its end is not seen.</summary>
    public int NextLine(ReadOnlySpan<byte> data, int start, bool final)
    {
        if (Dialect.LineEnd != LineEnd.Any)
        {
            var end = data[start..].IndexOf(LineEndByte);
            return end < 0 ? -1 : start + end + 1;
        }

        var any = data[start..].IndexOfAny("\r\n"u8);
        if (any < 0 || (start + any + 1 == data.Length && data[start + any] == '\r' && !final))
            return -1;
        return start + any + LineEndLength(data, start + any);
    }

    public int LineEndLength(ReadOnlySpan<byte> data, int at) =>
        data[at] == '\r' && Dialect.LineEnd == LineEnd.Any && at + 1 < data.Length && data[at + 1] == '\n' ? 2 : 1;

    public int CountLines(ReadOnlySpan<byte> data)
    {
        if (Dialect.LineEnd != LineEnd.Any)
            return data.Count(LineEndByte);
        var lines = data.Count((byte)'\n') + data.Count((byte)'\r');
        for (var rest = data; rest.IndexOf("\r\n"u8) is >= 0 and var at; rest = rest[(at + 2)..])
            lines--;
        return lines;
    }
}
