using DataIngestion.Contracts;

namespace DataIngestion.Recover;

/// <summary>How the blobs that an account has of a backup differ from it. Safe for several callers.</summary>
internal sealed class Differences
{
    const int Examples = 20;

    readonly Lock _lock = new();
    readonly Dictionary<LakePath, bool> _same = [];
    readonly Dictionary<LakePath, string> _others = [];

    /// <summary>Some of what was written after the backup.</summary>
    public List<string> Newer { get; } = [];

    /// <summary>How many blobs were.</summary>
    public long NewerCount { get; private set; }

    public void AddSame(LakePath path, bool isVersion)
    {
        lock (_lock)
            _same[path] = isVersion;
    }

    public void AddOther(LakePath path, string version, bool isNewer)
    {
        lock (_lock)
        {
            _others[path] = version;
            if (!isNewer)
                return;
            NewerCount++;
            if (Newer.Count < Examples)
                Newer.Add(path.ToString());
        }
    }

    /// <summary>Whether the account has the backup's content.</summary>
    public bool IsSame(LakePath path) => _same.ContainsKey(path);

    /// <summary>Whether the account has the backup's very version.</summary>
    public bool HasVersion(LakePath path) => _same.GetValueOrDefault(path);

    /// <summary>The version that takes the backup's place; null when there is none.</summary>
    public string? VersionOf(LakePath path) => _others.GetValueOrDefault(path);
}
