using System.Globalization;
using System.Text;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>The board as a page: a table of suites, then every file that is not right, with the reason.</summary>
internal static class ConformanceMarkdown
{
    const int MaxReason = 300;

    /// <summary>Writes it.</summary>
    /// <param name="suites">Each suite with the folder of its data and what became of its files.</param>
    public static string Of(IReadOnlyList<(string Name, string Folder, IReadOnlyList<ConformanceCase> Cases)> suites)
    {
        var page = new StringBuilder();
        page.Append("# Conformance\n\nOther people's files against their published answers, read as the product reads them. Written by `ingest bench conformance --markdown FILE`.\n\n");
        page.Append("- right: a valid file, and every value is as the answer says\n- refused: an invalid file, refused with a sentence\n");
        page.Append("- declined: a valid file of something that is documented as not read, refused with a sentence that says so\n- wrong: anything else\n\n");
        page.Append("| suite | data | right | refused | declined | wrong | of |\n|---|---|--:|--:|--:|--:|--:|\n");
        foreach (var (name, folder, cases) in suites)
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {folder} | {Counts(cases)} |\n");
        page.Append(CultureInfo.InvariantCulture, $"| **all** | | {Counts([.. suites.SelectMany(s => s.Cases)])} |\n");
        foreach (var (name, _, cases) in suites)
        {
            var others = cases.Where(c => c.Verdict is Verdict.Wrong or Verdict.Declined).ToList();
            if (others.Count == 0)
                continue;
            page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n| file | | why |\n|---|---|---|\n");
            foreach (var other in others)
                page.Append(CultureInfo.InvariantCulture, $"| {Cell(other.Name)} | {other.Verdict.ToString().ToLowerInvariant()} | {Cell(other.Reason ?? "")} |\n");
        }

        return page.ToString();
    }

    static string Counts(IReadOnlyList<ConformanceCase> cases) =>
        string.Join(" | ", new[] { Verdict.Right, Verdict.Refused, Verdict.Declined, Verdict.Wrong }.Select(v => cases.Count(c => c.Verdict == v)).Append(cases.Count));

    static string Cell(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
        return line.Length <= MaxReason ? line : line[..MaxReason] + "…";
    }
}
