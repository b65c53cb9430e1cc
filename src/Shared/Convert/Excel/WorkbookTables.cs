using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Excel;

/// <summary>The sheets of a workbook as tables.</summary>
internal static class WorkbookTables
{
    /// <summary>Every sheet with cells; the primary one is the only one that can be seen and is not empty.</summary>
    public static TableList List(IWorkbook workbook, ConversionLimits limits)
    {
        var names = workbook.Sheets.Select(s => s.Name).ToList();
        if (names.Count < 2)
            return new(names);
        var filled = new List<int>();
        for (var i = 0; i < names.Count && filled.Count < 2; i++)
        {
            if (!workbook.Sheets[i].IsHidden && IsFilled(workbook, i, limits))
                filled.Add(i);
        }

        return new(names, filled.Count == 1 ? names[filled[0]] : null);
    }

    static bool IsFilled(IWorkbook workbook, int sheet, ConversionLimits limits)
    {
        using var rows = workbook.Open(sheet);
        return rows.Read(new(limits));
    }

    /// <summary>The sheet to read.</summary>
    public static int Choose(IWorkbook workbook, FormatContext context)
    {
        if (context.Table is { } named && workbook.Sheets.Select(s => s.Name).ToList().IndexOf(named) is >= 0 and var at)
            return at;
        var chosen = List(workbook, context.Limits).Choose(context.Table);
        return workbook.Sheets.Select(s => s.Name).ToList().IndexOf(chosen);
    }
}
