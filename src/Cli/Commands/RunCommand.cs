using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Printing;
using DataIngestion.Contracts;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest run SOURCE</c>: asks for a run, and waits for its end if told to.</summary>
internal static class RunCommand
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var source = new Argument<string>("source") { Description = "Id of the source, as 'ingest sources' lists it." };
        var dataset = new Option<string?>("--dataset") { Description = "Only this of the source's datasets.", HelpName = "ID" };
        var full = new Option<bool>("--full") { Description = "Fetch everything, not only what is new." };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Only data from this moment on (ISO 8601); the source's cursor stays where it is. Needs --to.", HelpName = "TIME" };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Only data before this moment. Needs --from.", HelpName = "TIME" };
        var wait = new Option<bool>("--wait") { Description = "Wait for the end and print what the run did." };
        var command = new Command("run", "Start an ingestion of a source.") { source, dataset, full, from, to, wait };
        command.Validators.Add(result =>
        {
            if (result.GetResult(from) is null != result.GetResult(to) is null)
                result.AddError("--from and --to belong together.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TimeWindow? window = parsed.GetValue(from) is { } begin && parsed.GetValue(to) is { } end ? new(begin, end) : null;
            var order = new IngestionOrder(parsed.GetRequiredValue(source), parsed.GetValue(dataset), parsed.GetValue(full), window, Replay: null);
            return await StartAsync(environment, options, parsed, order, parsed.GetValue(wait), cancellationToken);
        });
        return command;
    }

    /// <summary>Sends an order, and waits for the run's end if told to.</summary>
    public static async Task<int> StartAsync(
        CommandEnvironment environment, GlobalOptions options, ParseResult parsed, IngestionOrder order, bool wait, CancellationToken cancellationToken)
    {
        var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
        var started = await platform.PostAsync<IngestionStarted>("api/ingestions", order, cancellationToken);
        var json = parsed.GetValue(options.Json);
        if (!wait)
        {
            if (json)
                environment.WriteJson(started);
            else
                await environment.Output.WriteLineAsync($"{started.Run}: queued; see 'ingest status {started.Run}'");
            return ExitCodes.Ok;
        }

        var status = await WaitAsync(environment, platform, started.Run, quiet: json, cancellationToken);
        if (json)
            environment.WriteJson(status);
        else
            RunPrinter.Print(environment.CreateConsole(), status);
        return RunPrinter.ExitCodeOf(status);
    }

    static async Task<IngestionStatus> WaitAsync(CommandEnvironment environment, PlatformClient platform, string run, bool quiet, CancellationToken cancellationToken)
    {
        if (quiet || !environment.IsTerminal)
            return await platform.WaitAsync(run, Interval, seen: null, environment.Time, cancellationToken);
        IngestionStatus? ended = null;
        await environment.CreateErrorConsole().Status().StartAsync(run, async spinner =>
            ended = await platform.WaitAsync(
                run, Interval, status => spinner.Status = Markup.Escape($"{run}: {status.Progress?.Step ?? status.Status.ToString().ToLowerInvariant()}"), environment.Time, cancellationToken));
        return ended!;
    }
}
