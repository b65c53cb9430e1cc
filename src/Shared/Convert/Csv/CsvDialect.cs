namespace DataIngestion.Conversion;

/// <summary>What ends a record of a delimited file.</summary>
public enum LineEnd
{
    /// <summary><c>\n</c>, with or without <c>\r</c> before it.</summary>
    LineFeed,

    /// <summary><c>\r</c> alone.</summary>
    CarriageReturn,

    /// <summary>Any of <c>\n</c>, <c>\r\n</c> and <c>\r</c>: the file mixes them.</summary>
    Any,
}

/// <summary>How a delimited file is written.</summary>
/// <param name="Delimiter">Between fields: one or more characters.</param>
/// <param name="Quote">Around fields. Null for none.</param>
public sealed record CsvDialect(string Delimiter, char? Quote = '"')
{
    /// <summary>
    /// Before a quote, a delimiter or itself, to make it text. The quote itself, or null, says that a quote inside quotes is doubled;
    /// detection says the quote where it saw one doubled, and null where it saw nothing escaped.
    /// </summary>
    public char? Escape { get; init; }

    /// <summary>Whether spaces around fields are no part of them: every delimiter has one after it.</summary>
    public bool IsPadded { get; init; }

    /// <summary>Whether records end with a delimiter that the header lacks.</summary>
    public bool HasTrailingDelimiter { get; init; }

    /// <summary>Lines before the first record: titles and remarks.</summary>
    public int SkipLines { get; init; }

    /// <summary>Records that name the columns; the names of several are joined by a space. 0 for none.</summary>
    public int HeaderRows { get; init; } = 1;

    /// <summary>Lines after the last record: totals and notes.</summary>
    public int FooterLines { get; init; }

    /// <summary>What a line starts with that is no record. Null for none.</summary>
    public string? Comment { get; init; }

    /// <summary>What ends a record.</summary>
    public LineEnd LineEnd { get; init; }

    /// <summary>Fields of most records, where detection counted them. A record is compared to the header, not to this.</summary>
    public int? Columns { get; init; }

    /// <summary>Whether the first record names the columns.</summary>
    public bool HasHeader => HeaderRows > 0;

    /// <summary>Whether lines are records and a delimiter is one byte, which is what the fast path knows.</summary>
    internal bool IsPlain =>
        Delimiter is [< '\x80'] && Quote is null or < '\x80' && !HasOwnEscape && !IsPadded && !HasTrailingDelimiter
        && LineEnd == LineEnd.LineFeed && Comment is null && FooterLines == 0;

    /// <summary>Whether something other than a doubled quote escapes.</summary>
    internal bool HasOwnEscape => Escape is { } escape && escape != Quote;
}
