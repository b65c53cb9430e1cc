using System.Diagnostics.Metrics;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DataIngestion.Retry.Tests;

internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static RetryArguments Arguments(string source = "alpha", string step = CommandKinds.Collect) => new()
    {
        Run = RunId.From(source, Noon, "test"),
        Source = source,
        Dataset = "bars",
        Step = step,
        Attempt = 1,
        FirstTriedAt = Noon,
        Failure = new() { Code = "source-unavailable", Message = "It answered 503.", IsTransient = true, HttpStatus = 503 },
        Policy = new(),
        Request = new() { Run = RunId.From(source, Noon, "test"), Source = source, RequestedAt = Noon },
    };
}

/// <summary>Everything on one emulator, under a clock of its own.</summary>
internal sealed class World
{
    public World(AzuriteFixture azurite)
    {
        Clients = StorageClients.Connect(azurite.ConnectionString);
        Blobs = new(Clients);
        Queues = new(Clients);
        Cursors = new(Blobs, Time);
        Metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        Letters = new(Clients, Blobs, Metrics, Time);
        Replayer = new(Letters, Queues, Time);
        Advisor = new(Cursors, Blobs, Letters, new(), Metrics, Time);
    }

    public FakeTimeProvider Time { get; } = new(Samples.Noon);

    public StorageClients Clients { get; }

    public BlobStore Blobs { get; }

    public MessageQueues Queues { get; }

    public CursorStore Cursors { get; }

    public RetryMetrics Metrics { get; }

    public DeadLetterStore Letters { get; }

    public DeadLetterReplayer Replayer { get; }

    public RetryAdvisor Advisor { get; }

    public static async Task<World> CreateAsync(AzuriteFixture azurite)
    {
        var world = new World(azurite);
        await world.Blobs.CreateContainersAsync(TestContext.Current.CancellationToken);
        return world;
    }
}
