using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Printing;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest status [RUN]</c>: one run in full, or the latest runs.</summary>
internal static class StatusCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var run = new Argument<string?>("run") { Description = "Id of a run; without it the latest runs are listed.", Arity = ArgumentArity.ZeroOrOne };
        var source = new Option<string?>("--source") { Description = "Only runs of this source.", HelpName = "ID" };
        var limit = NumberOption.Create("--limit", "N", "Most runs to list; default 20.", 20, 1, 10_000);
        var command = new Command("status", "Show what a run is doing or did, or list the latest runs.") { run, source, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
            var json = parsed.GetValue(options.Json);
            if (parsed.GetValue(run) is { } id)
            {
                var status = await platform.GetAsync<IngestionStatus>($"api/ingestions/{Uri.EscapeDataString(id)}", cancellationToken);
                if (json)
                    environment.WriteJson(status);
                else
                    RunPrinter.Print(environment.CreateConsole(), status);
                return status.Status is RunState.Failed or RunState.Terminated || status.Report?.Datasets.Any(d => !d.IsBalanced) is true ? ExitCodes.Failed : ExitCodes.Ok;
            }

            var runs = (await ListAsync(platform, parsed.GetValue(source), cancellationToken))
                .OrderByDescending(r => r.StartedAt).ThenBy(r => r.Run, StringComparer.Ordinal).Take(parsed.GetValue(limit)).ToList();
            if (json)
                runs.ForEach(environment.WriteJson);
            else if (runs.Count == 0)
                await environment.Output.WriteLineAsync("There are no runs yet: start one with 'ingest run SOURCE', or drop a file.");
            else
                RunPrinter.Print(environment.CreateConsole(), runs);
            return ExitCodes.Ok;
        });
        return command;
    }

    // Pages come by run id, so the latest are only known when all have been seen.
    static async Task<List<IngestionStatus>> ListAsync(PlatformClient platform, string? source, CancellationToken cancellationToken)
    {
        var runs = new List<IngestionStatus>();
        string? continuation = null;
        do
        {
            var query = $"api/ingestions?limit=500{(source is null ? "" : $"&source={Uri.EscapeDataString(source)}")}{(continuation is null ? "" : $"&continuation={Uri.EscapeDataString(continuation)}")}";
            var page = await platform.GetAsync<IngestionList>(query, cancellationToken);
            runs.AddRange(page.Runs);
            continuation = page.Continuation;
        }
        while (!string.IsNullOrEmpty(continuation));
        return runs;
    }
}
