namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>A way of writing that is tried on the sample.</summary>
/// <param name="Delimiter">Empty for a text of one column.</param>
/// <param name="Quote">-1 for none.</param>
/// <param name="Escape">-1 for none but doubling.</param>
internal sealed record SampleMarks(byte[] Delimiter, int Quote, int Escape, LineEnd LineEnd, bool IsPadded = false)
{
    public bool DoublesQuotes => Escape < 0 || Escape == Quote;

    public bool IsLineEnd(byte b) => LineEnd switch
    {
        LineEnd.LineFeed => b == '\n',
        LineEnd.CarriageReturn => b == '\r',
        _ => b is (byte)'\n' or (byte)'\r',
    };

    public bool IsDelimiter(ReadOnlySpan<byte> text, int at) =>
        Delimiter.Length > 0 && text[at] == Delimiter[0] && (Delimiter.Length == 1 || text[at..].StartsWith(Delimiter));
}
