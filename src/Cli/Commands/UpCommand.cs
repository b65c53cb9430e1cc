using System.CommandLine;
using DataIngestion.Cli.Hosting;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest up</c>: the platform on this machine until Ctrl-C.</summary>
internal static class UpCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var port = NumberOption.Create("--port", "PORT", "TCP port of the HTTP API on 127.0.0.1; 0 takes any free one. Default 7071.", 7071, 0, 65_535);
        var command = new Command("up", "Run the platform here: both apps, their triggers and the storage emulator. Ctrl-C stops everything it started.") { port };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = parsed.GetValue(options.Data) is { } folder ? environment.Resolve(folder) : Path.Combine(environment.LocalFolder, "up");
            await environment.Error.WriteLineAsync("Starting ...");
            await using var platform = await LocalPlatform.StartAsync(
                environment,
                new LocalPlatformOptions { Data = data, Port = parsed.GetValue(port), Warnings = environment.Error },
                cancellationToken);

            if (parsed.GetValue(options.Json))
                environment.WriteJson(new { platform.File.Url, platform.File.Data, log = platform.LogFile, platform.Functions });
            else
                await PrintAsync(environment, platform);

            // Until Ctrl-C, which is not a failure here.
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (cancellationToken.Register(stopped.SetResult))
                await stopped.Task;
            await environment.Error.WriteLineAsync("Stopping ...");
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task PrintAsync(CommandEnvironment environment, LocalPlatform platform)
    {
        (string What, string Where)[] places =
        [
            ("HTTP API", $"{platform.File.Url}/api/ .. sources, ingestions, datasets, dead-letters"),
            ("health", $"{platform.File.Url}/api/ingestion-manager/health/ready"),
            ("storage", platform.OwnsStorage ? EndpointsOf(platform.File.Storage) : "as AzureWebJobsStorage says"),
            ("drop files", "container 'drop', as {source}/{file}"),
            ("data", platform.File.Data),
            ("log", platform.LogFile),
        ];
        foreach (var (what, where) in places)
            await environment.Output.WriteLineAsync($"{what,-11} {where}");
        await environment.Output.WriteLineAsync($"{platform.Functions} functions listen. Try './ingest sources' or './ingest run SOURCE --wait' in another terminal. Ctrl-C stops everything.");
    }

    // Names the ports without the account's key.
    static string EndpointsOf(string connection) =>
        string.Join("  ", connection.Split(';').Where(p => p.Contains("Endpoint=http", StringComparison.Ordinal)).Select(p => p.Replace("Endpoint=", " ", StringComparison.Ordinal)));
}
