namespace DataIngestion.Recover;

/// <summary>What a backup copies.</summary>
public sealed record BackupOptions
{
    /// <summary>Only tables, for an account whose blobs keep their versions.</summary>
    public bool TablesOnly { get; init; }

    /// <summary>Contents that are copied at the same time. Default 8.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Told after each entry.</summary>
    public Action<BackupEntry, bool>? Progress { get; init; }
}
