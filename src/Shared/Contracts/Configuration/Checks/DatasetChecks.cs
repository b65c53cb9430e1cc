using System.Globalization;

namespace DataIngestion.Contracts;

/// <summary>What a dataset says about its columns is about columns that it has.</summary>
internal static class DatasetChecks
{
    static readonly string[] Comparisons = ["<=", ">=", "<", ">", "="]; // the longer ones first

    public static IEnumerable<ConfigurationFinding> Find(PlatformConfiguration configuration) =>
        configuration.Datasets.Values.SelectMany(dataset => dataset.Quality.Rules.SelectMany((rule, i) =>
            FaultsOf(rule, dataset).Select(fault => new ConfigurationFinding(dataset, $"{nameof(DatasetDefinition.Quality)}.{nameof(QualityDefinition.Rules)}[{i}]", fault))));

    static IEnumerable<string> FaultsOf(string rule, DatasetDefinition dataset)
    {
        var comparison = Comparisons.FirstOrDefault(c => rule.Contains(c, StringComparison.Ordinal));
        var sides = comparison is null ? [] : rule.Split(comparison, StringSplitOptions.TrimEntries);
        if (sides is not [{ Length: > 0 } left, { Length: > 0 } right])
            return [$"'{rule}' is not a rule: expected a column, one of < <= = >= >, and a column or a number, such as 'low <= high'."];

        return new[] { left, right }
            .Where((side, i) => !dataset.Columns.ContainsKey(side) && (i == 0 || !decimal.TryParse(side, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            .Select(side => $"the rule '{rule}' speaks of '{side}', which is not a column: {Suggestion.Phrase(side, [.. dataset.Columns.Keys])}");
    }
}
