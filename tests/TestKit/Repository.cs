namespace DataIngestion.TestKit;

/// <summary>The repository that the tests run in.</summary>
public static class Repository
{
    /// <summary>Its folder: the nearest above the test's own files that holds the solution.</summary>
    public static string Root { get; } = Find();

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DataIngestion.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder.FullName;
    }
}
