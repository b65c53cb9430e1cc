using System.CommandLine;
using DataIngestion.Cli.Demo;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest demo</c>: the whole platform on real figures, twice, with a verdict.</summary>
internal static class DemoCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var command = new Command("demo", "Start everything on free ports, ingest the samples and an API twice, merge vendors, and check that every row is accounted for.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = parsed.GetValue(options.Data) is { } folder ? environment.Resolve(folder) : Path.Combine(environment.LocalFolder, "demo");
            IDemoStage stage = parsed.GetValue(options.Json) ? new JsonStage(environment) : new ConsoleStage(environment.CreateConsole());
            return await RunAsync(environment, stage, data, cancellationToken);
        });
        return command;
    }

    static async Task<int> RunAsync(CommandEnvironment environment, IDemoStage stage, string data, CancellationToken cancellationToken)
    {
        var began = environment.Time.GetTimestamp();
        stage.Announce("Starting the storage emulator, both function apps and a vendor's API ...");
        await using var script = await DemoScript.StartAsync(environment, stage, data, cancellationToken);

        stage.Announce("First run: files of five vendors are dropped, the API is asked.");
        var first = await script.RunAsync(1, "drop", cancellationToken);
        stage.Show(first);

        script.PublishTheRest();
        stage.Announce("Second run: a day later the same sources have something new.");
        var second = await script.RunAsync(2, "later", cancellationToken);
        stage.Show(second);

        var datasets = await script.DatasetsAsync(cancellationToken);
        stage.Show(datasets);
        var (dataset, key) = DemoQuestion.Disputed;
        var answer = await script.WhyAsync(dataset, key, cancellationToken);
        if (answer is not null)
            stage.Show($"ingest why {dataset} {string.Join(' ', key.Select(k => $"{k.Key}={k.Value}"))}", answer);

        IReadOnlyList<string> faults =
        [
            .. DemoChecks.Of(first, second, datasets),
            .. answer is null ? [$"{dataset} has no row for {string.Join(' ', key.Values)}"] : Array.Empty<string>(),
        ];
        stage.Close(new(faults, Math.Round(environment.Time.GetElapsedTime(began).TotalSeconds, 1), data, script.LogFile));
        return faults.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
