using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Shipping;
using DataIngestion.Cli.Shipping.Smoke;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure smoke</c>: does a deployed platform do what the demo shows?</summary>
internal static class SmokeCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var orchestrators = new Option<string?>("--orchestrators-url") { Description = "Address of the orchestrators' app, where it is not that of the agents' (--url).", HelpName = "URL" };
        var audience = new Option<string?>("--audience") { Description = "Ask with a token of Microsoft Entra for this application, which 'az' gets, beside the key in INGEST_HOST_KEY.", HelpName = "URI" };
        var sources = new Option<string[]>("--source") { Description = "Run this source twice and apply the demo's checks; may be said several times.", HelpName = "ID", AllowMultipleArgumentsPerToken = true };
        var samples = new Option<bool>("--samples") { Description = "Drop the demo's files and apply its checks. They stay in the datasets: not for production." };
        var storage = new Option<string?>("--storage") { Description = "Connection string or blob address of the account that files are dropped into; default that of the platform that runs here.", HelpName = "ACCOUNT" };
        var timeout = AzureOptions.Timeout();
        var command = new Command("smoke", "Check a running platform: health of every service, keys, its API, the rows of its runs; with --source or --samples the demo's checks.")
        {
            orchestrators, audience, sources, samples, storage, timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var clients = await ClientsAsync(environment, parsed.GetValue(options.Url), parsed.GetValue(orchestrators), parsed.GetValue(audience), cancellationToken);
            var faults = 0;
            var json = parsed.GetValue(options.Json);
            await foreach (var outcome in RunAsync(
                environment, clients, parsed.GetValue(sources) ?? [], parsed.GetValue(samples) ? StorageOf(environment, parsed.GetValue(storage)) : null,
                TimeSpan.FromSeconds(parsed.GetValue(timeout)), cancellationToken))
            {
                faults += outcome.Faults.Count;
                if (json)
                    environment.WriteJson(outcome);
                else
                    await PrintAsync(environment, outcome);
                if (outcome.Ends)
                    break;
            }

            return faults == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    static async IAsyncEnumerable<SmokeOutcome> RunAsync(
        CommandEnvironment environment, SmokeClients clients, IReadOnlyList<string> sources, string? storage, TimeSpan limit,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var outcome in new PlatformChecks(environment, clients, limit).RunAsync(cancellationToken))
            yield return outcome;
        var rounds = new RoundChecks(environment, clients);
        if (sources.Count > 0)
            yield return await rounds.OfSourcesAsync(sources, cancellationToken);
        if (storage is not null)
            yield return await rounds.OfSamplesAsync(storage, cancellationToken);
    }

    static async Task<SmokeClients> ClientsAsync(CommandEnvironment environment, string? url, string? orchestrators, string? audience, CancellationToken cancellationToken)
    {
        string? token = null;
        if (audience is not null)
        {
            var azure = new AzureCli(environment, new Tools(environment), dryRun: false);
            await azure.RequireAsync(cancellationToken);
            var answer = await azure.AskAsync(["account", "get-access-token", "--resource", audience], cancellationToken);
            token = answer?.GetProperty("accessToken").GetString()
                ?? throw new CommandFailedException(ExitCodes.NotFound, $"Entra has no application '{audience}'.");
        }

        return new(PlatformClient.For(environment, url, token), PlatformClient.For(environment, orchestrators ?? url, token));
    }

    static string StorageOf(CommandEnvironment environment, string? named) =>
        named ?? PlatformFile.Read(environment.LocalFolder)?.Storage
        ?? throw new CommandFailedException(ExitCodes.Usage, "--samples needs to know the storage account: say --storage, or start the platform here with 'ingest up'.");

    static async Task PrintAsync(CommandEnvironment environment, SmokeOutcome outcome)
    {
        await environment.Output.WriteLineAsync($"{(outcome.Faults.Count == 0 ? "ok    " : "FAILED")} {outcome.Check}: {outcome.Detail}");
        foreach (var fault in outcome.Faults)
            await environment.Output.WriteLineAsync($"       {fault}");
    }
}
