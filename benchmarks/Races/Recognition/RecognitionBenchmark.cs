using System.Diagnostics;
using System.Globalization;
using DataIngestion.Conversion;
using DataIngestion.Learn.Recognition.Samples;

namespace DataIngestion.Benchmarks.Recognition;

/// <summary>
/// <c>ingest bench recognition [--verbose]</c>: what other people's files are, names hidden, against their labels and against <c>file</c> (libmagic) on the same
/// bytes in the same run. <c>--verbose</c> lists every file that is not right.
/// </summary>
internal sealed class RecognitionBenchmark : IBenchmark
{
    const int Rounds = 3;
    const int GeneratedPerClass = 20;

    /// <summary>Not the seed of training, so that no text was learned from.</summary>
    const int GeneratedSeed = 777_000_777;

    public string Name => "recognition";

    public string Description => "says what labelled files are with their names hidden, against libmagic's 'file' on the same bytes";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var verbose = arguments.Contains("--verbose");
        foreach (var corpus in (string[])["format-corpus", "magika"])
        {
            if (SharedFolder.Find("formats/" + corpus) is { } folder)
                await CorpusAsync(report, corpus, LabelledFile.OfFolders(folder), verbose, cancellationToken);
            else
                report.Note($"recognition: skipped, ../shared/data/formats/{corpus} is not there");
        }

        var generated = Directory.CreateTempSubdirectory("ingest-recognition-");
        try
        {
            var texts = LabelledFile.OfSharedData().Concat(Generate(generated.FullName)).ToList();
            await TextBoardAsync(report, texts, verbose, cancellationToken);
        }
        finally
        {
            generated.Delete(recursive: true);
        }
    }

    static async Task CorpusAsync(IReport report, string corpus, IReadOnlyList<LabelledFile> files, bool verbose, CancellationToken cancellationToken)
    {
        var (ours, times) = await DetectAsync(files, cancellationToken);
        var right = files.Zip(ours).Count(p => p.First.IsRight(p.Second));
        var abstained = ours.Count(f => f.Format == "unknown");
        var sure = files.Zip(ours).Where(p => !p.First.IsRight(p.Second) && p.Second is { Confidence: > 0.9, Format: not "unknown" }).ToList();
        report.Add(new BoardResult("recognition", $"{corpus}: right, of {files.Count} files, %", 100.0 * right / files.Count, 100, 99));
        report.Add(new BoardResult("recognition", $"{corpus}: right, of those that are claimed, %", 100.0 * right / Math.Max(1, files.Count - abstained), 100, 99));
        report.Add(new BoardResult("recognition", $"{corpus}: wrong with confidence above 0.9, at most", sure.Count, null, 0));
        report.Add(new BoardResult("recognition", $"{corpus}: median of a file, ms, at most", times[times.Count / 2], null, 2));
        if (await FileProgram.RunAsync(files, Rounds, cancellationToken) is { } magic)
        {
            var theirs = files.Zip(magic.Descriptions).Count(p => p.First.IsRightByMagic(p.Second));
            report.Add(new RaceResult("recognition", $"{corpus}: mean of a file against 'file', ms", times.Average(), magic.MillisecondsPerFile, "ms", magic.MillisecondsPerFile / times.Average(), null));
            report.Add(new RaceResult("recognition", $"{corpus}: right against 'file', of {files.Count}", right, theirs, "files", (double)right / Math.Max(1, theirs), null));
        }
        else
        {
            report.Note("recognition: the program 'file' is not installed, so there is no race with it");
        }

        foreach (var (file, found) in files.Zip(ours).Where(p => !p.First.IsRight(p.Second) && (verbose || p.Second.Format == "unknown" || p.Second.Confidence > 0.9)))
            report.Note(string.Create(CultureInfo.InvariantCulture, $"  {corpus}/{file.Shown}: {found.Format} ({found.Confidence:0.00})"));
    }

    /// <summary>Every text format on its own: third-party files and generated ones together.</summary>
    static async Task TextBoardAsync(IReport report, IReadOnlyList<LabelledFile> files, bool verbose, CancellationToken cancellationToken)
    {
        var (ours, times) = await DetectAsync(files, cancellationToken);
        var magic = await FileProgram.RunAsync(files, 1, cancellationToken);
        var judged = files.Select((f, i) => (File: f, Ours: ours[i], Right: f.IsRight(ours[i]), Theirs: magic is not null && f.IsRightByMagic(magic.Descriptions[i]))).ToList();
        foreach (var format in judged.GroupBy(j => j.File.Label).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var (count, right, theirs) = (format.Count(), format.Count(j => j.Right), format.Count(j => j.Theirs));
            report.Add(new RaceResult("recognition", $"text {format.Key}: right against 'file', of {count}", right, theirs, "files", theirs == 0 ? right : (double)right / theirs, null));
        }

        report.Add(new BoardResult("recognition", $"texts: right, of {files.Count} files, %", 100.0 * judged.Count(j => j.Right) / files.Count, 100, 99));
        report.Add(new BoardResult("recognition", "texts: wrong with confidence above 0.9, at most", judged.Count(j => !j.Right && j.Ours is { Confidence: > 0.9, Format: not "unknown" }), null, 0));
        report.Add(new BoardResult("recognition", "texts: median of a file, ms, at most", times[times.Count / 2], null, 2));
        foreach (var (file, found, _, _) in judged.Where(j => !j.Right && (verbose || j.Ours is { Confidence: > 0.9, Format: not "unknown" })))
            report.Note(string.Create(CultureInfo.InvariantCulture, $"  {file.Label} {file.Shown}: {found.Format} ({found.Confidence:0.00})"));
    }

    /// <summary>Findings, and the sorted times of a file: opened, read, recognised; the best of some rounds, the first of which is not counted.</summary>
    static async Task<(IReadOnlyList<FormatFinding> Findings, List<double> Times)> DetectAsync(IReadOnlyList<LabelledFile> files, CancellationToken cancellationToken)
    {
        var findings = new FormatFinding[files.Count];
        var best = Enumerable.Repeat(double.MaxValue, files.Count).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < files.Count; i++)
            {
                var path = files[i].Path;
                var started = Stopwatch.GetTimestamp();
                findings[i] = await InputRecognition.DetectAsync(_ => new(File.OpenRead(path)), new(), cancellationToken);
                if (round > 0)
                    best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        return (findings, [.. best.Order()]);
    }

    static IEnumerable<LabelledFile> Generate(string folder)
    {
        for (var i = 0; i < SampleBook.All.Count; i++)
        {
            var format = SampleBook.All[i].Format;
            for (var n = 0; n < GeneratedPerClass; n++)
            {
                var path = Path.Combine(folder, $"{format}-{n}");
                File.WriteAllBytes(path, SampleBook.Text(i, unchecked(GeneratedSeed + (i * 104_729) + (n * 1_299_709))));
                yield return new(path, format == "properties" ? "ini" : format, $"generated/{format}-{n}");
            }
        }
    }
}
