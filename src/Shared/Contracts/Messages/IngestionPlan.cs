namespace DataIngestion.Contracts;

/// <summary>A request with everything configured that its run needs, copied when the run begins, so that a run never changes under its own feet.</summary>
public sealed record IngestionPlan
{
    /// <summary>What was asked for.</summary>
    public required IngestionRequest Request { get; init; }

    /// <summary>The source.</summary>
    public required SourceDefinition Source { get; init; }

    /// <summary>How it is run.</summary>
    public required WorkflowDefinition Workflow { get; init; }

    /// <summary>The datasets it goes into, by id.</summary>
    public required IReadOnlyDictionary<string, DatasetDefinition> Datasets { get; init; }

    /// <summary>Plans of the members of a batch and of the sources that may stand in, by source id. Their requests are templates: the run is named when they begin.</summary>
    public IReadOnlyDictionary<string, IngestionPlan> Related { get; init; } = new Dictionary<string, IngestionPlan>();

    /// <summary>Plans a request.</summary>
    /// <exception cref="StepFailedException">The source, or a dataset it names, is not configured.</exception>
    public static IngestionPlan Create(PlatformConfiguration configuration, IngestionRequest request)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(request);
        if (!configuration.Sources.TryGetValue(request.Source, out var source))
            throw Unknown($"There is no source '{request.Source}': expected one of {string.Join(", ", configuration.Sources.Keys.Order())}.");
        if (request.Dataset is { } dataset && source.Datasets.All(d => d.Dataset != dataset))
            throw Unknown($"The source '{source.Source}' has no dataset '{dataset}': expected one of {string.Join(", ", source.Datasets.Select(d => d.Dataset))}.");

        return new()
        {
            Request = request,
            Source = source,
            Workflow = configuration.WorkflowOf(source),
            Datasets = source.Datasets.ToDictionary(d => d.Dataset, d => configuration.Datasets[d.Dataset]),
            Related = source.Members.Concat(source.Fallbacks).Distinct()
                .ToDictionary(id => id, id => Create(configuration, request with { Source = id, Dataset = null, File = null })),
        };
    }

    static StepFailedException Unknown(string message) => new(new() { Code = "not-configured", Message = message });
}
