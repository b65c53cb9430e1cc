namespace DataIngestion.Contracts;

/// <summary>Reads and checks everything that people configure.</summary>
public static class ConfigurationLoader
{
    /// <summary>Reads <c>sources/*.yaml</c> and <c>datasets/*.yaml</c> below one folder and <c>*.yaml</c> in another.</summary>
    /// <param name="configsDirectory">Folder with <c>sources</c> and <c>datasets</c>.</param>
    /// <param name="workflowsDirectory">Folder with workflows.</param>
    /// <param name="checks">Further checks, run over everything that could be read; ids in what they see may lead nowhere.</param>
    /// <exception cref="ConfigurationException">Something is wrong; it names every fault with file and line.</exception>
    public static PlatformConfiguration Load(string configsDirectory, string workflowsDirectory, IEnumerable<ConfigurationCheck>? checks = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(configsDirectory);
        ArgumentException.ThrowIfNullOrEmpty(workflowsDirectory);

        var faults = new List<ConfigurationFault>();
        var map = new YamlSourceMap();
        var files = new DefinitionFiles(faults, map);
        var sources = files.Read<SourceDefinition>(Path.Combine(configsDirectory, "sources"), "sources");
        var datasets = files.Read<DatasetDefinition>(Path.Combine(configsDirectory, "datasets"), "datasets");
        var workflows = files.Read<WorkflowDefinition>(workflowsDirectory, "workflows");

        var configuration = new PlatformConfiguration
        {
            Sources = ById(sources, s => s.Source),
            Datasets = ById(datasets, d => d.Dataset),
            Workflows = ById(workflows, w => w.Workflow),
            Folder = configsDirectory,
        };

        IEnumerable<ConfigurationFinding> found =
        [
            .. NameChecks.Of(sources, s => s.Source, nameof(SourceDefinition.Source)),
            .. NameChecks.Of(datasets, d => d.Dataset, nameof(DatasetDefinition.Dataset)),
            .. NameChecks.Of(workflows, w => w.Workflow, nameof(WorkflowDefinition.Workflow)),
            .. new ReferenceChecks(configuration, NameChecks.Known(sources, s => s.Source), NameChecks.Known(datasets, d => d.Dataset), NameChecks.Known(workflows, w => w.Workflow)).Find(),
            .. DatasetChecks.Find(configuration),
            .. (checks ?? []).SelectMany(check => Found(check, configuration, faults)),
        ];
        foreach (var finding in found)
            map.Report(finding, faults);

        return faults.Count == 0
            ? configuration
            : throw new ConfigurationException([.. faults.Distinct().OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line)]);
    }

    static List<ConfigurationFinding> Found(ConfigurationCheck check, PlatformConfiguration configuration, List<ConfigurationFault> faults)
    {
        try
        {
            return [.. check(configuration)];
        }
        catch (ConfigurationException elsewhere)
        {
            faults.AddRange(elsewhere.Faults);
            return [];
        }
    }

    static OrderedDictionary<string, T> ById<T>(IEnumerable<DefinitionFile<T>> files, Func<T, string> id)
        where T : class
    {
        var byId = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var definition in files.Select(f => f.Definition).OfType<T>())
            byId.TryAdd(id(definition), definition);
        return byId;
    }
}
