using DataIngestion.Contracts;
using DataIngestion.Schedule;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Agents.Tests;

public sealed class LookoutTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task However_often_the_timer_ticks_a_look_follows_a_minute_after_the_last_one()
    {
        var time = new FakeTimeProvider(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        using var recorded = new RecordedMetrics();
        var clients = StorageClients.Connect(azurite.ConnectionString);
        var blobs = new BlobStore(clients);
        var lookout = new Lookout(new(blobs, new(blobs), new(recorded.Meters)), new(clients, recorded.Meters), time);
        var nothing = new PlatformConfiguration
        {
            Sources = new Dictionary<string, SourceDefinition>(),
            Datasets = new Dictionary<string, DatasetDefinition>(),
            Workflows = new Dictionary<string, WorkflowDefinition>(),
        };

        for (var tick = 0; tick < 12; tick++, time.Advance(TimeSpan.FromSeconds(10)))
            await lookout.LookAsync(nothing, TestContext.Current.CancellationToken);

        Assert.Equal(2, recorded.Of($"queue.messages{{queue={Queues.DataConnector}}}").Count);
    }
}
