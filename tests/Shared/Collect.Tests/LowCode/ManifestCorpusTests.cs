using System.Text;
using DataIngestion.TestKit;

namespace DataIngestion.Collect.Tests.LowCode;

/// <summary>
/// Loads every manifest of a folder that is not part of this repository: <c>LOWCODE_CORPUS=/path</c>, with one folder for each manifest. Writes what it found
/// to <c>loaded.md</c> in that folder.
/// </summary>
public sealed class ManifestCorpusTests
{
    readonly List<string> _notes = [];

    [Fact]
    public void Manifests_of_a_folder_load_or_say_why_not()
    {
        if (Environment.GetEnvironmentVariable("LOWCODE_CORPUS") is not { Length: > 0 } corpus)
        {
            Assert.Skip("LOWCODE_CORPUS names no folder.");
            return;
        }

        var table = new StringBuilder("| manifest | version | streams | of these run | dynamic | settings | without effect | import | why not |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var file in Directory.GetFiles(corpus, "manifest.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            table.AppendLine(Line(Path.GetRelativePath(corpus, Path.GetDirectoryName(file)!), file));
        File.WriteAllText(Path.Combine(corpus, "loaded.md"), table.ToString());
        File.WriteAllLines(Path.Combine(corpus, "without-effect.txt"), _notes.Order(StringComparer.Ordinal));
    }

    string Line(string name, string file)
    {
        try
        {
            var manifest = ManifestDocument.Read(file);
            _notes.AddRange(manifest.WithoutEffect.Select(n => $"{n.Message} ({name}:{n.Line})"));
            var reasons = manifest.Faults.Concat(manifest.Streams.SelectMany(s => s.Faults)).Select(f => $"{f.Line}: {f.Message}").Distinct().ToList();
            return $"| {name} | {manifest.Version} | {manifest.Streams.Count} | {(manifest.Faults.Count > 0 ? 0 : manifest.Streams.Count(s => s.Faults.Count == 0))} | {manifest.DynamicStreams.Count} | {manifest.Spec.Settings.Count} | {manifest.WithoutEffect.Count} | {Imported(file)} | {string.Join("<br>", reasons.Take(6))} |";
        }
        catch (ManifestException refused)
        {
            return $"| {name} | | | 0 | | | | | {refused.Fault.Line}: {refused.Fault.Message} |";
        }
    }

    static string Imported(string file)
    {
        using var configs = new TemporaryFolder("corpus");
        try
        {
            return ManifestImport.Plan(new() { File = file, Id = "corpus", ConfigsFolder = configs.Path }).Imported.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (DataIngestion.Contracts.ConfigurationException refused)
        {
            return $"0: {refused.Faults[0].Message}";
        }
    }
}
