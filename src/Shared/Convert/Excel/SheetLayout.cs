using System.Text;
using DataIngestion.Conversion.Csv.Detection;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel;

/// <summary>Where the table stands in a sheet, found in its first rows as it is found in delimited text.</summary>
/// <param name="FirstRow">The index of the sample's row that begins the table, its header if it has one.</param>
/// <param name="HeaderRows">Rows that name the columns.</param>
/// <param name="EndRow">The index of the sample's row that is not the table's any more; the number of its rows where all are.</param>
/// <param name="Columns">The columns that have a name or a value, ascending, and their names; empty where nothing names them.</param>
internal sealed record SheetLayout(int FirstRow, int HeaderRows, int EndRow, IReadOnlyList<(int Column, string Name)> Columns)
{
    const byte Separator = 0x1F;
    const int LongestLook = 200;
    const int WidestLook = 4096;

    /// <summary>Finds the table.</summary>
    /// <param name="sample">The first rows.</param>
    /// <param name="isWhole">Whether the sheet has no others.</param>
    public static SheetLayout Find(IReadOnlyList<SheetRow> sample, IReadOnlyList<CellRange>? merges, bool isWhole, FormatHint hint)
    {
        if (sample.Count == 0)
            return new(0, 0, 0, []);
        var (left, right) = Bounds(sample);
        var merged = MergesIn(sample, merges);
        var (text, rowOf) = Write(sample, merged, left, right);
        var table = SampleTable.Cut(text, new([Separator], -1, -1, LineEnd.LineFeed), isWhole: true, int.MaxValue);
        var found = TableFinder.Find(text, table, right - left + 1, isWhole && hint.FooterLines is null, hint);
        var (first, header) = Rows(sample, rowOf, found, merged, hint);
        var end = found.FooterLines > 0 ? rowOf[table.Count - found.FooterLines] : sample.Count;
        return new(first, header, end, NamesOf(sample, first, header, end, merges, merged));
    }

    static (int First, int Header) Rows(IReadOnlyList<SheetRow> sample, List<int> rowOf, FoundTable found, List<CellRange> merged, FormatHint hint)
    {
        var first = rowOf[Math.Min(found.FirstRecord, rowOf.Count - 1)];
        var last = found.FirstRecord + found.HeaderRows;
        var header = found.HeaderRows == 0 ? 0 : (last < rowOf.Count ? rowOf[last] : sample.Count) - first;
        if (header == 0 || hint.HeaderRows is not null)
            return (first, header);
        // A cell that is merged over the end of the header belongs to it.
        var bottom = merged.Where(m => m.Top >= sample[first].Number && m.Top <= sample[first + header - 1].Number && m.Right == m.Left).Select(m => m.Bottom).DefaultIfEmpty(0).Max();
        while (header < 8 && first + header < sample.Count && sample[first + header].Number <= bottom)
            header++;
        return (first, header);
    }

    static (int Left, int Right) Bounds(IReadOnlyList<SheetRow> rows)
    {
        var (left, right) = (int.MaxValue, 0);
        foreach (var row in rows)
        {
            foreach (var cell in row.Cells)
                (left, right) = (Math.Min(left, cell.Column), Math.Max(right, cell.Column));
        }

        return (left, Math.Min(right, left + WidestLook));
    }

    /// <summary>The merged ranges that begin in the sample.</summary>
    static List<CellRange> MergesIn(IReadOnlyList<SheetRow> sample, IReadOnlyList<CellRange>? merges) =>
        merges?.Where(m => m.Top >= sample[0].Number && m.Top <= sample[^1].Number).ToList() ?? [];

    /// <summary>The rows as delimited text, a line each and one for each gap. What is merged downwards stands in every row.</summary>
    static (byte[] Text, List<int> RowOf) Write(IReadOnlyList<SheetRow> sample, List<CellRange> merged, int left, int right)
    {
        var text = new MemoryStream();
        var rowOf = new List<int>();
        var downwards = merged.Where(m => m.Bottom > m.Top && m.Left >= left && m.Left <= right).ToLookup(m => m.Left);
        var above = new byte[right - left + 1][];
        for (var i = 0; i < sample.Count; i++)
        {
            if (i > 0 && sample[i].Number > sample[i - 1].Number + 1)
            {
                rowOf.Add(i);
                text.WriteByte((byte)'\n');
            }

            rowOf.Add(i);
            var line = new byte[right - left + 1][];
            foreach (var cell in sample[i].Cells)
            {
                if (cell.Column <= right)
                    line[cell.Column - left] = Look(sample[i].TextOf(cell));
            }

            foreach (var range in downwards.SelectMany(d => d).Where(m => m.Contains(sample[i].Number, m.Left) && m.Top < sample[i].Number))
                line[range.Left - left] ??= above[range.Left - left];
            for (var column = 0; column < line.Length; column++)
            {
                if (column > 0)
                    text.WriteByte(Separator);
                text.Write(line[column]);
            }

            text.WriteByte((byte)'\n');
            above = line;
        }

        return (text.ToArray(), rowOf);
    }

    static byte[] Look(ReadOnlySpan<byte> text)
    {
        var look = text[..Math.Min(text.Length, LongestLook)].ToArray();
        foreach (ref var b in look.AsSpan())
        {
            if (b is (byte)'\n' or (byte)'\r' or Separator)
                b = (byte)' ';
        }

        return look;
    }

    static List<(int, string)> NamesOf(IReadOnlyList<SheetRow> sample, int first, int header, int end, IReadOnlyList<CellRange>? merges, List<CellRange> merged)
    {
        var used = new SortedSet<int>();
        for (var i = first; i < end; i++)
        {
            foreach (var cell in sample[i].Cells)
                used.Add(cell.Column);
        }

        var rows = Enumerable.Range(first, header).Select(i => sample[i]).ToList();
        var isKnown = merges is not null && merged.Exists(m => rows.Exists(r => r.Number >= m.Top && r.Number <= m.Bottom));
        return [.. used.Select(c => (c, NameOf(rows, c, merged, isKnown)))];
    }

    /// <summary>
    /// What the rows of the header say of a column, joined. The name of a group stands in its first cell: where merged cells show which columns
    /// it is for, these are them, otherwise all to its right that have none.
    /// </summary>
    static string NameOf(List<SheetRow> header, int column, List<CellRange> merged, bool isKnown)
    {
        var parts = new List<string>();
        var last = default(CellRange);
        for (var i = 0; i < header.Count; i++)
        {
            var range = merged.FirstOrDefault(m => m.Contains(header[i].Number, column));
            if (range != default && range == last)
                continue;
            last = range;
            var at = range == default ? column : range.Left;
            var row = range == default || range.Top == header[i].Number ? header[i] : header.Find(r => r.Number == range.Top);
            var text = row is null ? "" : TextAt(row, at);
            for (var left = column - 1; text.Length == 0 && !isKnown && i < header.Count - 1 && left >= 0 && left >= header[i].Cells[0].Column; left--)
                text = TextAt(header[i], left);
            if (text.Length > 0)
                parts.Add(text);
        }

        return string.Join(' ', parts);
    }

    static string TextAt(SheetRow row, int column)
    {
        foreach (var cell in row.Cells)
        {
            if (cell.Column == column && cell.Kind != CellKind.Null)
                return Clean(Encoding.UTF8.GetString(cell.Kind == CellKind.Midnight ? CellText.DayOf(row.TextOf(cell)) : row.TextOf(cell)));
        }

        return "";
    }

    /// <summary>A name is one line.</summary>
    static string Clean(string text) => string.Join(' ', text.Split([' ', '\t', '\r', '\n', '\u00A0'], StringSplitOptions.RemoveEmptyEntries));
}
