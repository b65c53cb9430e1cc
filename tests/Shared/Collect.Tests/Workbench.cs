using System.Security.Cryptography;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DataIngestion.Collect.Tests;

/// <summary>Fails a chosen write of blobs as a killed process would: before it is sent, or after it was carried out.</summary>
internal sealed class KilledWrites : HttpPipelinePolicy
{
    public int KillAt { get; set; } = -1;

    public bool AfterSending { get; set; }

    public int Writes { get; private set; }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var isKilled = message.Request.Method == RequestMethod.Put && ++Writes == KillAt;
        if (isKilled && !AfterSending)
            throw new KilledException();
        await ProcessNextAsync(message, pipeline);
        if (isKilled)
            throw new KilledException();
    }
}

internal sealed class KilledException : Exception;

/// <summary>A collector on the storage emulator, with everything it stands on.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    static int Sources;

    readonly ServiceProvider _services;

    Workbench(ServiceProvider services, KilledWrites kills) => (_services, Kills) = (services, kills);

    public const string Secret = "marked-s3cr3t-key";

    public KilledWrites Kills { get; }

    public Collector Collector => _services.GetRequiredService<Collector>();

    public BlobStore Blobs => _services.GetRequiredService<BlobStore>();

    public CursorStore Cursors => _services.GetRequiredService<CursorStore>();

    /// <summary>A source id that no other test uses.</summary>
    public string SourceId { get; } = $"vendor-{Interlocked.Increment(ref Sources)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    public static async Task<Workbench> OpenAsync(AzuriteFixture azurite, TimeProvider? time = null, ISourceSystem? system = null, string? configuration = null)
    {
        var kills = new KilledWrites();
        var options = new BlobClientOptions();
        options.AddPolicy(kills, HttpPipelinePosition.PerCall);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("VENDOR_KEY", Secret)]).Build());
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddStorage();
        services.AddSingleton(new StorageClients(new(azurite.ConnectionString, options), new QueueServiceClient(azurite.ConnectionString), new TableServiceClient(azurite.ConnectionString)));
        services.AddSingleton(new ManifestFiles(() => configuration));
        services.AddConnect().AddCollect();
        if (system is not null)
            services.AddSingleton(system);
        var bench = new Workbench(services.BuildServiceProvider(), kills);
        await bench.Blobs.CreateContainersAsync();
        return bench;
    }

    /// <summary>A run of this source.</summary>
    public string Run(int number) => RunId.From(SourceId, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMinutes(number), $"run {number}");

    /// <summary>A source that asks a server on loopback.</summary>
    public SourceDefinition Source(Uri address, SourceDatasetDefinition dataset, SourceKind kind = SourceKind.Api, LimitsDefinition? limits = null) => new()
    {
        Source = SourceId,
        Kind = kind,
        Connection = new()
        {
            BaseUrl = address.ToString(),
            AllowPrivateNetwork = true,
            Auth = new() { Kind = "api-key", Options = new Dictionary<string, string> { ["header"] = "X-Api-Key", ["value"] = "${VENDOR_KEY}" } },
            Limits = limits ?? new() { RequestsPerSecond = 10_000, Burst = 1000, Backoff = TimeSpan.FromMilliseconds(1), BreakerMinimumThroughput = 1000 },
        },
        Datasets = [dataset],
    };

    /// <summary>Collects, and commits the cursor as a manager does after publishing.</summary>
    public async Task<(CollectResult Result, LandingManifest Manifest)> CollectAsync(
        SourceDefinition source, int run, TimeWindow? window = null, bool commit = true, IProgress<CollectProgress>? progress = null, CancellationToken? stop = null)
    {
        var cancellationToken = stop ?? TestContext.Current.CancellationToken;
        var dataset = source.Datasets[0].Dataset;
        var cursor = window is null ? (await Cursors.FindAsync(SourceId, dataset, cancellationToken))?.Value : null;
        var result = await Collector.CollectAsync(
            new() { Source = source, Dataset = dataset, Cursor = cursor, Window = window }, Run(run), progress, cancellationToken);
        if (commit && result.NextCursor is { } next)
            Assert.True(await Cursors.CommitAsync(SourceId, dataset, Run(run), cursor, next, result.Manifest, cancellationToken));
        return (result, await ManifestAsync(result));
    }

    public async Task<LandingManifest> ManifestAsync(CollectResult result) =>
        (await Blobs.ReadJsonAsync<LandingManifest>(result.Manifest, TestContext.Current.CancellationToken))!.Value;

    public async Task<byte[]> BytesAsync(LakePath path)
    {
        await using var content = await Blobs.OpenReadAsync(path, TestContext.Current.CancellationToken);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Everything that lies in a run's landing folder: names, bytes and metadata.</summary>
    public async Task<SortedDictionary<string, string>> LandingAsync(string dataset, int run)
    {
        var folder = LakePath.LandingOf(SourceId, dataset, Run(run));
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var blob in Blobs.ListAsync(folder.Container, folder.Name + "/", TestContext.Current.CancellationToken))
        {
            all[NameOf(blob.Path)] = System.Text.Encoding.UTF8.GetString(await BytesAsync(blob.Path));
        }

        return all;
    }

    /// <summary>An artefact's file name without the hash of its content: <c>00000-bars.json</c>.</summary>
    public static string NameOf(LakePath path) => path.FileName is { Length: > 23 } name && name[5] == '-' && name[22] == '-' ? $"{name[..5]}{name[22..]}" : path.FileName;

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
