namespace DataIngestion.Conversion.Excel.OpenXml;

/// <summary>References such as <c>B5</c> and <c>A1:C2</c>, in any case, with or without <c>$</c>.</summary>
internal static class CellReference
{
    /// <summary>Reads one cell.</summary>
    /// <param name="row">From 1.</param>
    /// <param name="column">From 0.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out int row, out int column)
    {
        (row, column) = (0, 0);
        var at = 0;
        for (; at < text.Length && at < 5; at++)
        {
            var letter = (text[at] | 0x20) - 'a';
            if (text[at] == '$')
                continue;
            if ((uint)letter > 25)
                break;
            column = column * 26 + letter + 1;
        }

        for (; at < text.Length && row < 100_000_000; at++)
        {
            if (text[at] == '$')
                continue;
            if ((uint)(text[at] - '0') > 9)
                return false;
            row = row * 10 + text[at] - '0';
        }

        column--;
        return row is > 0 and <= 1_048_576 && column is >= 0 and < SheetRow.MostColumns;
    }

    public static bool TryRange(ReadOnlySpan<byte> text, out CellRange range)
    {
        range = default;
        var colon = text.IndexOf((byte)':');
        if (colon < 0 || !TryRead(text[..colon], out var top, out var left) || !TryRead(text[(colon + 1)..], out var bottom, out var right) || bottom < top || right < left)
            return false;
        range = new(top, left, bottom, right);
        return true;
    }
}
