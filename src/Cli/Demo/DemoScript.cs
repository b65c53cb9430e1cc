using DataIngestion.Cli.Hosting;
using DataIngestion.Cli.Platform;
using DataIngestion.Contracts;
using DataIngestion.Govern;
using DataIngestion.Samples;
using DataIngestion.Storage;

namespace DataIngestion.Cli.Demo;

/// <summary>What the demo does, one method a scene; how it looks is <see cref="IDemoStage"/>'s business.</summary>
internal sealed class DemoScript : IAsyncDisposable
{
    /// <summary>The vendor has published up to this day when the first run asks; the second run sees the rest.</summary>
    static readonly DateOnly FirstRunSees = new(2019, 11, 26);

    static readonly TimeSpan RoundLimit = TimeSpan.FromMinutes(5);

    readonly CommandEnvironment _environment;
    readonly IDemoStage _stage;
    readonly VendorSimulator _vendor;
    readonly LocalPlatform _platform;
    readonly PlatformClient _client;
    readonly StorageClients _storage;

    DemoScript(CommandEnvironment environment, IDemoStage stage, VendorSimulator vendor, LocalPlatform platform)
    {
        _environment = environment;
        _stage = stage;
        _vendor = vendor;
        _platform = platform;
        _client = new(environment.Http, new(platform.File.Url), platform.File.HostKey);
        _storage = StorageClients.Connect(platform.File.Storage, platform.File.DataStorage ?? platform.File.Storage);
    }

    /// <summary>Where the platform logs.</summary>
    public string LogFile => _platform.LogFile;

    /// <summary>Starts the vendor and the platform, on free ports, in a fresh folder.</summary>
    public static async Task<DemoScript> StartAsync(CommandEnvironment environment, IDemoStage stage, string data, CancellationToken cancellationToken)
    {
        DemoFolder.Prepare(data);
        var vendor = await VendorSimulator.StartAsync(
            new VendorOptions
            {
                Bars = Bar.ReadCsv(Path.Combine(environment.Root, "samples", "vendor-api", "daily-bars.csv")),
                Through = FirstRunSees,
                RateLimitEvery = 5,
                UnavailableAt = 3,
            },
            environment.Time, cancellationToken);
        try
        {
            var platform = await LocalPlatform.StartAsync(
                environment,
                new LocalPlatformOptions
                {
                    Data = data,
                    Settings = new Dictionary<string, string?>
                    {
                        ["VENDOR_API_URL"] = vendor.BaseAddress.ToString().TrimEnd('/'),
                        ["VENDOR_API_KEY"] = new VendorOptions().ApiKey,
                    },
                },
                cancellationToken);
            return new(environment, stage, vendor, platform);
        }
        catch
        {
            await vendor.DisposeAsync();
            throw;
        }
    }

    /// <summary>Drops the files of a folder, asks for a run of the API source, and waits for all of it.</summary>
    public async Task<IReadOnlyList<SourceSummary>> RunAsync(int round, string folder, CancellationToken cancellationToken)
    {
        var files = await DemoFiles.DropAsync(_storage, Path.Combine(_environment.Root, "samples", folder), cancellationToken);
        var asked = await _client.PostAsync<IngestionStarted>("api/ingestions", new IngestionOrder("vendor-api", null, FullRefresh: false, Window: null, Replay: null), cancellationToken);
        IReadOnlyList<IngestionStatus> ended = [];
        await _stage.FollowAsync(async seen =>
            ended = await new DemoRound(_client, _environment.Time, RoundLimit).FollowAsync([.. files.Select(f => f.Run), asked.Run], seen, cancellationToken));
        return SourceSummary.Of(round, ended);
    }

    /// <summary>Lets the vendor publish the days that the first run did not see.</summary>
    public void PublishTheRest() => _vendor.Through = null;

    /// <summary>What the datasets hold now.</summary>
    public async Task<IReadOnlyList<DatasetSummary>> DatasetsAsync(CancellationToken cancellationToken)
    {
        var snapshots = new SnapshotReader(new BlobStore(_storage));
        var datasets = new List<DatasetSummary>();
        await foreach (var published in snapshots.ListAsync(cancellationToken))
        {
            if (await snapshots.FindAsync(published.Dataset, cancellationToken: cancellationToken) is not { Value: var manifest })
                continue;
            datasets.Add(new(
                published.Dataset, published.Rows, [.. manifest.Runs.Select(r => r.Source).Distinct().Order(StringComparer.Ordinal)],
                manifest.Result.Disagreements, published.Snapshot));
        }

        return datasets;
    }

    /// <summary>Why the row that the vendors disagree about is what it is.</summary>
    public async Task<WhyAnswer?> WhyAsync(string dataset, IReadOnlyDictionary<string, string> key, CancellationToken cancellationToken) =>
        await new Lineage(new BlobStore(_storage)).WhyAsync(dataset, key, cancellationToken);

    /// <summary>Stops the platform and the vendor; the data stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        await _vendor.DisposeAsync();
    }
}
