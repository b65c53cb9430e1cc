using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>
/// An export that the source prepares: the dataset's request submits a job, the job is polled until it is done, and its parts are
/// downloaded. <c>{job}</c> stands for the job's id in the requests of <see cref="Poll"/>, <see cref="List"/> and <see cref="Download"/>,
/// <c>{part}</c> for a part's. Where a source knows no jobs and the same request is asked until its answer is there, <see cref="JobPath"/> and
/// <see cref="JobHeader"/> are left out.
/// </summary>
public sealed record ExportDefinition : IValidatableObject
{
    /// <summary>Where the answer to the submission holds the job's id or address, as property names separated by dots.</summary>
    public string? JobPath { get; init; }

    /// <summary>Response header that holds it instead, such as <c>Location</c>. Of an address <c>{job}</c> takes the last part of the path.</summary>
    public string? JobHeader { get; init; }

    /// <summary>How the job is asked after; null where the job is its own address, or there is none.</summary>
    public RequestDefinition? Poll { get; init; }

    /// <summary>Shortest time between two questions; default 10 s. What the source asks for by <c>Retry-After</c> is kept, and an old job is left alone for a tenth of its age.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time since the submission after which the attempt fails; the next one goes on asking after the same job. Default 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Where the answer lists several jobs (<c>[*]</c>), of which ours is found by <see cref="JobsId"/>; null where it is about ours.</summary>
    public string? JobsPath { get; init; }

    /// <summary>Where each of those has its id.</summary>
    public string? JobsId { get; init; }

    /// <summary>Where the answer (or of several jobs ours) holds the job's status; null where an HTTP status of 202, or that there is no part yet, says that it is not done.</summary>
    public string? StatusPath { get; init; }

    /// <summary>Statuses that mean done, in any case.</summary>
    public IReadOnlyList<string> Done { get; init; } = [];

    /// <summary>Statuses that mean failed, in any case. Every other one means not yet.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>Where a failed job says why.</summary>
    public string? MessagePath { get; init; }

    /// <summary>How the parts of a job that is done are listed; null where the last answer lists them.</summary>
    public RequestDefinition? List { get; init; }

    /// <summary>Where the last answer, or that of <see cref="List"/>, has the parts' ids or addresses (one, or a list); null where the job has one part.</summary>
    public string? PartsPath { get; init; }

    /// <summary>How a part is downloaded; null where a part is its own address, or the last answer is the data itself.</summary>
    public RequestDefinition? Download { get; init; }

    /// <summary>Whether a part may have no checksum or length; default true.</summary>
    public bool AllowUnchecked { get; init; } = true;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (JobPath is not null && JobHeader is not null)
            yield return new("an export needs at most one of 'jobPath' and 'jobHeader'.");
        if (JobsPath is null != JobsId is null || (JobsPath is not null && (StatusPath is null || (JobPath ?? JobHeader) is null)))
            yield return new("'jobsPath' and 'jobsId' find a job among others, by its id: expected both, a 'statusPath', and 'jobPath' or 'jobHeader'.", [nameof(JobsPath)]);
        if (Poll is not null && (JobPath ?? JobHeader) is not null && JobsPath is null && !Poll.Names("{job}"))
            yield return new("'poll' asks after a job: expected a request with {job}.", [nameof(Poll)]);
        if (Download is not null && !Download.Names("{part}") && !Download.Names("{job}"))
            yield return new("'download' fetches a part: expected a request with {part} or {job}.", [nameof(Download)]);
        if (PartsPath is null && List is not null)
            yield return new("'list' needs a 'partsPath', where its answer has the parts.", [nameof(List)]);
        if (Failed.Count > 0 && StatusPath is null)
            yield return new("'failed' is looked for at a 'statusPath'.", [nameof(Failed)]);
        foreach (var path in (string?[])[JobPath, JobsPath, JobsId, StatusPath, MessagePath, PartsPath])
        {
            if (path is not null && RecordPath.FaultOf(path) is { } fault)
                yield return new(fault);
        }

        if (StatusPath is null != (Done.Count == 0))
            yield return new("'statusPath' and 'done' belong together.", [nameof(StatusPath)]);
    }
}
