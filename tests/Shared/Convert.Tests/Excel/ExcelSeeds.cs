using static DataIngestion.Conversion.Tests.Excel.BookSheet;

namespace DataIngestion.Conversion.Tests.Excel;

/// <summary>Small workbooks for fuzzing.</summary>
internal static class ExcelSeeds
{
    static BookSheet Sheet(int rows) => new(
        "S",
        [
            ["Title"], [], ["a", "b", null, "c", "d"], [null, "x", "y", null, null],
            .. Enumerable.Range(0, rows).Select(i => new object?[] { $"text {i}", N(i / 4.0), Date("2024-01-31"), i % 2 == 0, i % 5 == 0 ? Fault.DivisionByZero : new Literal("0" + i) }),
        ],
        Merges: [(3, 0, 4, 0), (3, 1, 3, 2)]);

    public static IReadOnlyList<byte[]> Xlsx() => [XlsxBook.Write(Sheet(10)), XlsxBook.Write(true, true, Sheet(3), new BookSheet("Hidden", [["x"]], IsHidden: true))];

    public static IReadOnlyList<byte[]> Xlsb() => [XlsbBook.Write(Sheet(10)), XlsbBook.Write(Sheet(3), new BookSheet("Hidden", [["x"]], IsHidden: true))];

    public static IReadOnlyList<byte[]> Ods() => [OdsBook.Write(Sheet(10)), OdsBook.Flat(Sheet(10)), OdsBook.Flat(Sheet(3), new BookSheet("Hidden", [["x"]], IsHidden: true))];

    public static IReadOnlyList<byte[]> Xls() => [XlsBook.Write(Sheet(10)), XlsBook.Records(30, Sheet(10)), XlsBook.Records(8224, Sheet(3), new BookSheet("Hidden", [["x"]], IsHidden: true))];
}
