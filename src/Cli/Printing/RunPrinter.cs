using DataIngestion.Contracts;
using Spectre.Console;

namespace DataIngestion.Cli.Printing;

/// <summary>Prints runs for people.</summary>
internal static class RunPrinter
{
    /// <summary>What a finished run did, or where a run stands.</summary>
    public static void Print(IAnsiConsole console, IngestionStatus status)
    {
        console.WriteLine($"{status.Run}: {Word(status)}{Doing(status)}");
        if (status.Report is not { } report)
            return;

        if (report.Datasets.Count > 0)
        {
            var table = Tables.Create("dataset", "outcome", "#rows in", "#rows out", "#quarantined", "#merged away", "#quality", "output");
            foreach (var dataset in report.Datasets)
            {
                table.Add(
                    dataset.Dataset, Word(dataset.Outcome), Tables.Count(dataset.RowsIn), Tables.Count(dataset.RowsOut), Tables.Count(dataset.RowsQuarantined),
                    Tables.Count(dataset.RowsMergedAway), dataset.Quality?.ToString("0.0") ?? "", dataset.Snapshot?.ToString());
            }

            console.Write(table);
        }

        foreach (var line in Remarks(report))
            console.WriteLine(line);
    }

    /// <summary>Runs, one a line.</summary>
    public static void Print(IAnsiConsole console, IEnumerable<IngestionStatus> runs)
    {
        var table = Tables.Create("run", "status", "started", "#seconds", "#rows in", "#rows out", "#quarantined", "#merged away");
        foreach (var run in runs)
        {
            var datasets = run.Report?.Datasets ?? [];
            table.Add(
                run.Run, Word(run) + Doing(run), Tables.Moment(run.StartedAt),
                run.Report is { } report ? Tables.Seconds(report.FinishedAt - report.StartedAt) : "",
                Tables.Count(datasets.Sum(d => d.RowsIn)), Tables.Count(datasets.Sum(d => d.RowsOut)),
                Tables.Count(datasets.Sum(d => d.RowsQuarantined)), Tables.Count(datasets.Sum(d => d.RowsMergedAway)));
        }

        console.Write(table);
    }

    /// <summary>The exit code that a finished run deserves: failed runs and rows that do not add up are failures.</summary>
    public static int ExitCodeOf(IngestionStatus status) =>
        status.Status is RunState.Completed && status.Report is { } report && report.Datasets.All(d => d.IsBalanced) ? ExitCodes.Ok : ExitCodes.Failed;

    /// <summary>An outcome in a word.</summary>
    public static string Word(RunOutcome outcome) => outcome switch
    {
        RunOutcome.NothingNew => "nothing new",
        var other => other.ToString().ToLowerInvariant(),
    };

    static string Word(IngestionStatus status) =>
        status.Report is { Outcome: RunOutcome.NothingNew } ? "completed, nothing new" : status.Status.ToString().ToLowerInvariant();

    static string Doing(IngestionStatus status) => status is { Status: RunState.Running, Progress: { } progress }
        ? $", {progress.Step}{(progress.Dataset is null ? "" : $" {progress.Dataset}")}{(progress.Attempt > 1 ? $", attempt {progress.Attempt}" : "")}"
            + (progress.WaitingUntil is { } until ? $", waiting until {Tables.Moment(until)}" : "")
        : "";

    static IEnumerable<string> Remarks(RunReport report)
    {
        foreach (var dataset in report.Datasets)
        {
            if (dataset.Quarantine is { } quarantine)
                yield return $"{dataset.Dataset}: quarantined rows with their reasons are in {quarantine}";
            foreach (var note in dataset.Notes)
                yield return $"{dataset.Dataset}: {note}";
            if (dataset.Failure is { } failure)
                yield return $"{dataset.Dataset}: failed ({failure.Code}): {failure.Message}";
            if (dataset.DeadLetter is { } letter)
                yield return $"{dataset.Dataset}: try again with 'ingest dead-letters replay {letter}'";
            if (!dataset.IsBalanced)
                yield return $"{dataset.Dataset}: rows are missing: {dataset.RowsIn} in, {dataset.RowsOut} out + {dataset.RowsQuarantined} quarantined + {dataset.RowsMergedAway} merged away";
        }

        if (report.Datasets.All(d => d.Failure is null) && report.Failure is { } whole)
            yield return $"failed ({whole.Code}): {whole.Message}";
    }
}
