namespace DataIngestion.Cli.Sampling;

/// <summary>Holds what a run made against what the sample says.</summary>
internal static class SampleComparison
{
    /// <summary>Every difference, with file and line.</summary>
    public static IReadOnlyList<string> Compare(SampleFile sample, int number, SampleExpectation expected, SampleRunResult made)
    {
        List<string> differences = [];
        if (expected.Failure is { } failure)
        {
            if (made.Failure is null)
                Differ("Failure", $"run {number} did not fail: expected a failure with '{failure}'.");
            else if (!made.Failure.Contains(failure, StringComparison.OrdinalIgnoreCase))
                Differ("Failure", $"run {number} failed otherwise: expected a failure with '{failure}', but it says: {made.Failure}");
            return differences;
        }

        if (made.Failure is not null)
        {
            Differ("", $"run {number} failed: {made.Failure}");
            return differences;
        }

        if (made.Rows != expected.Rows)
            Differ("Rows", $"run {number} published {made.Rows} rows: expected {expected.Rows}.{Remarks()}");
        if (made.Quarantined != expected.Quarantined)
            Differ("Quarantined", $"run {number} set {made.Quarantined} rows aside: expected {expected.Quarantined}.{Remarks()}");
        if (expected.Cursor is { } cursor && made.Cursor != cursor)
            Differ("Cursor", $"after run {number} the cursor is {(made.Cursor is null ? "not set" : $"'{made.Cursor}'")}: expected '{cursor}'.");

        var open = made.Values.ToList();
        var missing = expected.Values.Where(row => open.Find(v => DifferencesOf(row, v).Count == 0) is not { } found || !open.Remove(found)).ToList();
        foreach (var row in missing)
        {
            var closest = open.Count == 0 ? null : open.MinBy(v => DifferencesOf(row, v).Count);
            Differ("Values", closest is null
                ? $"run {number} published no further row: expected {Text(row)}."
                : $"run {number} published no row {Text(row)}. Closest is a row in which {string.Join(", ", DifferencesOf(row, closest))}.");
            if (closest is not null)
                open.Remove(closest);
        }

        return differences;

        void Differ(string member, string message) => differences.Add(sample.Locate(expected, member, message));

        string Remarks() => made.Remarks.Count == 0 ? "" : $" {string.Join(" ", made.Remarks)}";
    }

    static List<string> DifferencesOf(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string?> row) =>
        [.. expected.Where(e => !row.TryGetValue(e.Key, out var value) || (value ?? "") != e.Value).Select(e => row.TryGetValue(e.Key, out var value) ? $"{e.Key} is {(value is null ? "missing" : $"'{value}'")}" : $"there is no column {e.Key}")];

    static string Text(IReadOnlyDictionary<string, string> row) => $"{{ {string.Join(", ", row.Select(c => $"{c.Key}: {c.Value}"))} }}";
}
