using System.Globalization;

namespace DataIngestion.Conversion.Tests.Excel;

/// <summary>How a number of a small workbook is shown.</summary>
internal enum Shown
{
    General,
    Date,
    DateTime,
    Time,
    Elapsed,
    Text,
    Code,
    Percent,
}

/// <summary>A number of a small workbook, and how it is shown.</summary>
internal sealed record Number(double Value, Shown As = Shown.General);

/// <summary>An error of a small workbook, by its code in the binary formats and its name.</summary>
internal sealed record Fault(byte Code, string Name)
{
    public static Fault NotAvailable { get; } = new(0x2A, "#N/A");

    public static Fault DivisionByZero { get; } = new(0x07, "#DIV/0!");
}

/// <summary>Text that is shown as text: what Excel calls a number stored as text.</summary>
internal sealed record Literal(string Value);

/// <summary>A sheet of a small workbook: rows of null, <see cref="string"/>, <see cref="bool"/>, <see cref="Number"/>, <see cref="Fault"/> and <see cref="Literal"/>.</summary>
internal sealed record BookSheet(string Name, object?[][] Rows, bool IsHidden = false, (int Top, int Left, int Bottom, int Right)[]? Merges = null)
{
    /// <summary>A date as Excel counts it.</summary>
    public static Number Date(string text, Shown shown = Shown.Date) => new(System.DateTime.Parse(text, CultureInfo.InvariantCulture).ToOADate(), shown);

    public static Number N(double value) => new(value);

    /// <summary>A format's code, or null for the general one.</summary>
    public static string? Code(Shown shown) => shown switch
    {
        Shown.Date => "yyyy\\-mm\\-dd",
        Shown.DateTime => "d/m/yy h:mm",
        Shown.Time => "h:mm:ss",
        Shown.Elapsed => "[h]:mm:ss",
        Shown.Text => "@",
        Shown.Code => "00000",
        Shown.Percent => "0.00%",
        _ => null,
    };

    /// <summary>The number of the style of a cell.</summary>
    public static int Style(object? cell) => cell switch { Number number => (int)number.As, Literal => (int)Shown.Text, _ => 0 };
}
