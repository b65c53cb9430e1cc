using System.Globalization;
using System.Text;

namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>Finds the records that name the columns: text where the columns below hold numbers and times.</summary>
internal static class HeaderFinder
{
    const int MostRows = 8;

    public static int Rows(ReadOnlySpan<byte> text, SampleTable table, int first, int columns, ColumnLooks types)
    {
        if (types.TypedColumns == 0 || first == table.Count - 1)
            return Names(text, table, first, columns) ? 1 : 0;
        if (!IsHeader(text, table, first, types, all: false) && !IsPeriods(text, table, first, types))
            return 0;
        var rows = 1;
        while (rows < MostRows && first + rows < table.Count - 1 && Continues(text, table, first, first + rows, types))
            rows++;
        return rows;
    }

    /// <summary>A further row of a header repeats the first, or names every column of numbers.</summary>
    static bool Continues(ReadOnlySpan<byte> text, SampleTable table, int first, int record, ColumnLooks types) =>
        table.Width(record) == table.Width(first)
        && (Same(text, table, first, record) || (types.TypedColumns > 1 && IsHeader(text, table, record, types, all: true)));

    /// <param name="all">Whether every column of numbers must be named, and not by a word for "no value".</param>
    static bool IsHeader(ReadOnlySpan<byte> text, SampleTable table, int record, ColumnLooks types, bool all)
    {
        var cells = table[record];
        var (named, empty) = (0, 0);
        for (var i = 0; i < cells.Length; i++)
        {
            if (!types.IsTyped(i))
                continue;
            var cell = text.Slice(cells[i].Start, cells[i].Length);
            var look = SampleCells.Look(cell, cells[i].IsQuoted);
            if (SampleCells.IsTyped(look) || (all && NoValue.Is(cell)))
                return false;
            _ = look == CellLook.Empty || NoValue.Is(cell) && types.TypedColumns > 1 && !all ? empty++ : named++;
        }

        return named > 0 && (all ? empty == 0 : named >= empty || record + 1 < table.Count - 1 && IsHeader(text, table, record + 1, types, all: true));
    }

    /// <summary>Years over columns of other numbers.</summary>
    static bool IsPeriods(ReadOnlySpan<byte> text, SampleTable table, int record, ColumnLooks types)
    {
        var cells = table[record];
        var years = new HashSet<int>();
        for (var i = 0; i < cells.Length; i++)
        {
            var cell = text.Slice(cells[i].Start, cells[i].Length).Trim((byte)' ');
            if (!types.IsTyped(i) || !SampleCells.IsTyped(SampleCells.Look(cell, cells[i].IsQuoted)))
                continue;
            if (Year(cell) is not { } year || !years.Add(year) || (record + 1 < table.Count && table[record + 1].Length > i && Year(text.Slice(table[record + 1][i].Start, table[record + 1][i].Length)) is not null))
                return false;
        }

        return years.Count > 1;
    }

    static int? Year(ReadOnlySpan<byte> cell) =>
        cell.Length == 4 && int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is > 1800 and < 2200 ? year : null;

    /// <summary>Where no column holds numbers, the first record names the columns if its fields are all different, short and no numbers.</summary>
    static bool Names(ReadOnlySpan<byte> text, SampleTable table, int first, int columns)
    {
        var cells = table[first];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var filled = 0;
        foreach (var cell in cells)
        {
            if (SampleCells.IsTyped(SampleCells.Look(text.Slice(cell.Start, cell.Length), cell.IsQuoted)))
                return false;
            if (cell.Length == 0)
                continue;
            filled++;
            names.Add(Encoding.UTF8.GetString(text.Slice(cell.Start, cell.Length)));
        }

        return filled > 0 && names.Count == filled && filled * 2 >= cells.Length && cells.Length >= columns - 1;
    }

    public static bool Same(ReadOnlySpan<byte> text, SampleTable table, int left, int right)
    {
        var one = table[left];
        var two = table[right];
        if (one.Length != two.Length)
            return false;
        for (var i = 0; i < one.Length; i++)
        {
            if (!text.Slice(one[i].Start, one[i].Length).SequenceEqual(text.Slice(two[i].Start, two[i].Length)))
                return false;
        }

        return true;
    }
}
