using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DataIngestion.Cli.Platform;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Shipping.Smoke;

/// <summary>What must hold of every running platform, and can be asked without changing anything.</summary>
internal sealed class PlatformChecks(CommandEnvironment environment, SmokeClients clients, TimeSpan limit)
{
    const int LatestRuns = 50;

    /// <summary>Makes the checks one after the other.</summary>
    public async IAsyncEnumerable<SmokeOutcome> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var health = await HealthAsync(cancellationToken);
        yield return health;
        if (health.Ends)
            yield break;
        yield return await KeysAsync(cancellationToken);
        yield return await AnswersAsync(cancellationToken);
        yield return await RowsAsync(cancellationToken);
    }

    async Task<SmokeOutcome> HealthAsync(CancellationToken cancellationToken)
    {
        var wait = new ReadyWait(environment);
        var faults = new List<string>();
        foreach (var (app, client) in Apps())
            faults.AddRange(await wait.WaitAsync(client.BaseAddress, app.Services, limit, cancellationToken));
        if (faults.Count > 0)
            return new("health", $"within {limit.TotalSeconds:0} s not every service was ready", faults) { Ends = true };

        using var http = environment.Http.CreateClient("health");
        foreach (var (app, client) in Apps())
        {
            foreach (var service in app.Services)
            {
                foreach (var question in new[] { "live", "startup" })
                {
                    if (await ReadyWait.FaultOfAsync(http, client.BaseAddress, service, question, cancellationToken) is { } fault)
                        faults.Add(fault);
                }
            }
        }

        return new("health", $"{FunctionApp.All.Sum(a => a.Services.Count)} services are live, started and ready", faults);
    }

    // Whoever has no key must get nothing, and whoever has one must get in.
    async Task<SmokeOutcome> KeysAsync(CancellationToken cancellationToken)
    {
        (PlatformClient Client, string Path)[] doors = [(clients.Agents, "api/sources"), (clients.Agents, "api/datasets"), (clients.Orchestrators, "api/ingestions")];
        using var http = environment.Http.CreateClient("nobody");
        var faults = new List<string>();
        foreach (var (client, path) in doors)
        {
            var url = new Uri(client.BaseAddress, path);
            using var answer = await http.GetAsync(url, cancellationToken);
            if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
                faults.Add($"{url} answers {(int)answer.StatusCode} to somebody without a key.");
        }

        return new("keys", $"{doors.Length} addresses refuse callers without a key", faults);
    }

    async Task<SmokeOutcome> AnswersAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var sources = await AskAsync<SourceList>(clients.Agents, "api/sources", faults, cancellationToken);
        if (sources is { Sources.Count: 0 })
            faults.Add("the platform has no sources: its package lacks the configuration");
        var datasets = await AskAsync<JsonElement>(clients.Agents, "api/datasets", faults, cancellationToken);
        var letters = await AskAsync<DeadLetterList>(clients.Agents, "api/dead-letters", faults, cancellationToken);
        await AskAsync<JsonElement>(clients.Agents, "api/docs/openapi.json", faults, cancellationToken);
        var count = datasets.ValueKind is JsonValueKind.Object && datasets.TryGetProperty("datasets", out var list) ? list.GetArrayLength() : 0;
        return new("api", $"{sources?.Sources.Count ?? 0} sources, {count} datasets, {letters?.DeadLetters.Count ?? 0} dead letters", faults);
    }

    // A row that a run lost is a fault of the platform, a source that failed is not.
    async Task<SmokeOutcome> RowsAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var list = await AskAsync<IngestionList>(clients.Orchestrators, $"api/ingestions?limit={LatestRuns}", faults, cancellationToken);
        var reports = (list?.Runs ?? []).Where(r => r.Status is RunState.Completed && r.Report is not null).ToList();
        faults.AddRange(reports.SelectMany(r => r.Report!.Datasets.Where(d => !d.IsBalanced).Select(d =>
            $"{r.Run}, {d.Dataset}: {d.RowsIn} rows in, but {d.RowsOut} out + {d.RowsQuarantined} quarantined + {d.RowsMergedAway} merged away")));
        return new("rows", $"{reports.Count} completed runs were added up", faults);
    }

    static async Task<T?> AskAsync<T>(PlatformClient client, string path, List<string> faults, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAsync<T>(path, cancellationToken);
        }
        catch (CommandFailedException refused)
        {
            faults.Add($"{path}: {refused.Message}");
            return default;
        }
    }

    IEnumerable<(FunctionApp App, PlatformClient Client)> Apps() => [(FunctionApp.Agents, clients.Agents), (FunctionApp.Orchestrators, clients.Orchestrators)];
}
