using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.SystemTests.Platform;

namespace DataIngestion.SystemTests;

/// <summary>As in Azure: the host's queues in one account, blobs and tables in another.</summary>
[Trait("Category", "server")]
public sealed class TwoAccountTests
{
    const string Data = "lakeaccount";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_go_where_the_triggers_listen_and_data_to_the_data_account()
    {
        await using var world = await World.CreateAsync(new(), configs: null, Data, Stop);
        await world.StartAsync(Stop);

        var dropped = await world.DropAsync(Path.Combine(World.Samples, "drop"), Stop); // found by the blob trigger, in the data account
        var ordered = await world.OrderAsync("vendor-api", "two-accounts", Stop);
        var ended = await world.EndOfAsync([.. dropped, ordered], Limit, Stop);

        Assert.All(ended, status => Assert.True(status.Status is RunState.Completed, $"{status.Run}: {status.Report?.Failure?.Message}"));
        Assert.NotEmpty(await world.RowsAsync("daily-bars", Stop));

        var (host, data) = (StorageClients.Connect(world.Azurite.ConnectionString), StorageClients.Connect(world.Azurite.ConnectionStringOf(Data)));
        Assert.Equal(Containers.All.Order(StringComparer.Ordinal), (await ContainersOf(data)).Intersect(Containers.All, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty((await ContainersOf(host)).Intersect(Containers.All, StringComparer.Ordinal));
        Assert.Contains("commands", await TablesOf(data));
        Assert.Empty(await TablesOf(host));
        Assert.Equal(Queues.All.Order(StringComparer.Ordinal), (await QueuesOf(host)).Intersect(Queues.All, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty((await QueuesOf(data)).Intersect(Queues.All, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_notice_of_a_dropped_file_starts_the_run_that_looking_would_have_started_and_only_once()
    {
        await using var world = await World.CreateAsync(new(), configs: null, Data, Stop);
        world.Settings["AzureWebJobs.FileDropped.Disabled"] = "true";
        await world.StartAsync(Stop);

        var expected = await world.DropAsync(Path.Combine(World.Samples, "drop"), Stop);
        var queue = world.Storage.Queues.GetQueueClient(Queues.DroppedFiles);
        await foreach (var file in world.Blobs.ListAsync(Containers.Drop, cancellationToken: Stop))
        {
            for (var times = 0; times < 2; times++) // Event Grid may tell twice
                await queue.SendMessageAsync(NoticeOf(file), Stop);
        }

        await queue.SendMessageAsync("""{"specversion":"1.0","type":"Microsoft.Storage.BlobDeleted"}""", Stop);
        var ended = await world.EndOfAsync(expected, Limit, Stop);
        Assert.All(ended, status => Assert.True(status.Status is RunState.Completed, $"{status.Run}: {status.Report?.Failure?.Message}"));

        await World.UntilAsync(async () => await LettersAsync() is { Count: > 0 }, Limit, () => "The notice that is none did not become a dead letter.", Stop);
        var letter = Assert.Single(await LettersAsync());
        Assert.Contains("expected Microsoft.Storage.BlobCreated", letter, StringComparison.Ordinal);
        await World.UntilAsync(async () => await world.MessagesAsync(Stop) == 0, Limit, () => "Messages are left.", Stop);

        async Task<List<string>> LettersAsync() =>
            [.. (await world.GetAsync("dead-letters?status=open", Stop))!["deadLetters"]!.AsArray().Select(l => l!["reason"]!.GetValue<string>())];
    }

    static string NoticeOf(BlobEntry file) => JsonSerializer.Serialize(new
    {
        specversion = "1.0",
        type = "Microsoft.Storage.BlobCreated",
        source = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/lakeaccount",
        id = Guid.NewGuid(),
        time = file.ModifiedAt,
        subject = $"/blobServices/default/containers/{file.Path.Container}/blobs/{file.Path.Name}",
        data = new { api = "PutBlob", eTag = file.ETag.ToString(), contentLength = file.Length, blobType = "BlockBlob" },
    });

    static async Task<List<string>> ContainersOf(StorageClients clients)
    {
        var names = new List<string>();
        await foreach (var container in clients.Blobs.GetBlobContainersAsync(cancellationToken: Stop))
            names.Add(container.Name);
        return names;
    }

    static async Task<List<string>> QueuesOf(StorageClients clients)
    {
        var names = new List<string>();
        await foreach (var queue in clients.Queues.GetQueuesAsync(cancellationToken: Stop))
            names.Add(queue.Name);
        return names;
    }

    static async Task<List<string>> TablesOf(StorageClients clients)
    {
        var names = new List<string>();
        await foreach (var table in clients.Tables.QueryAsync(cancellationToken: Stop))
            names.Add(table.Name);
        return names;
    }
}
