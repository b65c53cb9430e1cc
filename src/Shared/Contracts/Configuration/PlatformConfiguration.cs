namespace DataIngestion.Contracts;

/// <summary>Everything that people configure, read and checked as a whole at start.</summary>
public sealed record PlatformConfiguration
{
    /// <summary>The folder that the configuration was read from, in which files that it names lie; null where it came from elsewhere.</summary>
    public string? Folder { get; init; }

    /// <summary>Sources by id.</summary>
    public required IReadOnlyDictionary<string, SourceDefinition> Sources { get; init; }

    /// <summary>Datasets by id.</summary>
    public required IReadOnlyDictionary<string, DatasetDefinition> Datasets { get; init; }

    /// <summary>Workflows by id.</summary>
    public required IReadOnlyDictionary<string, WorkflowDefinition> Workflows { get; init; }

    /// <summary>The workflow that runs a source: the one it names, or the one named like its kind.</summary>
    public WorkflowDefinition WorkflowOf(SourceDefinition source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Workflows[source.Workflow ?? DefaultWorkflowOf(source.Kind)];
    }

    /// <summary>Id of the workflow for sources that name none.</summary>
    public static string DefaultWorkflowOf(SourceKind kind) => kind.ToString().ToLowerInvariant();
}

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="File">Path as it was given.</param>
/// <param name="Line">Line from 1; 0 when the fault is about the whole file.</param>
/// <param name="Message">What was expected.</param>
public sealed record ConfigurationFault(string File, int Line, string Message)
{
    /// <inheritdoc />
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

/// <summary>The configuration cannot be used; the message lists every fault, one a line.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationFault> faults)
    : Exception($"The configuration has {faults.Count} fault{(faults.Count == 1 ? "" : "s")}:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}")
{
    /// <summary>All of them, by file and line.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; } = faults;
}
