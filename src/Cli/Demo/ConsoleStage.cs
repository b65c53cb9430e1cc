using DataIngestion.Cli.Printing;
using DataIngestion.Govern;
using Spectre.Console;

namespace DataIngestion.Cli.Demo;

/// <summary>The demo for people: progress bars on a terminal, a line for every source that is done elsewhere.</summary>
internal sealed class ConsoleStage(IAnsiConsole console) : IDemoStage
{
    /// <inheritdoc />
    public void Announce(string text) => console.WriteLine(text);

    /// <inheritdoc />
    public async Task FollowAsync(Func<Action<IReadOnlyList<SourceProgress>>, Task> work)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            var told = new HashSet<string>(StringComparer.Ordinal);
            await work(sources =>
            {
                foreach (var source in sources.Where(s => s.IsOver && told.Add(s.Source)))
                    console.WriteLine($"  {source.Source}: {source.Doing}");
            });
            return;
        }

        await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                await work(sources =>
                {
                    foreach (var source in sources)
                    {
                        if (!bars.TryGetValue(source.Source, out var bar))
                            bars[source.Source] = bar = progress.AddTask(source.Source, maxValue: source.Steps);
                        bar.Description = Markup.Escape($"{source.Source,-20} {source.Doing,-22}");
                        bar.Value = source.Done;
                        if (source.IsOver)
                            bar.StopTask();
                    }
                });
            });
    }

    /// <inheritdoc />
    public void Show(IReadOnlyList<SourceSummary> round)
    {
        var table = Tables.Create("source", "#rows in", "#rows out", "#quarantined", "#merged away", "#seconds", "output path");
        foreach (var source in round)
        {
            table.Add(
                source.Source, Tables.Count(source.RowsIn), Tables.Count(source.RowsOut), Tables.Count(source.RowsQuarantined),
                Tables.Count(source.RowsMergedAway), source.Seconds.ToString("0.0"), source.Snapshot?.ToString().Replace("/manifest.json", "", StringComparison.Ordinal) ?? (source.Failures.Count > 0 ? "failed" : "nothing new"));
        }

        table.Add(
            "all", Tables.Count(round.Sum(s => s.RowsIn)), Tables.Count(round.Sum(s => s.RowsOut)), Tables.Count(round.Sum(s => s.RowsQuarantined)),
            Tables.Count(round.Sum(s => s.RowsMergedAway)), "", "");
        console.Write(table);
        if (round.Sum(s => s.Retries) is > 0 and var retries)
            console.WriteLine($"{retries} requests were refused by the vendor (429, 503) and repeated.");
    }

    /// <inheritdoc />
    public void Show(IReadOnlyList<DatasetSummary> datasets)
    {
        foreach (var dataset in datasets)
        {
            var sources = dataset.Sources.Count == 1 ? $"from {dataset.Sources[0]}" : $"merged from {string.Join(", ", dataset.Sources)}; they disagree about {Tables.Count(dataset.Disagreements)}";
            console.WriteLine($"{dataset.Dataset}: {Tables.Count(dataset.Rows)} rows {sources}");
        }
    }

    /// <inheritdoc />
    public void Show(string command, WhyAnswer answer)
    {
        console.WriteLine();
        console.WriteLine($"$ {command}");
        WhyPrinter.Print(console, answer);
    }

    /// <inheritdoc />
    public void Close(DemoVerdict verdict)
    {
        console.WriteLine();
        foreach (var fault in verdict.Faults)
            console.WriteLine($"FAILED: {fault}");
        console.WriteLine(verdict.Faults.Count == 0
            ? $"Every row is accounted for: rows in = rows out + quarantined + merged away. {verdict.Seconds:0} s in all."
            : $"The platform's log is in {verdict.LogFile}.");
        console.WriteLine("The data stays in " + verdict.Data + ". Look at it with:");
        console.WriteLine("    ./ingest read daily-bars --where symbol=AAPL --limit 5");
        console.WriteLine("    ./ingest why daily-bars date=2019-11-15 symbol=AAPL");
    }
}
