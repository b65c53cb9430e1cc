namespace DataIngestion.Recover;

/// <summary>How an account is restored.</summary>
public sealed record RestoreOptions
{
    /// <summary>The backup; null for the last one.</summary>
    public string? Backup { get; init; }

    /// <summary>Take the backup's version also where the account has one that was written later.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Read everything back afterwards and compare its hash.</summary>
    public bool Verify { get; init; }

    /// <summary>Only say what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>Contents that are restored at the same time. Default 8.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Told what was done with each entry.</summary>
    public Action<BackupEntry>? Progress { get; init; }
}

/// <summary>What a restore did, or would do.</summary>
/// <param name="Backup">Which backup.</param>
/// <param name="TakenAt">When it was begun: the moment that the account goes back to.</param>
/// <param name="Written">Blobs that were missing or differed.</param>
/// <param name="WrittenBytes">Their bytes.</param>
/// <param name="Same">Blobs that were as in the backup.</param>
/// <param name="Rows">Rows of tables that were missing or differed.</param>
/// <param name="Ingested">Dropped files that were ingested before the backup, which are not dropped again.</param>
/// <param name="OpenRuns">Runs that had not ended: they are to be asked for again.</param>
/// <param name="Verified">Blobs that were read back and found right.</param>
/// <param name="VerifiedBytes">Their bytes.</param>
public sealed record RestoreSummary(
    string Backup, DateTimeOffset TakenAt, long Written = 0, long WrittenBytes = 0, long Same = 0, long Rows = 0, long Ingested = 0, long OpenRuns = 0, long Verified = 0, long VerifiedBytes = 0);

/// <summary>The account has something that was written after the backup, and nobody said that it may go.</summary>
public sealed class NewerDataException(IReadOnlyList<string> examples, long count)
    : InvalidOperationException($"The account has {count} things that were written after the backup and differ from it: {string.Join(", ", examples)}{(count > examples.Count ? ", …" : "")}. Nothing was changed. Restore into an empty account, or replace them with --overwrite.")
{
    /// <summary>How many.</summary>
    public long Count { get; } = count;
}
