using DataIngestion.TestKit;

namespace DataIngestion.SystemTests.Platform;

/// <summary>Copies of the repository's configuration with changes.</summary>
internal static class Configurations
{
    /// <summary>A folder with <c>configs</c> and <c>workflows</c>, in which texts of some files are replaced.</summary>
    public static TemporaryFolder With(params (string File, string From, string To)[] changes)
    {
        var folder = new TemporaryFolder("configs");
        foreach (var file in new[] { "configs", "workflows" }.SelectMany(part => Directory.EnumerateFiles(Path.Combine(World.Root, part), "*.yaml", SearchOption.AllDirectories)))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(World.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var (name, from, to) in changes)
        {
            var file = Path.Combine(folder.Path, name);
            var text = File.ReadAllText(file);
            Assert.Contains(from, text, StringComparison.Ordinal);
            File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));
        }

        return folder;
    }

    /// <summary>Adds a file to such a folder.</summary>
    public static void Add(TemporaryFolder folder, string file, string text) => File.WriteAllText(Path.Combine(folder.Path, file), text);
}
