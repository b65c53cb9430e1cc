namespace DataIngestion.Benchmarks;

/// <summary>Finds folders of third-party data.</summary>
internal static class SharedFolder
{
    /// <summary>A folder in <c>../shared/data</c> (or in <c>INGEST_SHARED_DATA</c>); null where it is not there.</summary>
    /// <param name="name">Relative, with '/'.</param>
    public static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("INGEST_SHARED_DATA") is { } configured)
            return Directory.Exists(Path.Combine(configured, name)) ? Path.Combine(configured, name) : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
