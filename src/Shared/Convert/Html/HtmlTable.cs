using System.Globalization;
using AngleSharp.Dom;

namespace DataIngestion.Conversion.Html;

/// <summary>A table as a grid: spans are resolved, headers are found.</summary>
internal sealed class HtmlTable
{
    /// <summary>What HTML allows a cell to span.</summary>
    const int MostColumnSpan = 1_000;
    const int MostRowSpan = 65_534;

    /// <summary>Cells of a table, spans counted.</summary>
    const int MostCells = 4_000_000;
    readonly List<string?[]> _rows = [];
    readonly List<int> _lines = [];

    HtmlTable(string? caption) => Caption = caption;

    public string Name { get; set; } = "";

    public string? Caption { get; }

    /// <summary>A name for each column; empty where the table has none.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Texts of the cells; null where a cell spans, or a row ends early.</summary>
    public IReadOnlyList<string?[]> Rows => _rows;

    /// <summary>Where each row begins in the page.</summary>
    public IReadOnlyList<int> Lines => _lines;

    public int Cells => _rows.Count * Columns.Count;

    /// <summary>Rows without any text, which space a page.</summary>
    public int Blank { get; private set; }

    /// <summary>The table of an element; null where it only lays out the page: it says so, is not shown, has tables inside, or less than two rows or columns.</summary>
    public static HtmlTable? Of(IElement element, ConversionRequest request)
    {
        if (element.GetAttribute("role") is "presentation" or "none" || IsHidden(element))
            return null;
        var rows = new List<(IElement Row, List<IElement> Cells)>();
        IElement? caption = null;
        var hasTables = false;
        // What is inside a cell belongs to the cell, tables too; but whether there are any is asked below.
        foreach (var found in HtmlNodes.In(element, n => n is not IElement { LocalName: "table" or "td" or "th" or "caption" }).OfType<IElement>())
        {
            hasTables |= found.LocalName == "table";
            if (found.LocalName == "caption")
                caption ??= found;
            else if (found.LocalName == "tr")
                rows.Add((found, []));
            else if (found.LocalName is "td" or "th" && rows.Count > 0)
                rows[^1].Cells.Add(found);
        }

        var table = new HtmlTable(caption is null ? null : HtmlText.Of(caption));
        var grid = Grid(rows, request.Limits);
        var columns = grid.Count == 0 ? 0 : grid.Max(r => r.Cells.Count);
        if (columns < 2 || grid.Count < 2 || hasTables || (!rows.Exists(r => r.Cells.Exists(c => c.LocalName == "th")) && IsLayout(rows)))
            return null;
        table.Fill(grid, columns, request.Hint);
        return table._rows.Count == 0 ? null : table;
    }

    /// <summary>Whether it, or anything around it, is not shown.</summary>
    static bool IsHidden(IElement element)
    {
        for (var at = element; at is not null; at = at.ParentElement)
        {
            if (at.GetAttribute("style") is { } style && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Whether cells have tables inside.</summary>
    static bool IsLayout(List<(IElement Row, List<IElement> Cells)> rows) => rows.Exists(r => r.Cells.Exists(c => HtmlNodes.In(c, _ => true).Any(n => n is IElement { LocalName: "table" })));

    /// <summary>The cells of every row by column. Headers repeat over all they span; other cells repeat downwards only, so that no number counts twice in a row.</summary>
    static List<(int Line, bool IsHead, List<(string? Text, bool IsHead)> Cells)> Grid(List<(IElement Row, List<IElement> Cells)> rows, ConversionLimits limits)
    {
        var grid = new List<(int Line, bool IsHead, List<(string?, bool)> Cells)>();
        var hanging = new Dictionary<int, (int Left, string? Text, bool IsHead)>();
        var total = 0L;
        foreach (var (row, cells) in rows)
        {
            var placed = new List<(string?, bool)>();
            var inHead = row.ParentElement?.LocalName == "thead";
            foreach (var cell in cells)
            {
                Hang(placed, hanging);
                var isHead = cell.LocalName == "th" || inHead;
                var (across, down) = (Span(cell, "colspan", MostColumnSpan), Span(cell, "rowspan", MostRowSpan));
                var text = HtmlText.Of(cell);
                for (var i = 0; i < across; i++)
                {
                    if (placed.Count >= limits.MaxColumns)
                        throw new ConversionException($"A table has more than {limits.MaxColumns} columns.", row.SourceReference?.Position.Line);
                    var here = i == 0 || isHead ? text : null;
                    if (down > 1)
                        hanging[placed.Count] = (down - 1, here, isHead);
                    placed.Add((here, isHead));
                }
            }

            Hang(placed, hanging);
            total += placed.Count;
            if (total > MostCells)
                throw new ConversionException($"A table has more than {MostCells} cells, with what they span: HTML is held in memory, and larger tables are not read.");
            if (cells.Count > 0)
                grid.Add((row.SourceReference?.Position.Line ?? 0, inHead || placed.TrueForAll(c => c.Item2 || string.IsNullOrEmpty(c.Item1)) && placed.Exists(c => c.Item2), placed));
        }

        return grid;
    }

    /// <summary>Cells of rows above that reach into the next places of this one.</summary>
    static void Hang(List<(string?, bool)> placed, Dictionary<int, (int Left, string? Text, bool IsHead)> hanging)
    {
        while (hanging.Remove(placed.Count, out var above))
        {
            if (above.Left > 1)
                hanging[placed.Count] = above with { Left = above.Left - 1 };
            placed.Add((above.Text, above.IsHead));
        }
    }

    static int Span(IElement cell, string attribute, int most) =>
        int.TryParse(cell.GetAttribute(attribute)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var span) ? Math.Clamp(span, 1, most) : 1;

    void Fill(List<(int Line, bool IsHead, List<(string? Text, bool IsHead)> Cells)> grid, int columns, FormatHint hint)
    {
        var heads = hint.HeaderRows ?? (hint.Header == false ? 0 : grid.TakeWhile(r => r.IsHead).Count());
        if (heads == 0 && hint.HeaderRows is null && hint.Header != false && (hint.Header == true || LooksLikeHead(grid, columns)))
            heads = 1;
        heads = Math.Min(heads, grid.Count);
        var names = new string[columns];
        for (var column = 0; column < columns; column++)
        {
            var parts = new List<string>();
            foreach (var (_, _, cells) in grid.Take(heads))
            {
                if (column < cells.Count && cells[column].Text is { Length: > 0 } part && (parts.Count == 0 || parts[^1] != part))
                    parts.Add(part);
            }

            names[column] = string.Join(' ', parts);
        }

        foreach (var (line, _, cells) in grid.Skip(heads))
        {
            if (cells.TrueForAll(c => string.IsNullOrEmpty(c.Text)))
            {
                Blank++;
                continue;
            }

            var row = new string?[columns];
            for (var column = 0; column < cells.Count; column++)
                row[column] = cells[column].Text;
            _rows.Add(row);
            _lines.Add(line);
        }

        Columns = names;
    }

    /// <summary>A first row of words over rows with numbers.</summary>
    static bool LooksLikeHead(List<(int Line, bool IsHead, List<(string? Text, bool IsHead)> Cells)> grid, int columns)
    {
        var first = grid[0].Cells;
        return first.Count == columns && first.TrueForAll(c => c.Text is { Length: > 0 } text && !text.AsSpan().ContainsAnyInRange('0', '9'))
            && grid.Skip(1).Any(r => r.Cells.Exists(c => c.Text?.AsSpan().ContainsAnyInRange('0', '9') == true));
    }
}
