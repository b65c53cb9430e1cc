using System.Diagnostics;
using DataIngestion.Collect;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Benchmarks.Collect;

/// <summary>A collector as the agent has it, on a storage emulator of its own.</summary>
internal sealed class CollectStage : IAsyncDisposable
{
    readonly AzuriteFixture _azurite;
    readonly ServiceProvider _services;

    CollectStage(AzuriteFixture azurite, ServiceProvider services) => (_azurite, _services) = (azurite, services);

    public Collector Collector => _services.GetRequiredService<Collector>();

    public BlobStore Blobs => _services.GetRequiredService<BlobStore>();

    public static async Task<CollectStage> OpenAsync(CancellationToken cancellationToken)
    {
        var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", azurite.ConnectionString)]).Build());
        services.AddStorage().AddConnect().AddCollect();
        var stage = new CollectStage(azurite, services.BuildServiceProvider());
        await stage.Blobs.CreateContainersAsync(cancellationToken);
        return stage;
    }

    /// <summary>A source with one answer for each of so many partitions.</summary>
    public static SourceDefinition Source(Uri vendor, string path, int partitions, int maxConcurrent) => new()
    {
        Source = "vendor",
        Kind = SourceKind.Api,
        Connection = new()
        {
            BaseUrl = vendor.ToString(),
            AllowPrivateNetwork = true,
            Limits = new() { RequestsPerSecond = 100_000, Burst = 10_000, MaxConcurrent = maxConcurrent, AttemptTimeout = TimeSpan.FromMinutes(2) },
        },
        Datasets =
        [
            new()
            {
                Dataset = "daily-bars",
                Request = new() { Path = path },
                Partitions = [new() { Name = "part", Parameter = "part", Values = [.. Enumerable.Range(0, partitions).Select(i => $"{i}")] }],
                Format = new() { Format = "json", RecordPath = "data.bars[*]" },
            },
        ],
    };

    /// <summary>Collects once.</summary>
    public Task<CollectResult> CollectAsync(SourceDefinition source, IProgress<CollectProgress>? progress, CancellationToken cancellationToken) =>
        Collector.CollectAsync(new() { Source = source, Dataset = "daily-bars" }, RunId.New("vendor", DateTimeOffset.UtcNow, Random.Shared), progress, cancellationToken);

    public static double WorkingSet()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1e6;
    }

    public static TimeSpan Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _azurite.DisposeAsync();
    }
}
