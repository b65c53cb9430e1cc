using DataIngestion.TestKit;
using YamlDotNet.RepresentationModel;

namespace DataIngestion.Infra.Tests.Workflows;

/// <summary>A node of a YAML file, read by path.</summary>
internal sealed class YamlFile(YamlNode node)
{
    public YamlNode Node => node;

    /// <summary>A file of the repository.</summary>
    public static YamlFile Read(string path)
    {
        using var text = File.OpenText(Path.Combine(Repository.Root, path));
        var stream = new YamlStream();
        stream.Load(text);
        return new(Assert.Single(stream.Documents).RootNode);
    }

    /// <summary>What stands at a path of names with dots between; null when nothing does.</summary>
    public YamlFile? Find(string path)
    {
        var found = node;
        foreach (var step in path.Split('.'))
        {
            found = (found as YamlMappingNode)?.Children.FirstOrDefault(c => ((YamlScalarNode)c.Key).Value == step).Value;
            if (found is null)
                return null;
        }

        return new(found);
    }

    /// <summary>The text at a path; null when there is none.</summary>
    public string? Text(string path) => (Find(path)?.Node as YamlScalarNode)?.Value;

    /// <summary>The entries of a mapping at a path; none when there is none.</summary>
    public IReadOnlyDictionary<string, YamlFile> Map(string path) =>
        (Find(path)?.Node as YamlMappingNode)?.Children.ToDictionary(c => ((YamlScalarNode)c.Key).Value!, c => new YamlFile(c.Value)) ?? [];

    /// <summary>The entries of a list at a path; none when there is none.</summary>
    public IReadOnlyList<YamlFile> List(string path) => Find(path)?.Node is YamlSequenceNode list ? [.. list.Select(n => new YamlFile(n))] : [];

    /// <summary>Every text in it.</summary>
    public IEnumerable<string> Texts() => node.AllNodes.OfType<YamlScalarNode>().Select(s => s.Value ?? "");
}
