using Xunit;

namespace DataIngestion.TestKit;

/// <summary>
/// The folder of third-party test data that may lie beside the repository (<c>../shared/data</c>, or <c>INGEST_SHARED_DATA</c>).
/// Tests that need it are skipped, with its name, where it is missing.
/// </summary>
public static class SharedData
{
    /// <summary>The full path of a file or folder in the data; skips the running test if it is not there.</summary>
    public static string Require(params string[] parts)
    {
        var wanted = Path.Combine(parts);
        var root = Environment.GetEnvironmentVariable("INGEST_SHARED_DATA") ?? Find();
        var path = root is null ? null : Path.Combine(root, wanted);
        if (path is null || (!File.Exists(path) && !Directory.Exists(path)))
            Assert.Skip($"test data '{wanted}' is not there (set INGEST_SHARED_DATA to the folder that holds it)");
        return path!;
    }

    static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate) && File.Exists(Path.Combine(candidate, "README.md")))
                return candidate;
        }

        return null;
    }
}
