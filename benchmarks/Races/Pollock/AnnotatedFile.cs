using System.Text.Json;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.Pollock;

/// <summary>A file whose dialect people wrote down.</summary>
/// <param name="Delimiter">Empty where the annotation says none.</param>
/// <param name="Quote">Empty where nothing is quoted.</param>
/// <param name="Escape">Empty where nothing is escaped.</param>
internal sealed record AnnotatedFile(string Corpus, string Path, string Delimiter, string Quote, string Escape)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The files of the corpora in a folder like <c>shared/data/csv</c>; corpora that are not there are left out.</summary>
    public static IEnumerable<AnnotatedFile> In(string folder)
    {
        foreach (var corpus in (string[])["pollock_survey_sample", "pollock_polluted"])
        {
            foreach (var path in Files(System.IO.Path.Combine(folder, corpus, "csv")))
            {
                var parameters = System.IO.Path.Combine(folder, corpus, "parameters", System.IO.Path.GetFileName(path) + "_parameters.json");
                using var json = JsonDocument.Parse(File.ReadAllText(parameters));
                yield return new(corpus, path, Text(json, "delimiter"), Text(json, "quotechar"), Text(json, "escapechar"));
            }
        }

        foreach (var corpus in (string[])["opendata_dialects", "w3c_csvw"])
        {
            foreach (var file in FromManifest(System.IO.Path.Combine(folder, corpus), corpus))
                yield return file;
        }
    }

    static IEnumerable<AnnotatedFile> FromManifest(string folder, string corpus)
    {
        var manifest = System.IO.Path.Combine(folder, "manifest.tsv");
        if (!File.Exists(manifest))
            yield break;
        string[]? names = null;
        foreach (var line in File.ReadLines(manifest))
        {
            var cells = line.Split('\t');
            if (names is null)
            {
                names = cells;
                continue;
            }

            string Cell(string name) => Word(cells[Array.IndexOf(names, name)]);
            if (Cell("delimiter").Length > 0)
                yield return new(corpus, System.IO.Path.Combine(folder, cells[Array.IndexOf(names, "file")]), Cell("delimiter"), Cell("quote"), Cell("escape"));
        }
    }

    static string Word(string word) => word switch
    {
        "comma" => ",",
        "semicolon" => ";",
        "tab" => "\t",
        "vslash" => "|",
        "space" => " ",
        "doublequote" => "\"",
        "singlequote" => "'",
        "backslash" => "\\",
        _ => word,
    };

    static string Text(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetString() ?? "";

    static IEnumerable<string> Files(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal) : [];

    /// <summary>
    /// Why the dialect is not exactly the annotated one; null where it is. An empty annotation means the default, as in the benchmark's own
    /// <c>load_parameters</c>: a comma, the double quote, quotes doubled. Ours says no escape where it saw none, which means doubled quotes too.
    /// </summary>
    public string? Differs(CsvDialect? found)
    {
        if (found is null)
            return "no delimited text was recognised";
        var faults = new List<string>();
        var (delimiter, quote) = (Delimiter.Length == 0 ? "," : Delimiter, Quote.Length == 0 ? "\"" : Quote);
        var escape = Escape.Length == 0 ? quote : Escape;
        var foundEscape = (found.Escape ?? found.Quote)?.ToString() ?? "";
        if (found.Delimiter != delimiter)
            faults.Add($"delimiter {Show(found.Delimiter)} instead of {Show(Delimiter)}");
        if (found.Quote?.ToString() != quote && (found.Quote is not null || Quote.Length > 0))
            faults.Add($"quote {Show(found.Quote?.ToString() ?? "")} instead of {Show(Quote)}");
        if (foundEscape != escape && (found.Quote is not null || Escape.Length > 0))
            faults.Add($"escape {Show(foundEscape)} instead of {Show(Escape)}");
        return faults.Count == 0 ? null : string.Join(", ", faults);
    }

    static string Show(string mark) => mark switch { "" => "none", "\t" => "tab", " " => "space", _ => mark };
}
