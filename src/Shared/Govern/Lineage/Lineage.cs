using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>Says where a row came from and what other sources said.</summary>
public sealed class Lineage(BlobStore blobs)
{
    readonly SnapshotReader _reader = new(blobs);

    /// <summary>Why the row with this key is what it is; null when the dataset has no such row.</summary>
    /// <param name="dataset">Dataset id.</param>
    /// <param name="key">Values of columns by name, written as <see cref="SnapshotReader"/> answers them; all of the dataset's keys must be among them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">A column of the key is missing, a name is no column, or a value is not of the column's type.</exception>
    public Task<WhyAnswer?> WhyAsync(string dataset, IReadOnlyDictionary<string, string> key, CancellationToken cancellationToken = default) =>
        WhyAsync(dataset, key, asOf: null, cancellationToken);

    /// <summary>The same, asked of the state that was current at a moment; null for now.</summary>
    public async Task<WhyAnswer?> WhyAsync(
        string dataset, IReadOnlyDictionary<string, string> key, DateTimeOffset? asOf, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (await _reader.LocateAsync(dataset, asOf, cancellationToken) is not { } snapshot)
            return null;
        var keys = (await blobs.ReadJsonAsync<Definitions>(snapshot.Path, cancellationToken))?.Value.Definition?.Keys ?? [.. key.Keys];
        // A name that is no column is a better thing to say than that its key is missing; the search says it.
        var missing = keys.Where(k => !key.ContainsKey(k)).ToList();
        if (missing.Count > 0 && key.Keys.All(name => snapshot.Schema.IndexOf(name) >= 0))
        {
            throw new StepFailedException(new()
            {
                Code = "key-incomplete",
                Message = $"A row of '{dataset}' is named by {string.Join(", ", keys)}: {string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} missing.",
            });
        }

        var parts = new PartScanner(blobs);
        using var rows = await new KeyRows(parts).FindAsync(snapshot, keys, key, cancellationToken);
        if (rows is null)
            return null;

        var standing = Enumerable.Range(0, rows.Count).First(i => rows["_rule"].GetText(i) == "stands");
        var (origins, statements) = (new OriginFinder(blobs, parts), new List<Statement>());
        for (var row = 0; row < rows.Count; row++)
            statements.Add(StatementOf(snapshot, rows, row, standing, await origins.FindAsync(snapshot.Manifest, keys, rows, row, cancellationToken)));
        return new()
        {
            Dataset = dataset,
            Snapshot = snapshot.Path,
            SnapshotKnownAt = snapshot.Manifest.KnownAt,
            Standing = statements[standing],
            Others = [.. statements.Where((_, i) => i != standing)],
        };
    }

    static Statement StatementOf(FoundSnapshot snapshot, RecordBatch rows, int row, int standing, RowOrigin origin)
    {
        string[] columns = [.. snapshot.Schema.Select(c => c.Name).Where(n => !n.StartsWith('_'))];
        return new()
        {
            Source = rows["_source"].GetText(row)!,
            Values = columns.ToDictionary(name => name, name => Cells.ValueOf(rows[name], row)),
            Differs = [.. columns.Where(name => !rows[name].ValueEquals(row, rows[name], standing))],
            KnownAt = MomentOf(rows["_known_at"], row),
            LastSeenAt = MomentOf(rows["_seen_at"], row),
            Verdict = VerdictOf(rows["_rule"].GetText(row), rows["_source"].GetText(standing)!, rows.Count),
            Origin = origin,
        };
    }

    static DateTimeOffset MomentOf(ColumnVector column, int row) =>
        DateTimeOffset.Parse(column.GetText(row)!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    // The words of the merger's column _rule.
    static string VerdictOf(string? rule, string winner, int sources) => rule switch
    {
        "stands" when sources == 1 => "stands: no other source speaks of it",
        "stands" => "stands",
        "agrees" => $"agrees with '{winner}'",
        "lower-priority" => $"lost: '{winner}' is trusted more",
        "known-earlier" => $"lost: '{winner}' is trusted alike and was known later",
        "sorts-later" => $"lost: '{winner}' is trusted alike, was known at the same moment, and its id sorts first",
        _ => $"lost: {rule}",
    };

    // The merger keeps the dataset's configuration in the manifest of each snapshot.
    sealed record Definitions(DatasetDefinition? Definition);
}
