using System.Text.RegularExpressions;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests.Workflows;

/// <summary>A workflow of GitHub Actions.</summary>
internal sealed partial class Workflow(string file)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Workflow> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, ".github", "workflows"), "*.yml").Order(StringComparer.Ordinal).Select(f => new Workflow(f))];

    public string Name => Path.GetFileName(file);

    public string Source { get; } = File.ReadAllText(file);

    public YamlFile Yaml { get; } = YamlFile.Read(Path.GetRelativePath(Repository.Root, file));

    public IReadOnlyDictionary<string, YamlFile> Jobs => Yaml.Map("jobs");

    /// <summary>Steps of all jobs.</summary>
    public IEnumerable<YamlFile> Steps => Jobs.Values.SelectMany(j => j.List("steps"));

    /// <summary>Actions and workflows that it uses, as written.</summary>
    public IEnumerable<string> Uses => Steps.Select(s => s.Text("uses")).Concat(Jobs.Values.Select(j => j.Text("uses"))).OfType<string>();

    /// <summary>Everything that it runs in a shell.</summary>
    public IEnumerable<string> Scripts => Steps.Select(s => s.Text("run")).OfType<string>();

    /// <summary>Names of variables and secrets that it reads.</summary>
    public IReadOnlySet<string> Variables => Read().Matches(Source).Select(m => m.Groups["name"].Value).ToHashSet();

    public override string ToString() => Name;

    [GeneratedRegex(@"\b(?:vars|secrets)\.(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Read();
}
