using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>
/// Makes rows of columns: a table with a column for each series (day, GDP, CPI …) becomes one with a row for each series and day.
/// Cells without a value become no row.
/// </summary>
public sealed record UnpivotDefinition
{
    /// <summary>Columns that each row keeps, such as the day; every other one becomes rows.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Keep { get; init; }

    /// <summary>Field that takes the name of the column; default <c>name</c>.</summary>
    public string Name { get; init; } = "name";

    /// <summary>Field that takes its value; default <c>value</c>.</summary>
    public string Value { get; init; } = "value";
}
