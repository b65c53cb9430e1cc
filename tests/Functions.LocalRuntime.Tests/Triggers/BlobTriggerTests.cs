using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DataIngestion.LocalRuntime.Tests.Hosting;
using DataIngestion.LocalRuntime.Triggers.Blobs;
using DataIngestion.TestKit;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Tests.Triggers;

public sealed class BlobTriggerTests(AzuriteFixture azurite)
{
    public sealed class Text(Recorder recorder)
    {
        [Function("ReadText")]
        public void Run([BlobTrigger("%Container%/in/{folder}/{name}.csv")] string content, string folder, string name, string blobTrigger, Uri uri) =>
            recorder.Record("text", (content, folder, name, blobTrigger, uri.Segments[^1]));
    }

    public sealed class Streams(Recorder recorder)
    {
        [Function("ReadStream")]
        public async Task RunAsync([BlobTrigger("%Container%/{name}")] Stream content, string name, CancellationToken cancellationToken)
        {
            using var reader = new StreamReader(content);
            recorder.Record("stream", (name, await reader.ReadToEndAsync(cancellationToken)));
        }
    }

    public sealed class Clients(Recorder recorder)
    {
        [Function("ReadClient")]
        public async Task RunAsync([BlobTrigger("%Container%/{name}")] BlobClient blob, CancellationToken cancellationToken)
        {
            var content = await blob.DownloadContentAsync(cancellationToken);
            recorder.Record("client", content.Value.Content.ToString());
        }
    }

    public sealed class Failing(Recorder recorder)
    {
        [Function("FailBlob")]
        public void Run([BlobTrigger("%Container%/{name}")] BinaryData content, string name)
        {
            recorder.Record("attempt", name);
            throw new InvalidOperationException("not this blob");
        }
    }

    [Fact]
    public async Task A_blob_that_matches_runs_once_with_the_parts_of_its_name()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Text));
        // The container is made after the host has begun to look for it.
        await Upload(test, "in/2026/a.csv", "1;2");
        await Upload(test, "in/2026/a.txt", "no match");
        await Upload(test, "other/2026/b.csv", "no match");
        await Upload(test, "in/x/y/z.csv", "deep");

        var seen = await test.Recorder.WaitAsync("text", 2);

        Assert.Equal(
            [("1;2", "2026", "a", $"{test.Prefix}-container/in/2026/a.csv", "a.csv"), ("deep", "x/y", "z", $"{test.Prefix}-container/in/x/y/z.csv", "z.csv")],
            seen.Cast<(string, string, string, string, string)>().OrderBy(s => s.Item2, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_new_version_runs_again_and_a_known_one_does_not_after_a_restart()
    {
        var prefix = TestHost.NewPrefix();
        using var folder = new TemporaryFolder("host");
        await using (var first = await TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(Streams)], prefix, folder))
        {
            await Upload(first, "a", "one");
            await first.Recorder.WaitAsync("stream");
            await Upload(first, "a", "two");
            Assert.Equal([("a", "one"), ("a", "two")], (await first.Recorder.WaitAsync("stream", 2)).Cast<(string, string)>());
        }

        await using var second = await TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(Streams)], prefix, folder);
        await Upload(second, "b", "three");

        Assert.Equal([("b", "three")], (await second.Recorder.WaitAsync("stream")).Cast<(string, string)>());
    }

    [Fact]
    public async Task A_blob_client_reads_the_blob()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Clients));
        await Upload(test, "ünïcode name.json", "{}");

        Assert.Equal("{}", (await test.Recorder.WaitAsync("client"))[0]);
    }

    [Fact]
    public async Task A_message_that_is_delivered_twice_runs_the_blob_once()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Streams));
        await Upload(test, "a", "one");
        await test.Recorder.WaitAsync("stream");
        var version = (await test.Container("container").GetBlobClient("a").GetPropertiesAsync(cancellationToken: TestContext.Current.CancellationToken)).Value.ETag;
        var queue = new Azure.Storage.Queues.QueueClient(
            azurite.ConnectionString, "azure-webjobs-blobtrigger-test", new() { MessageEncoding = Azure.Storage.Queues.QueueMessageEncoding.Base64 });

        // What a scanner leaves that died between the message and the receipt.
        var again = new BlobTriggerMessage("test/ReadStream", "Block", $"{test.Prefix}-container", "a", version.ToString("H"));
        await queue.SendMessageAsync(BinaryData.FromObjectAsJson(again), cancellationToken: TestContext.Current.CancellationToken);
        await Upload(test, "b", "after it");

        await test.Recorder.WaitAsync("stream", 2);
        await Eventually.TrueAsync(async () => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount == 0);
        Assert.Equal([("a", "one"), ("b", "after it")], test.Recorder.Of("stream").Cast<(string, string)>());
    }

    [Fact]
    public async Task A_blob_that_fails_five_times_is_named_on_the_poison_queue()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Failing));
        await Upload(test, "bad", "x");
        var poison = new Azure.Storage.Queues.QueueClient(
            azurite.ConnectionString, BlobWorker.PoisonQueue, new() { MessageEncoding = Azure.Storage.Queues.QueueMessageEncoding.Base64 });

        var message = await Eventually.NotNullAsync(async () =>
        {
            if (!await poison.ExistsAsync())
                return null;
            var messages = (await poison.PeekMessagesAsync(32)).Value.Select(m => m.Body.ToObjectFromJson<BlobTriggerMessage>());
            return messages.FirstOrDefault(m => m!.ContainerName == $"{test.Prefix}-container");
        });

        Assert.Equal(("test/FailBlob", "bad"), (message.FunctionId, message.BlobName));
        Assert.Equal(5, test.Recorder.Of("attempt").Count);
    }

    [Theory]
    [InlineData("drop/{name}", "a/b.csv", "name=a/b.csv")]
    [InlineData("drop/{name}.{ext}", "old.2026.csv", "name=old.2026,ext=csv")]
    [InlineData("drop/in/{a}/{b}.csv", "in/x/y/z.csv", "a=x/y,b=z")]
    [InlineData("drop/in/{a}.csv", "in/.csv", null)]
    [InlineData("drop/in/{a}.csv", "out/x.csv", null)]
    [InlineData("drop/{{{a}}}", "{x}", "a=x")]
    [InlineData("drop/one.csv", "one.csv", "")]
    [InlineData("drop", "any/thing", "")]
    public void Patterns_match_names(string pattern, string blob, string? expected)
    {
        var match = BlobPathPattern.TryParse(pattern, fault => Assert.Fail(fault))!.Match(blob);

        Assert.Equal(expected, match is null ? null : string.Join(',', match.Select(m => $"{m.Key}={m.Value}")));
    }

    [Theory]
    [InlineData("{container}/{name}")]
    [InlineData("Drop/{name}")]
    [InlineData("drop/{name")]
    [InlineData("drop/{}")]
    [InlineData("drop/{a}/{a}")]
    [InlineData("drop/a}")]
    public void Patterns_that_make_no_sense_are_faults(string pattern)
    {
        var faults = new List<string>();

        Assert.Null(BlobPathPattern.TryParse(pattern, faults.Add));
        Assert.Single(faults);
    }

    static async Task Upload(TestHost test, string name, string text)
    {
        await test.Container("container").CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await test.Container("container").GetBlobClient(name).UploadAsync(BinaryData.FromString(text), new BlobUploadOptions(), TestContext.Current.CancellationToken);
    }
}
