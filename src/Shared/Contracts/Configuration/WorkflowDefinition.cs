using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>How a step is retried.</summary>
public sealed record RetryPolicyDefinition
{
    /// <summary>Attempts in all; 1 to 100, default 5.</summary>
    [Range(1, 100)]
    public int Attempts { get; init; } = 5;

    /// <summary>Delay before the second attempt; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Factor from one delay to the next; 1 to 10, default 2.</summary>
    [Range(1, 10)]
    public double Factor { get; init; } = 2;

    /// <summary>Longest delay; default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time after the first attempt after which there is no other; default 6 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Within { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Whether the last landed data may stand in when the source stays away; default false.</summary>
    public bool UseCache { get; init; }
}

/// <summary>One step of a workflow.</summary>
public sealed record StepDefinition
{
    /// <summary>Time for one attempt; default 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "2.00:00:00")]
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How it is retried.</summary>
    public RetryPolicyDefinition Retry { get; init; } = new();
}

/// <summary>How runs are carried out: <c>workflows/{id}.yaml</c>. A run takes a copy at its start, so a change never reaches a run under way.</summary>
public sealed record WorkflowDefinition : IValidatableObject
{
    /// <summary>Its id; see <see cref="ConfigurationId"/>.</summary>
    [Required]
    public required string Workflow { get; init; }

    /// <summary>The kind of source it is for.</summary>
    public required SourceKind For { get; init; }

    /// <summary>Silence of an agent after which its command is sent again; default 15 s, 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Is the source there?</summary>
    public StepDefinition Connect { get; init; } = new();

    /// <summary>Fetch into landing.</summary>
    public StepDefinition Collect { get; init; } = new();

    /// <summary>Convert to Parquet.</summary>
    public StepDefinition Convert { get; init; } = new();

    /// <summary>Quality gate.</summary>
    public StepDefinition Quality { get; init; } = new();

    /// <summary>Publish.</summary>
    public StepDefinition Merge { get; init; } = new();

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!ConfigurationId.IsValid(Workflow))
            yield return new($"'{Workflow}' is not a workflow id: expected {ConfigurationId.Rule}.", [nameof(Workflow)]);
    }
}
