using System.Text.Json;
using DataIngestion.Cli.Demo;
using DataIngestion.Cli.Platform;
using DataIngestion.Contracts;
using DataIngestion.Govern;
using DataIngestion.Storage;

namespace DataIngestion.Cli.Shipping.Smoke;

/// <summary>The demo's checks on a platform that runs elsewhere: two rounds, in which every row is accounted for and nothing comes twice.</summary>
internal sealed class RoundChecks(CommandEnvironment environment, SmokeClients clients)
{
    static readonly TimeSpan RoundLimit = TimeSpan.FromMinutes(15);

    /// <summary>Runs sources twice. A source without a cursor fetches everything each time, so it runs once.</summary>
    public async Task<SmokeOutcome> OfSourcesAsync(IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        var first = await RunAsync(1, sources, cancellationToken);
        var again = new List<string>();
        foreach (var source in sources)
        {
            var answer = await clients.Agents.GetAsync<SourceAnswer>($"api/sources/{Uri.EscapeDataString(source)}", cancellationToken);
            if (answer.Datasets.Any(d => d.Cursor is not null))
                again.Add(source);
        }

        IReadOnlyList<SourceSummary> second = again.Count > 0 ? await RunAsync(2, again, cancellationToken) : [];
        return new("sources", Told(first, second), [.. DemoChecks.OfRounds(first, second)]);
    }

    /// <summary>Drops the demo's files, and a day later those of the next day.</summary>
    /// <param name="storage">The account they are dropped into.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<SmokeOutcome> OfSamplesAsync(string storage, CancellationToken cancellationToken)
    {
        var account = StorageClients.Connect(storage);
        var first = await DropAsync(1, account, "drop", cancellationToken);
        var second = await DropAsync(2, account, "later", cancellationToken);
        var faults = DemoChecks.Of(first, second, await DatasetsAsync([.. first, .. second], cancellationToken)).ToList();
        if (await WhyAsync(cancellationToken) is { } lost)
            faults.Add(lost);
        return new("samples", Told(first, second), faults);
    }

    async Task<IReadOnlyList<SourceSummary>> RunAsync(int round, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        var runs = new List<string>();
        foreach (var source in sources)
        {
            var order = new IngestionOrder(source, null, FullRefresh: false, Window: null, Replay: null);
            runs.Add((await clients.Orchestrators.PostAsync<IngestionStarted>("api/ingestions", order, cancellationToken)).Run);
        }

        return await FollowAsync(round, runs, cancellationToken);
    }

    async Task<IReadOnlyList<SourceSummary>> DropAsync(int round, StorageClients storage, string folder, CancellationToken cancellationToken)
    {
        var files = await DemoFiles.DropAsync(storage, Path.Combine(environment.Root, "samples", folder), cancellationToken);
        return await FollowAsync(round, [.. files.Select(f => f.Run)], cancellationToken);
    }

    async Task<IReadOnlyList<SourceSummary>> FollowAsync(int round, IReadOnlyCollection<string> runs, CancellationToken cancellationToken) =>
        SourceSummary.Of(round, await new DemoRound(clients.Orchestrators, environment.Time, RoundLimit).FollowAsync(runs, _ => { }, cancellationToken));

    // What the API says is published; who has a say in it is known from the rounds.
    async Task<IReadOnlyList<DatasetSummary>> DatasetsAsync(IReadOnlyList<SourceSummary> rounds, CancellationToken cancellationToken)
    {
        var answer = await clients.Agents.GetAsync<DatasetList>("api/datasets", cancellationToken);
        return
        [
            .. answer.Datasets.Where(d => d.Current is not null).Select(d => new DatasetSummary(
                d.Dataset, d.Current!.Rows, [.. rounds.Where(r => r.Dataset == d.Dataset).Select(r => r.Source).Distinct().Order(StringComparer.Ordinal)], 0, d.Current.Snapshot)),
        ];
    }

    async Task<string?> WhyAsync(CancellationToken cancellationToken)
    {
        var (dataset, key) = DemoQuestion.Disputed;
        var query = string.Join('&', key.Select(k => $"{Uri.EscapeDataString(k.Key)}={Uri.EscapeDataString(k.Value)}"));
        try
        {
            await clients.Agents.GetAsync<JsonElement>($"api/datasets/{dataset}/why?{query}", cancellationToken);
            return null;
        }
        catch (CommandFailedException lost) when (lost.ExitCode == ExitCodes.NotFound)
        {
            return $"{dataset} has no row for {string.Join(' ', key.Values)}";
        }
    }

    static string Told(IReadOnlyList<SourceSummary> first, IReadOnlyList<SourceSummary> second)
    {
        var all = first.Concat(second).ToList();
        return $"{all.Sum(s => s.Runs)} runs, {all.Sum(s => s.RowsIn)} rows in = {all.Sum(s => s.RowsOut)} out + {all.Sum(s => s.RowsQuarantined)} quarantined + {all.Sum(s => s.RowsMergedAway)} merged away";
    }

    sealed record DatasetList(IReadOnlyList<DatasetAnswer> Datasets);

    sealed record DatasetAnswer(string Dataset, PublishedDataset? Current);
}
