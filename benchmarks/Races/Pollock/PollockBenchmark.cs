using System.Diagnostics;
using System.Globalization;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.Pollock;

/// <summary>
/// <c>ingest bench pollock [FOLDER] [--verbose]</c>: the Pollock score of loading with no dialect given, and how many annotated dialects are found exactly.
/// The folder is one like <c>../shared/data/csv</c>, which is the default.
/// </summary>
internal sealed class PollockBenchmark : IBenchmark
{
    public string Name => "pollock";

    public string Description => "loads the Pollock benchmark's polluted files with no dialect given, and finds annotated dialects";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var folder = arguments.FirstOrDefault(a => !a.StartsWith('-')) ?? SharedFolder.Find("csv");
        if (folder is null)
        {
            report.Note("There is no folder with the files (../shared/data/csv); give it as an argument.");
            return;
        }

        var wrong = new List<string>();
        await ScoreAsync(report, folder, "pollock_polluted", "polluted", wrong, cancellationToken);
        await ScoreAsync(report, folder, "pollock_survey_sample", "survey", wrong, cancellationToken);
        Dialects(report, folder, wrong);
        if (arguments.Contains("--verbose"))
        {
            foreach (var line in wrong)
                report.Note(line);
        }
    }

    static async Task ScoreAsync(IReport report, string folder, string corpus, string name, List<string> wrong, CancellationToken cancellationToken)
    {
        var files = PollockData.Files(folder, corpus);
        if (files.Count == 0)
            return;
        var scores = new List<(string Name, PollockScore Score)>();
        foreach (var file in files)
        {
            var load = await PollockLoad.LoadAsync(file.Raw, cancellationToken);
            var clean = PollockText.Read(file.Clean);
            // A clean file may name columns that have no name; then ours are as good.
            if (file.InventsHeader && load.Dialect is { HeaderRows: 0 })
                clean.RemoveAt(0);
            var score = load.Failure is null ? PollockScore.Of(clean, load.Rows) : PollockScore.Failed;
            scores.Add((file.Name, score));
            if (score.Sum < 9.9995)
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{corpus}/{file.Name}: {score.Sum:0.000} (header {score.HeaderF1:0.000}, records {score.RecordF1:0.000}, cells {score.CellF1:0.000}) {load.Failure}"));
        }

        report.Add(new BoardResult("pollock", $"{name} files, simple score", scores.Average(s => s.Score.Sum), 10, name == "polluted" ? 9.8 : 9));
        if (name != "polluted")
            return;
        var weights = scores.Select(s => PollockWeights.Of(s.Name)).ToList();
        report.Add(new BoardResult("pollock", "polluted files, weighted score", scores.Zip(weights, (s, w) => s.Score.Sum * w).Sum() / weights.Sum(), 10, 9.6));
        foreach (var family in scores.GroupBy(s => PollockData.Family(s.Name)).OrderBy(g => g.Key, StringComparer.Ordinal))
            report.Add(new BoardResult("pollock", $"family {family.Key} ({family.Count()} files)", family.Average(s => s.Score.Sum), 10, 9.8));
    }

    static void Dialects(IReport report, string folder, List<string> wrong)
    {
        var recognizer = new FormatRecognizer();
        var (all, survey) = (new List<bool>(), new List<bool>());
        var times = new List<double>();
        foreach (var file in AnnotatedFile.In(folder))
        {
            var head = new byte[FormatRecognizer.HeadBytes];
            using var stream = File.OpenRead(file.Path);
            var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var started = Stopwatch.GetTimestamp();
            var found = recognizer.Recognize(head.AsSpan(0, length), file.Name);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            var fault = file.Differs(found.Dialect);
            all.Add(fault is null);
            if (file.Corpus == "pollock_survey_sample")
                survey.Add(fault is null);
            if (fault is not null)
                wrong.Add($"{file.Corpus}/{file.Name}: {fault}");
        }

        if (all.Count == 0)
            return;
        times.Sort();
        report.Add(new BoardResult("pollock", $"dialect exactly right, all {all.Count} annotated files, %", 100.0 * all.Count(r => r) / all.Count, 100, 92));
        if (survey.Count > 0)
            report.Add(new BoardResult("pollock", $"dialect exactly right, {survey.Count} files of the survey, %", 100.0 * survey.Count(r => r) / survey.Count, 100, 97));
        report.Add(new BoardResult("pollock", "recognition, median, ms, at most", times[times.Count / 2], null, 5));
        report.Add(new BoardResult("pollock", "recognition, 95th of 100, ms, at most", times[times.Count * 95 / 100], null, 5));
    }
}
