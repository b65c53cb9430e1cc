using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>How much like a table a cut sample is.</summary>
/// <param name="Columns">The width of most records.</param>
/// <param name="Share">Share of the records, from the first of that width on, that have it.</param>
/// <param name="Value">Higher is better; 0 for no table.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SampleScore(int Columns, double Share, double Value)
{
    const int MostRecords = 100;

    /// <summary>
    /// A good table has the same width all the way down, cells that are numbers, times or words rather than scraps with other marks inside, and quotes
    /// that stand where fields begin and end.
    /// </summary>
    public static SampleScore Of(ReadOnlySpan<byte> text, SampleTable table, double prior)
    {
        var columns = WidthOfMost(table);
        if (columns == 0)
            return default;
        var (first, fitting, looked, typed, records, fittingBytes, bytes) = (-1, 0, 0, 0.0, 0, 0.0, 0.0);
        for (var record = 0; record < table.Count; record++)
        {
            var cells = table[record];
            if (IsEmpty(cells) || (cells.Length != columns && IsRemark(text, cells[0])))
                continue;
            var size = Size(cells);
            if (first < 0 && cells.Length == columns)
                first = record;
            records += first < 0 ? 0 : 1;
            bytes += first < 0 ? 0 : size;
            if (cells.Length != columns)
                continue;
            fitting++;
            fittingBytes += size;
            if (fitting > MostRecords)
                continue;
            foreach (var cell in cells[..Math.Min(cells.Length, 64)])
            {
                typed += Weight(SampleCells.Look(text.Slice(cell.Start, cell.Length), cell.IsQuoted));
                looked++;
            }
        }

        // Long lines weigh more than short ones, so that a few titles do not outvote a wide table.
        var share = ((double)fitting / records + (fittingBytes / bytes)) / 2;
        var before = ((double)records / Records(table) + (bytes / Bytes(table))) / 2;
        var quoted = table.WellQuoted + table.BadlyQuoted == 0 ? 1 : 0.4 + (0.6 * table.WellQuoted / (table.WellQuoted + table.BadlyQuoted));
        // Lines that are numbers or times as a whole need no delimiter.
        var width = columns == 1 ? typed > looked * 0.95 ? 0.45 : 0.25 : 1 - (1.0 / (columns + 1));
        var even = columns > 1 && fitting > 1 && fitting == Records(table) ? 1.3 : 1;
        return new(columns, (double)fitting / records, share * share * before * quoted * width * prior * even * (0.2 + (typed / looked)));
    }

    static bool IsRemark(ReadOnlySpan<byte> text, in SampleCell cell) => cell.Length > 0 && !cell.IsQuoted && text[cell.Start] == '#';

    static bool IsEmpty(ReadOnlySpan<SampleCell> cells) => cells.Length == 1 && cells[0].Length == 0;

    /// <summary>Bytes of a record, delimiters included.</summary>
    static int Size(ReadOnlySpan<SampleCell> cells) => cells[^1].Start + cells[^1].Length - cells[0].Start + 1;

    static int Records(SampleTable table)
    {
        var records = 0;
        for (var record = 0; record < table.Count; record++)
            records += IsEmpty(table[record]) ? 0 : 1;
        return records;
    }

    static double Bytes(SampleTable table)
    {
        var bytes = 0.0;
        for (var record = 0; record < table.Count; record++)
            bytes += IsEmpty(table[record]) ? 0 : Size(table[record]);
        return bytes;
    }

    static double Weight(CellLook look) => look switch
    {
        CellLook.Number or CellLook.Time => 1,
        CellLook.Word => 0.8,
        CellLook.Empty => 0.6,
        CellLook.Text => 0.5,
        _ => 0.2,
    };

    /// <summary>The width that most records and bytes have; a line without delimiter says less, for it may be a title or a note.</summary>
    static int WidthOfMost(SampleTable table)
    {
        var weights = new Dictionary<int, double>();
        var (records, bytes) = (Records(table), Bytes(table));
        for (var record = 0; record < table.Count; record++)
        {
            var cells = table[record];
            if (!IsEmpty(cells))
                weights[cells.Length] = weights.GetValueOrDefault(cells.Length) + (((1.0 / records) + (Size(cells) / bytes)) * (cells.Length == 1 ? 0.6 : 1));
        }

        var (most, columns) = (0.0, 0);
        foreach (var (width, weight) in weights)
        {
            if (weight > most + 1e-9 || (weight > most - 1e-9 && width > columns))
                (most, columns) = (weight, width);
        }

        return columns;
    }
}
