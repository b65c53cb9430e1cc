using System.Text;

namespace DataIngestion.Cli.Describing;

/// <summary>Files that are generated below a folder, and nothing else may be there.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Files">Texts by path below it.</param>
/// <param name="Kept">Names of files in it that people write.</param>
internal sealed record GeneratedFiles(string Root, IReadOnlyDictionary<string, string> Files, IReadOnlySet<string> Kept)
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The paths of the files that are missing, differ, or are there though nothing generates them.</summary>
    public IReadOnlyList<string> Outdated() =>
    [
        .. Files.Where(f => !File.Exists(Path.Combine(Root, f.Key)) || File.ReadAllText(Path.Combine(Root, f.Key)) != f.Value).Select(f => f.Key)
            .Concat(Present().Where(p => !Files.ContainsKey(p) && !Kept.Contains(p)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Writes those that differ and deletes those that nothing generates any more.</summary>
    /// <returns>How many were written or deleted.</returns>
    public int Write()
    {
        var outdated = Outdated();
        foreach (var name in outdated)
        {
            var path = Path.Combine(Root, name);
            if (!Files.TryGetValue(name, out var text))
            {
                File.Delete(path);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text, Utf8);
        }

        return outdated.Count;
    }

    IEnumerable<string> Present() =>
        Directory.Exists(Root) ? Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/')) : [];
}
