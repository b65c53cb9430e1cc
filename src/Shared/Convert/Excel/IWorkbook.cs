using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Excel;

/// <summary>A sheet with cells.</summary>
/// <param name="Name">As on its tab.</param>
/// <param name="IsHidden">Whether a person who opens the workbook does not see it.</param>
internal sealed record SheetInfo(string Name, bool IsHidden);

/// <summary>Merged cells; all bounds are inside.</summary>
/// <param name="Top">From 1, like row numbers.</param>
/// <param name="Left">From 0, like columns.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CellRange(int Top, int Left, int Bottom, int Right)
{
    public bool Contains(int row, int column) => row >= Top && row <= Bottom && column >= Left && column <= Right;
}

/// <summary>An open workbook of any format. Reads its content synchronously; not thread-safe.</summary>
internal interface IWorkbook : IDisposable
{
    /// <summary>The sheets with cells, in the order of their tabs.</summary>
    IReadOnlyList<SheetInfo> Sheets { get; }

    /// <summary>What people should know about the workbook as a whole: sheets without cells that are left out.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>The merged cells of a sheet, as far as they can be found without reading all of a large one; null where they are not known.</summary>
    IReadOnlyList<CellRange>? Merges(int sheet);

    /// <summary>Begins to read a sheet. One is read at a time.</summary>
    ISheetRows Open(int sheet);
}

/// <summary>The rows of a sheet, from its first.</summary>
internal interface ISheetRows : IDisposable
{
    /// <summary>The next row that holds something; false after the last.</summary>
    bool Read(SheetRow row);

    /// <summary>What people should know about the sheet; complete when it was read.</summary>
    IEnumerable<string> Notes { get; }
}

/// <summary>How a workbook is read.</summary>
/// <param name="AsShown">Whether numbers are rounded to 15 digits.</param>
internal sealed record WorkbookOptions(ConversionLimits Limits, bool AsShown)
{
    public static WorkbookOptions Of(Formats.FormatContext context) => new(context.Limits, context.Options.Word("digits", "all", "shown") == "shown");
}
