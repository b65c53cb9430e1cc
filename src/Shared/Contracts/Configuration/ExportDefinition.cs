using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>
/// An export that the source prepares: the dataset's request submits a job, the job is polled until it is done, and its parts are
/// downloaded. <c>{job}</c> stands for the job's id in the requests of <see cref="Poll"/> and <see cref="Download"/>, <c>{part}</c> for a part's.
/// </summary>
public sealed record ExportDefinition : IValidatableObject
{
    /// <summary>Where the answer to the submission holds the job's id or address, as property names separated by dots.</summary>
    public string? JobPath { get; init; }

    /// <summary>Response header that holds it instead, such as <c>Location</c>.</summary>
    public string? JobHeader { get; init; }

    /// <summary>How the job is asked after; null where the job is its own address.</summary>
    public RequestDefinition? Poll { get; init; }

    /// <summary>Time between two questions; default 10 s. What the source asks for by <c>Retry-After</c> is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after which the job counts as lost; default 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Where the answer holds the job's status; null where an HTTP status of 202 says that it is not done.</summary>
    public string? StatusPath { get; init; }

    /// <summary>Statuses that mean done, in any case.</summary>
    public IReadOnlyList<string> Done { get; init; } = [];

    /// <summary>Statuses that mean failed, in any case. Every other one means not yet.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>Where a failed job says why.</summary>
    public string? MessagePath { get; init; }

    /// <summary>Where the last answer lists the parts' ids or addresses; null where the job has one part.</summary>
    public string? PartsPath { get; init; }

    /// <summary>How a part is downloaded; null where a part is its own address, or the last answer is the data itself.</summary>
    public RequestDefinition? Download { get; init; }

    /// <summary>Whether a part may have no checksum or length; default true.</summary>
    public bool AllowUnchecked { get; init; } = true;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (JobPath is null == JobHeader is null)
            yield return new("an export needs exactly one of 'jobPath' and 'jobHeader'.");
        if (StatusPath is null != (Done.Count == 0))
            yield return new("'statusPath' and 'done' belong together.", [nameof(StatusPath)]);
    }
}
