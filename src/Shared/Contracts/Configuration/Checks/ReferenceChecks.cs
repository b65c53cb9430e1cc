namespace DataIngestion.Contracts;

/// <summary>Every id that a definition names leads to something that fits.</summary>
internal sealed class ReferenceChecks(
    PlatformConfiguration configuration, IReadOnlyCollection<string> sources, IReadOnlyCollection<string> datasets, IReadOnlyCollection<string> workflows)
{
    public IEnumerable<ConfigurationFinding> Find() =>
        configuration.Sources.Values.SelectMany(OfSource)
            .Concat(configuration.Datasets.Values.SelectMany(OfDataset));

    IEnumerable<ConfigurationFinding> OfSource(SourceDefinition source) =>
    [
        .. Workflow(source),
        .. source.Datasets.SelectMany((offered, i) => Offered(source, offered, i)),
        .. Sources(source, source.Members, nameof(SourceDefinition.Members), "member"),
        .. Sources(source, source.Fallbacks, nameof(SourceDefinition.Fallbacks), "fallback"),
        .. Cycle(source),
    ];

    IEnumerable<ConfigurationFinding> OfDataset(DatasetDefinition dataset) =>
        Sources(dataset, dataset.Priority, nameof(DatasetDefinition.Priority), "source");

    IEnumerable<ConfigurationFinding> Workflow(SourceDefinition source)
    {
        var id = source.Workflow ?? PlatformConfiguration.DefaultWorkflowOf(source.Kind);
        var member = source.Workflow is null ? nameof(SourceDefinition.Kind) : nameof(SourceDefinition.Workflow);
        if (!workflows.Contains(id))
            yield return new(source, member, $"there is no workflow '{id}': {Suggestion.Phrase(id, workflows)}");
        else if (configuration.Workflows.TryGetValue(id, out var workflow) && workflow.For != source.Kind)
            yield return new(source, member, $"the workflow '{id}' is for {Word(workflow.For)} sources: expected one for {Word(source.Kind)}.");
    }

    IEnumerable<ConfigurationFinding> Offered(SourceDefinition source, SourceDatasetDefinition offered, int index)
    {
        var at = $"{nameof(SourceDefinition.Datasets)}[{index}]";
        if (!datasets.Contains(offered.Dataset))
        {
            yield return new(source, $"{at}.{nameof(SourceDatasetDefinition.Dataset)}", $"there is no dataset '{offered.Dataset}': {Suggestion.Phrase(offered.Dataset, datasets)}");
            yield break;
        }

        if (offered.Columns.Count == 0 || !configuration.Datasets.TryGetValue(offered.Dataset, out var dataset))
            yield break;

        var columns = $"{at}.{nameof(SourceDatasetDefinition.Columns)}";
        foreach (var name in offered.Columns.Keys.Where(c => !dataset.Columns.ContainsKey(c)))
            yield return new(source, $"{columns}[{name}]", $"the dataset '{dataset.Dataset}' has no column '{name}': {Suggestion.Phrase(name, [.. dataset.Columns.Keys])}");
        foreach (var (name, column) in dataset.Columns.Where(c => !offered.Columns.ContainsKey(c.Key)))
        {
            if (dataset.Keys.Contains(name))
                yield return new(source, columns, $"the key column '{name}' of the dataset '{dataset.Dataset}' has no mapping.");
            else if (!column.Nullable)
                yield return new(source, columns, $"the column '{name}' of the dataset '{dataset.Dataset}' has no mapping, but no row may lack it.");
        }
    }

    IEnumerable<ConfigurationFinding> Sources(object subject, IReadOnlyList<string> ids, string member, string role)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            var id = ids[i];
            if (!sources.Contains(id))
                yield return new(subject, $"{member}[{i}]", $"there is no source '{id}': {Suggestion.Phrase(id, sources)}");
            else if (subject is SourceDefinition source && source.Source == id)
                yield return new(subject, $"{member}[{i}]", $"'{id}' is its own {role}: expected another source.");
            if (ids.Take(i).Contains(id))
                yield return new(subject, $"{member}[{i}]", $"the {role} '{id}' is listed twice.");
        }
    }

    // Reported once, at the source whose id sorts first among those in the circle.
    IEnumerable<ConfigurationFinding> Cycle(SourceDefinition start)
    {
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>(start.Members.Where(m => m != start.Source).Distinct(StringComparer.Ordinal));
        foreach (var member in open)
            cameFrom[member] = start.Source;

        while (open.TryDequeue(out var id))
        {
            if (!configuration.Sources.TryGetValue(id, out var source))
                continue;
            if (source.Members.Contains(start.Source))
            {
                var circle = new List<string> { start.Source };
                for (var step = id; step != start.Source; step = cameFrom[step])
                    circle.Insert(0, step);
                if (circle.TrueForAll(c => string.CompareOrdinal(start.Source, c) <= 0))
                    yield return new(start, nameof(SourceDefinition.Members), $"the members go round in a circle: {start.Source} → {string.Join(" → ", circle)}.");
                yield break;
            }

            foreach (var next in source.Members.Where(m => cameFrom.TryAdd(m, id)))
                open.Enqueue(next);
        }
    }

    static string Word(SourceKind kind) => YamlScalars.WordOf(kind.ToString());
}
