using System.Diagnostics;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>
/// <c>ingest bench conformance [SUITE…] [--verbose] [--markdown FILE]</c>: other people's files against their answers. Every file that is not right is
/// listed with the reason; <c>--verbose</c> lists the refusals of invalid files too, <c>--markdown</c> writes the whole board as a page.
/// </summary>
internal sealed class ConformanceBenchmark : IBenchmark
{
    /// <summary>In the order of the board.</summary>
    static readonly IConformanceSuite[] Suites =
    [
        // Text and documents.
        new CsvSpectrumSuite(),
        new CsvTwinsSuite(),
        new PollockSuite("pollock_polluted"),
        new PollockSuite("pollock_survey_sample"),
        new JsonTestSuite(),
        new LeanSuite(),
        new EdgarSuite(),
        new ArchiveSuite(),

        // Typed columns.
        new ParquetSuite("parquet-testing", "parquet-testing"),
        new ParquetSuite("arrow-testing", "parquet-arrow"),
        new ParquetSuite("arrow-testing-fuzz-malformed", "parquet-fuzz"),
        new AvroSuite(),
        new OrcSuite(),
        new Arrow.ArrowSuite(),

        // Workbooks and databases.
        new Workbooks.ExcelSuite(),
        new Workbooks.CoraSuite(),
        new Workbooks.SecReportSuite(),

        // Messages and statements.
        new FixSuite(),
        new FixDictionarySuite(),
        new SwiftSuite(),

        // Filings and markup.
        new Filings.CamtSuite(),
        new Filings.XbrlSuite(),
        new Filings.SecFormsSuite(),
        new Filings.HtmlSuite(),
        new Filings.FxFeedsSuite(),
    ];

    public string Name => "conformance";

    public string Description => "reads every format's third-party files and compares them with their published answers";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var page = arguments.SkipWhile(a => a != "--markdown").Skip(1).FirstOrDefault();
        var wanted = arguments.Where(a => !a.StartsWith('-') && a != page).ToList();
        var judgedSuites = new List<(string Name, string Folder, IReadOnlyList<ConformanceCase> Cases)>();
        foreach (var suite in Suites.Where(s => wanted.Count == 0 || wanted.Contains(s.Name)))
        {
            if (SharedFolder.Find(suite.Folder) is not { } folder)
            {
                report.Note($"{suite.Name}: skipped, ../shared/data/{suite.Folder} is not there");
                continue;
            }

            var started = Stopwatch.GetTimestamp();
            var cases = new List<ConformanceCase>();
            await foreach (var judged in suite.RunAsync(folder, cancellationToken))
                cases.Add(judged);
            judgedSuites.Add((suite.Name, suite.Folder, cases));
            var asGoal = cases.Count(c => c.Verdict is Verdict.Right or Verdict.Refused);
            report.Add(new BoardResult("conformance", $"{suite.Name}: right {cases.Count(c => c.Verdict == Verdict.Right)}, refused as invalid {cases.Count(c => c.Verdict == Verdict.Refused)}, declined {cases.Count(c => c.Verdict == Verdict.Declined)}, wrong {cases.Count(c => c.Verdict == Verdict.Wrong)}, of", asGoal, cases.Count, cases.Count));
            foreach (var judged in cases.Where(c => c.Verdict is Verdict.Wrong or Verdict.Declined || (arguments.Contains("--verbose") && c.Verdict == Verdict.Refused)))
                report.Note($"  {suite.Name}/{judged.Name}: {judged.Verdict.ToString().ToLowerInvariant()}: {judged.Reason}");
            if (arguments.Contains("--verbose"))
                report.Note($"  {suite.Name}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        }

        if (page is not null)
            await File.WriteAllTextAsync(page, ConformanceMarkdown.Of(judgedSuites), cancellationToken);
    }
}
