using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>How it is known which files have been landed.</summary>
public enum FileTracking
{
    /// <summary>By name and version, however old a file says it is.</summary>
    Names,

    /// <summary>By modified time: what is older than the newest by more than <see cref="FileReadOptions.Overlap"/> counts as landed.</summary>
    Modified,
}

/// <summary>Which file comes first.</summary>
public enum FileOrder
{
    /// <summary>The oldest.</summary>
    Modified,

    /// <summary>The first by name, byte by byte.</summary>
    Name,
}

/// <summary>What to do with a new version of a file that was landed.</summary>
public enum FileChange
{
    /// <summary>Land it as well.</summary>
    Land,

    /// <summary>Leave it: a name is landed once.</summary>
    Ignore,
}

/// <summary>What becomes of a file at the source once it is durable in landing.</summary>
public enum FileAftermath
{
    /// <summary>It stays as it is.</summary>
    Keep,

    /// <summary>It is moved to <see cref="FileReadOptions.MoveTo"/>.</summary>
    Move,

    /// <summary>It is deleted.</summary>
    Delete,
}

/// <summary>Which files of a dataset are read, and when: the same for every system that has files.</summary>
public record FileReadOptions : IValidatableObject
{
    /// <summary>File names that belong to the dataset; with a <c>/</c> in it, paths below the base address. Default: the dataset's <c>files</c>.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether folders below the folder are read too; default false.</summary>
    public bool Recursive { get; init; }

    /// <summary>Patterns of names, or paths, that are left out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Patterns of files and folders that are being written: renamed when they are whole. Given, it replaces the default.</summary>
    public IReadOnlyList<string> Ignore { get; init; } =
        [".*", "~*", "*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.inprogress", "*.uploading", "*.writing", "_temporary"];

    /// <summary>Age before a file counts as whole, as few senders rename atomically; default 30 s for file systems, 0 for object stores and with <see cref="DoneMarker"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan? Settle { get; init; }

    /// <summary>
    /// Name of the file beside it that says that a file is whole: <c>{name}.done</c> or <c>{stem}.ok</c> for each file, or one for the
    /// folder, such as <c>_SUCCESS</c>.
    /// </summary>
    public string? DoneMarker { get; init; }

    /// <summary>How landed files are known; default by name for file systems, by modified time for object stores.</summary>
    public FileTracking? Track { get; init; }

    /// <summary>By modified time: how much later than that a file may appear; default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan Overlap { get; init; } = TimeSpan.FromDays(1);

    /// <summary>By name: how long after it was last seen a file that is gone is remembered; default 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Forget { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Which file comes first; default the oldest.</summary>
    public FileOrder Order { get; init; }

    /// <summary>Files that one run lands; default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxFiles { get; init; } = 10_000;

    /// <summary>Bytes that a file must have; smaller ones wait. Default 0.</summary>
    [Range(0, long.MaxValue)]
    public long MinBytes { get; init; }

    /// <summary>Bytes that a file may have: a larger one fails the run. Default 64 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; init; } = 64L << 30;

    /// <summary>What to do with a new version of a landed file; default land it.</summary>
    public FileChange Changed { get; init; }

    /// <summary>What becomes of a file once it is landed; default keep. Anything else needs the right to write there.</summary>
    public FileAftermath After { get; init; }

    /// <summary>With <c>after: move</c>: folder below the base address that files are moved to.</summary>
    public string? MoveTo { get; init; }

    /// <inheritdoc />
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (After is FileAftermath.Move != MoveTo is not null)
            yield return new("'moveTo' belongs to 'after: move', and that needs it.", [nameof(MoveTo)]);
        if (MoveTo is not null && FileNames.Fault(MoveTo) is { } fault)
            yield return new($"'moveTo' {fault}: expected a folder below the base address, such as 'processed'.", [nameof(MoveTo)]);
        if (Changed is FileChange.Ignore && Track is FileTracking.Modified)
            yield return new("'changed: ignore' needs 'track: names': by modified time a new version is a new file.", [nameof(Changed)]);
        if (DoneMarker is not null && (DoneMarker.Contains('/', StringComparison.Ordinal) || FileNames.Fault(DoneMarker) is not null))
            yield return new($"'{DoneMarker}' is not the name of a marker: expected one such as '{{name}}.done' or '_SUCCESS', without a folder.", [nameof(DoneMarker)]);
    }
}

/// <summary>What a kind of file system takes where a dataset says nothing.</summary>
/// <param name="Settle">Age before a file counts as whole.</param>
/// <param name="Track">How landed files are known.</param>
internal sealed record FileDefaults(TimeSpan Settle, FileTracking Track)
{
    /// <summary>For file systems, whose modified times say little: senders write in place, and keep times when they copy.</summary>
    public static FileDefaults FileSystem { get; } = new(TimeSpan.FromSeconds(30), FileTracking.Names);

    /// <summary>For object stores: objects appear whole, and their times are the store's own.</summary>
    public static FileDefaults ObjectStore { get; } = new(TimeSpan.Zero, FileTracking.Modified);
}
