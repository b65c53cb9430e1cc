using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

/// <summary>What the pages of the systems show can be copied: every example is a source that the platform would start with.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Folder, "README.md", SearchOption.AllDirectories).Where(p => ExamplesOf(p).Count > 0).Select(p => Path.GetRelativePath(Folder, p)).Order(StringComparer.Ordinal)];

    static string Folder => Path.Combine(Repository.Root, "src", "Shared", "Connect");

    [Theory, MemberData(nameof(Pages))]
    public void Every_example_of_a_source_loads(string page)
    {
        using var services = Sources.Services();

        foreach (var example in ExamplesOf(Path.Combine(Folder, page)))
        {
            using var folder = new TemporaryFolder("readme");
            Write(folder, "configs/sources", NameOf(example), example);
            foreach (var dataset in Datasets().Matches(example).Select(m => m.Groups["id"].Value).Distinct(StringComparer.Ordinal))
                Write(folder, "configs/datasets", dataset, $"dataset: {dataset}\nkeys: [id]\ncolumns:\n  id: {{ type: string }}\n");
            ConfigurationLoader.Load(folder.File("configs"), Path.Combine(Repository.Root, "workflows"), services.GetServices<ConfigurationCheck>());
        }
    }

    [Fact]
    public void Every_system_has_a_page()
    {
        using var services = Sources.Services();
        var pages = Directory.EnumerateFiles(Path.Combine(Folder, "Systems"), "README.md", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();

        Assert.Equal([], services.GetServices<ISourceSystem>().Select(s => s.Name).Where(name => !pages.Exists(p => p.Contains($"system: {name}", StringComparison.Ordinal))));
    }

    static List<string> ExamplesOf(string page) =>
        [.. Blocks().Matches(File.ReadAllText(page)).Select(m => m.Groups["yaml"].Value).Where(y => y.StartsWith("source:", StringComparison.Ordinal))];

    static void Write(TemporaryFolder folder, string below, string name, string text)
    {
        Directory.CreateDirectory(folder.File(below));
        File.WriteAllText(Path.Combine(folder.File(below), $"{name}.yaml"), text);
    }

    static string NameOf(string example) => example.Split('\n')[0]["source:".Length..].Trim();

    [GeneratedRegex("^```yaml\n(?<yaml>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex("dataset: (?<id>[a-z0-9-]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Datasets();
}
