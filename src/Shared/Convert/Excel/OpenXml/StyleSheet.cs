using DataIngestion.Conversion.Excel.Markup;

namespace DataIngestion.Conversion.Excel.OpenXml;

/// <summary>The number formats that cells name by their style.</summary>
internal static class StyleSheet
{
    const int MostStyles = 1 << 17;

    /// <summary>By the number of a style in <c>cellXfs</c>.</summary>
    public static IReadOnlyList<CellFormat> Read(MarkupScanner scanner)
    {
        var byId = new Dictionary<int, CellFormat>();
        var styles = new List<CellFormat>();
        var isInStyles = false;
        while (scanner.Read())
        {
            if (scanner.Starts("numFmt"u8) && scanner.Number("numFmtId"u8) is { } id && scanner.Attribute("formatCode"u8) is { } code && byId.Count < MostStyles)
                byId.TryAdd(id, CellFormat.Of(code));
            else if (scanner.Starts("cellXfs"u8))
                isInStyles = true;
            else if (scanner.Ends("cellXfs"u8))
                isInStyles = false;
            else if (isInStyles && scanner.Starts("xf"u8) && styles.Count < MostStyles)
                styles.Add(scanner.Number("numFmtId"u8) is { } format ? byId.TryGetValue(format, out var own) ? own : CellFormat.BuiltIn(format) : default);
        }

        return styles;
    }
}
