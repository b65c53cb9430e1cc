namespace DataIngestion.Contracts;

/// <summary>What was used for one subject.</summary>
/// <param name="Subject">Whom it was used for.</param>
/// <param name="Used">How much.</param>
public sealed record UsageRecord(UsageSubject Subject, UsageAmounts Used);

/// <summary>
/// Records that one instance wrote at once: <c>audit/usage/{yyyy}/{MM}/{dd}/{id}.json</c>, by the day of <see cref="At"/>. Written once and never
/// changed; the same id is the same batch, so that writing it again after a lost answer counts nothing twice.
/// </summary>
public sealed record UsageBatch
{
    /// <summary>The version this code writes.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Folder in <see cref="Containers.Audit"/>.</summary>
    public const string Folder = "usage";

    /// <summary>Version of this record's shape.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>When it was closed; decides its day.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The instance that it is of.</summary>
    public required string Instance { get; init; }

    /// <summary>The stamp that the instance belongs to; null where there are none.</summary>
    public string? Stamp { get; init; }

    /// <summary>Memory of the instance in MB, as it is billed.</summary>
    public required int MemoryMB { get; init; }

    /// <summary>What was used.</summary>
    public required IReadOnlyList<UsageRecord> Records { get; init; }

    /// <summary>Where a batch lies.</summary>
    /// <param name="at">See <see cref="At"/>.</param>
    /// <param name="id">A name that no other batch has; may have parts.</param>
    public static LakePath PathOf(DateTimeOffset at, string id) => new(Containers.Audit, $"{FolderOf(DateOnly.FromDateTime(at.UtcDateTime))}{id}.json");

    /// <summary>Where the batches of a day lie, with a slash at the end.</summary>
    public static string FolderOf(DateOnly day) => $"{Folder}/{day:yyyy'/'MM'/'dd}/";
}
