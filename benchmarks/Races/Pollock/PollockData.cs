using System.Text.Json;

namespace DataIngestion.Benchmarks.Pollock;

/// <summary>A raw file and what should come of it.</summary>
/// <param name="InventsHeader">Whether the clean file has a header although the raw one has none.</param>
internal sealed record PollockFile(string Name, string Raw, string Clean, bool InventsHeader);

/// <summary>Finds the benchmark's files.</summary>
internal static class PollockData
{
    public static IReadOnlyList<PollockFile> Files(string folder, string corpus)
    {
        var root = Path.Combine(folder, corpus);
        if (!Directory.Exists(Path.Combine(root, "csv")))
            return [];
        var manifest = CleanFiles(root);
        var files = new List<PollockFile>();
        foreach (var raw in Directory.EnumerateFiles(Path.Combine(root, "csv")).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(raw);
            var clean = Path.Combine(root, manifest.GetValueOrDefault("csv/" + name) ?? "clean/" + name);
            using var parameters = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "parameters", name + "_parameters.json")));
            var first = File.ReadLines(clean).FirstOrDefault() ?? "";
            files.Add(new(name, raw, clean, parameters.RootElement.GetProperty("header_lines").ToString() == "0" && first.StartsWith("col_0", StringComparison.Ordinal)));
        }

        return files;
    }

    /// <summary>The polluted files share clean files, which the manifest names.</summary>
    static Dictionary<string, string> CleanFiles(string root)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var manifest = Path.Combine(root, "manifest.tsv");
        if (!File.Exists(manifest))
            return files;
        foreach (var cells in File.ReadLines(manifest).Select(l => l.Split('\t')).Where(c => c[1].StartsWith("clean/", StringComparison.Ordinal)))
            files[cells[0]] = cells[1];
        return files;
    }

    /// <summary>The kind of defect: the name without the row, column and character it is in.</summary>
    public static string Family(string name)
    {
        var kept = new List<string>();
        foreach (var word in Path.GetFileNameWithoutExtension(name).Split('_'))
        {
            var letters = word.TrimEnd("0123456789".ToCharArray());
            if (letters.Length == 0 || word.StartsWith("0x", StringComparison.Ordinal) || (letters != word && letters is "row" or "col"))
                continue;
            kept.Add(letters);
        }

        return string.Join('_', kept);
    }
}
