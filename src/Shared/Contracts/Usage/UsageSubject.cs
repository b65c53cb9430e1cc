namespace DataIngestion.Contracts;

/// <summary>Whom something is used for. Each part is null where it cannot be said: a timer's tick is for no source, a run's beginning for no dataset.</summary>
public sealed record UsageSubject
{
    /// <summary>What serves all sources: the scheduler's ticks, health, the event stream.</summary>
    public static UsageSubject Platform { get; } = new();

    /// <summary>Source id.</summary>
    public string? Source { get; init; }

    /// <summary>Dataset id.</summary>
    public string? Dataset { get; init; }

    /// <summary>Run id.</summary>
    public string? Run { get; init; }

    /// <summary>The step of the run.</summary>
    public string? Step { get; init; }

    /// <summary>A run, and what is known of the step.</summary>
    public static UsageSubject Of(string run, string? dataset = null, string? step = null) =>
        new() { Source = RunId.TryParse(run, out var source, out _) ? source : null, Run = run, Dataset = dataset, Step = step };
}
