using System.Globalization;

namespace DataIngestion.Cli.Printing;

/// <summary>Values of rows as text.</summary>
internal static class Cells
{
    /// <summary>The value as it would be written in a file; nothing for null.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() ?? "",
    };
}
