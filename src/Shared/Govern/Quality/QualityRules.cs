using DataIngestion.Contracts;

namespace DataIngestion.Govern;

/// <summary>The rules of a dataset's quality gate.</summary>
public static class QualityRules
{
    /// <summary>What is wrong with the dataset's rules, each in a sentence; empty when nothing is.</summary>
    public static IReadOnlyList<string> Validate(DatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var faults = new List<string>();
        foreach (var text in dataset.Quality.Rules)
        {
            if (QualityRule.Parse(text, dataset, out var fault) is null)
                faults.Add(fault!);
        }

        return faults;
    }
}
