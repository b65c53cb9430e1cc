namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>Which columns of a sample hold numbers and times.</summary>
internal sealed class ColumnLooks
{
    const int MostRecords = 200;
    const int MostColumns = 1024;
    readonly bool[] _typed;
    readonly bool[] _empty;

    ColumnLooks(bool[] typed, bool[] empty, int filled) => (_typed, _empty, Filled) = (typed, empty, filled);

    /// <summary>Filled cells of a usual record.</summary>
    public int Filled { get; }

    public int TypedColumns => _typed.Count(t => t);

    public bool IsTyped(int column) => column < _typed.Length && _typed[column];

    /// <summary>Whether no record but the first few has a value there.</summary>
    public bool IsEmpty(int column) => column < _empty.Length && _empty[column];

    public static ColumnLooks Of(ReadOnlySpan<byte> text, SampleTable table, int columns)
    {
        var width = Math.Min(columns, MostColumns);
        var (typed, filled) = (new int[width], new int[width]);
        var fills = new List<int>();
        // Titles and headers come first; where there is enough else, they have no say.
        var from = Math.Min(3, table.Count / 2);
        for (var record = from; record < table.Count && fills.Count < MostRecords; record++)
        {
            var cells = table[record];
            if (cells.Length != columns || table.IsBlank(record))
                continue;
            fills.Add(table.Filled(record));
            for (var i = 0; i < width; i++)
            {
                var look = SampleCells.Look(text.Slice(cells[i].Start, cells[i].Length), cells[i].IsQuoted);
                typed[i] += SampleCells.IsTyped(look) ? 1 : 0;
                filled[i] += look != CellLook.Empty && !NoValue.Is(text.Slice(cells[i].Start, cells[i].Length)) ? 1 : 0;
            }
        }

        fills.Sort();
        return new([.. typed.Select((t, i) => t > 0 && t * 10 >= filled[i] * 8)], [.. filled.Select(f => f == 0 && fills.Count > 0)], fills.Count == 0 ? columns : fills[fills.Count / 2]);
    }

    /// <summary>Whether a record has a number or time where the others have them.</summary>
    public bool IsData(ReadOnlySpan<byte> text, SampleTable table, int record)
    {
        var cells = table[record];
        for (var i = 0; i < cells.Length; i++)
        {
            if (IsTyped(i) && SampleCells.IsTyped(SampleCells.Look(text.Slice(cells[i].Start, cells[i].Length), cells[i].IsQuoted)))
                return true;
        }

        return false;
    }
}

/// <summary>Words for "no value" that stand in columns of numbers.</summary>
internal static class NoValue
{
    static readonly HashSet<string> Words = new(FormatHint.DefaultNullSpellings, StringComparer.OrdinalIgnoreCase) { "--", "..", "?", "nil", "none" };

    public static bool Is(ReadOnlySpan<byte> cell) => cell.Length <= 5 && Words.Contains(System.Text.Encoding.UTF8.GetString(cell.Trim((byte)' ')));
}
