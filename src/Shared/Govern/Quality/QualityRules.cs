using DataIngestion.Contracts;

namespace DataIngestion.Govern;

/// <summary>The rules of a dataset's quality gate.</summary>
public static class QualityRules
{
    /// <summary>What is wrong with the dataset's rules and ranges, each in a sentence; empty when nothing is.</summary>
    public static IReadOnlyList<string> Validate(DatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var faults = new List<string>();
        foreach (var (name, column) in dataset.Columns)
        {
            if ((column.Minimum ?? column.Maximum) is not null && column.Type is not (ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Float))
                faults.Add($"the column '{name}' has a minimum or maximum and is {column.Type}: expected a number.");
        }

        foreach (var text in dataset.Quality.Rules)
        {
            if (QualityRule.Parse(text, dataset, out var fault) is null)
                faults.Add(fault!);
        }

        return faults;
    }
}
