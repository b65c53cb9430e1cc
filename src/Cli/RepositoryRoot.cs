namespace DataIngestion.Cli;

/// <summary>Finds the checkout that a program was built in.</summary>
internal static class RepositoryRoot
{
    /// <summary>The nearest folder at or above <paramref name="start"/> that holds the solution; null if there is none.</summary>
    public static string? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DataIngestion.sln")))
                return folder.FullName;
        }

        return null;
    }
}
