using System.Diagnostics;
using System.Globalization;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>
/// The whole job, a text file to zstd Parquet, against DuckDB's <c>COPY … TO</c> on the same file with the same threads, codec, level and
/// column types, in turn in one process. Answers are compared column by column.
/// </summary>
internal sealed class ConvertBenchmark : IBenchmark
{
    const int Rounds = 3;
    const int Threads = 2;

    /// <summary>From here on a file is read once only: its time is long enough to stand by itself.</summary>
    const int LargeMegabytes = 2_000;

    public string Name => "convert";

    public string Description => "CSV, gzip CSV and NDJSON to zstd Parquet against DuckDB; arguments: megabytes (default 200), words that case names must contain";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var megabytes = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 200;
        var rounds = megabytes >= LargeMegabytes ? 1 : Rounds;
        report.Note($"{megabytes} MB before compression, {Threads} threads, zstd level 1, best of {rounds} rounds in turn, files cached, answers compared");
        var runner = new ConvertRace(Path.Combine("artifacts", "bench"), Threads);
        var cases = Cases(megabytes).Where(c => arguments.Skip(1).All(word => c.Name.Contains(word, StringComparison.Ordinal))).ToList();
        if (cases.Count == 0)
            throw new ArgumentException($"No case has all of these words in its name: {string.Join(", ", arguments.Skip(1))}.", nameof(arguments));

        // Memory is measured first, before DuckDB has any in this process; this warms us up, too.
        var peaks = new List<double?>();
        foreach (var race in cases)
        {
            PeakMemory.Reset();
            await runner.OursAsync(race, Threads, cancellationToken);
            peaks.Add(PeakMemory.Megabytes);
        }

        using var duck = new DuckDatabase(Threads);
        for (var i = 0; i < cases.Count; i++)
            await RaceAsync(report, runner, duck, cases[i], peaks[i], rounds, cancellationToken);
        foreach (var race in cases.Where(c => c.Typing == RaceTyping.Given && c.Form == RaceForm.Csv))
            await OneCoreAsync(report, runner, race, rounds, cancellationToken);
    }

    static IEnumerable<RaceCase> Cases(int megabytes)
    {
        var folder = Path.Combine("artifacts", "bench");
        foreach (var dataset in new IRaceDataset[] { new Trades(), new Bars() })
        {
            foreach (var form in Enum.GetValues<RaceForm>())
            {
                foreach (var typing in Enum.GetValues<RaceTyping>())
                    yield return new(dataset, form, typing, megabytes, folder);
            }
        }
    }

    static async Task RaceAsync(
        IReport report, ConvertRace runner, DuckDatabase duck, RaceCase race, double? peak, int rounds, CancellationToken cancellationToken)
    {
        var (ours, theirs) = (double.MaxValue, double.MaxValue);
        if (rounds > 1)
            runner.Theirs(duck, race);
        for (var round = 0; round < rounds; round++)
        {
            ours = Math.Min(ours, await SecondsAsync(() => runner.OursAsync(race, Threads, cancellationToken)));
            theirs = Math.Min(theirs, await SecondsAsync(() => Task.Run(() => runner.Theirs(duck, race), cancellationToken)));
        }

        runner.Compare(report, duck, race);
        var size = race.File.ContentBytes / 1e6;
        report.Add(new RaceResult("convert", race.Name, size / ours, size / theirs, "MB/s", theirs / ours, peak));
        report.Note($"  output: ours {new FileInfo(runner.OurFile).Length / 1e6:0.0} MB, theirs {new FileInfo(runner.TheirFile).Length / 1e6:0.0} MB");
    }

    /// <summary>How much of the speed of two threads one thread alone reaches.</summary>
    static async Task OneCoreAsync(IReport report, ConvertRace runner, RaceCase race, int rounds, CancellationToken cancellationToken)
    {
        var (one, all) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            one = Math.Min(one, await SecondsAsync(() => runner.OursAsync(race, 1, cancellationToken)));
            all = Math.Min(all, await SecondsAsync(() => runner.OursAsync(race, Threads, cancellationToken)));
        }

        report.Add(new BoardResult("convert", $"{race.Name}: one thread's share of {Threads} threads' speed", all / one, null, 0.6));
        report.Add(new BoardResult("convert", $"{race.Name}: MB/s on one thread", race.File.ContentBytes / 1e6 / one, null, 14));
    }

    static async Task<double> SecondsAsync(Func<Task> run)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await run();
        return watch.Elapsed.TotalSeconds;
    }
}
