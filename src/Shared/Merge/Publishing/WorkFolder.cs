namespace DataIngestion.Merge;

/// <summary>A folder of one merge for files that are gone when it ends. What killed merges left is removed after a day.</summary>
internal sealed class WorkFolder : IDisposable
{
    const string Prefix = "ingest-merge-";

    static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    int _files;

    public WorkFolder(string parent, DateTimeOffset now)
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(parent, Prefix + System.IO.Path.GetRandomFileName())).FullName;
        foreach (var old in new DirectoryInfo(parent).EnumerateDirectories(Prefix + "*"))
        {
            if (now.UtcDateTime - old.LastWriteTimeUtc > Abandoned)
                TryDelete(old.FullName);
        }
    }

    public string Path { get; }

    public string NewFile(string name) => System.IO.Path.Combine(Path, $"{name}-{_files++}.parquet");

    public void Dispose() => TryDelete(Path);

    // Whatever is in the way of removing a temporary folder must not fail a merge that is published.
    static void TryDelete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
        }
    }
}
