using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.TestKit;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Tests.Hosting;

public sealed class OutageTests
{
    public sealed class Both(Recorder recorder)
    {
        [Function("TakeQueue")]
        public async Task QueueAsync([QueueTrigger("%Queue%")] string message)
        {
            recorder.Record("began", message);
            if (message == "during")
                await recorder.Gate("go").Task;
            recorder.Record("message", message);
        }

        [Function("TakeBlob")]
        public void Blob([BlobTrigger("%Container%/{name}")] string content, string name) => recorder.Record("blob", name + content);
    }

    [Fact]
    public async Task Triggers_recover_by_themselves_when_the_emulator_is_restarted()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var data = new TemporaryFolder("azurite");
        var azurite = await AzuriteProcess.StartAsync(new(data.Path), cancellationToken);
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Both));
        await test.Queue("queue").CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await test.Container("container").CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await test.Queue("queue").SendMessageAsync("before", cancellationToken);
        await test.Recorder.WaitAsync("message");

        // A function is running when the storage goes away and ends while it is away: its message may run again, and is not lost.
        await test.Queue("queue").SendMessageAsync("during", cancellationToken);
        await test.Recorder.WaitAsync("began", 2);
        await azurite.DisposeAsync();
        test.Recorder.Gate("go").SetResult();
        await test.Recorder.WaitAsync("message", 2);
        await using var again = await AzuriteProcess.StartAsync(azurite.Options, cancellationToken);

        await test.Queue("queue").SendMessageAsync("after", cancellationToken);
        await test.Container("container").UploadBlobAsync("a", BinaryData.FromString("1"), cancellationToken);

        Assert.Equal(["a1"], await test.Recorder.WaitAsync("blob"));
        await Eventually.TrueAsync(() => Task.FromResult(test.Recorder.Of("message").Contains("after")));
        await Eventually.TrueAsync(async () => (await test.Queue("queue").GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount == 0);
    }

    [Fact]
    public async Task The_host_starts_an_emulator_when_no_storage_is_configured_and_stops_it()
    {
        using var folder = new TemporaryFolder("host");
        var test = await TestHost.StartAsync("", o => o with { StorageConnectionString = null }, [typeof(Both)], folder: folder);
        var storage = test.Host.StorageConnectionString;
        await test.Queue("queue").CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await test.Queue("queue").SendMessageAsync("hello", TestContext.Current.CancellationToken);
        await test.Recorder.WaitAsync("message");

        await test.DisposeAsync();

        var client = new QueueServiceClient(storage, new() { Retry = { MaxRetries = 0 } });
        await Assert.ThrowsAnyAsync<Exception>(() => client.GetPropertiesAsync(TestContext.Current.CancellationToken));
    }
}
