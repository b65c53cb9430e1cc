using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage.Usage;
using DataIngestion.TestKit;

namespace DataIngestion.Storage.Tests.Usage;

public sealed class StorageMeterTests(AzuriteFixture azurite)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_is_counted_as_it_is_billed_and_for_whoever_made_it()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var path = emulator.Folder.Child("a.txt");
        var table = emulator.Clients.Tables.GetTableClient($"t{Guid.NewGuid():n}");
        await table.CreateAsync(Stop);
        var queue = emulator.Clients.Queues.GetQueueClient($"q-{Guid.NewGuid():n}");

        using var usage = UsageScope.Enter();
        await emulator.Blobs.WriteOnceAsync(path, new MemoryStream(Encoding.UTF8.GetBytes("twelve bytes")), cancellationToken: Stop);
        await emulator.Blobs.FindAsync(path, Stop);
        await using (var content = await emulator.Blobs.OpenReadAsync(path, Stop))
            await content.CopyToAsync(Stream.Null, Stop);
        await foreach (var _ in emulator.Blobs.ListAsync(path.Container, emulator.Folder.Name, Stop))
        {
        }

        await emulator.Blobs.DeleteAsync(path, Stop);
        await queue.CreateAsync(cancellationToken: Stop);
        await queue.SendMessageAsync("m", Stop);
        var message = (await queue.ReceiveMessageAsync(cancellationToken: Stop)).Value;
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Stop);
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["n"] = 1 }, cancellationToken: Stop);
        await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Stop);

        var used = usage.Take();
        Assert.Equal(
            [
                ("devstoreaccount1/blob-delete", 1), ("devstoreaccount1/blob-list", 1), ("devstoreaccount1/blob-other", 2), ("devstoreaccount1/blob-read", 1),
                ("devstoreaccount1/blob-write", 1), ("devstoreaccount1/queue-read", 1), ("devstoreaccount1/queue-write", 3), ("devstoreaccount1/table-read", 1),
                ("devstoreaccount1/table-write", 1),
            ],
            used.StorageOperations.Select(o => (o.Key, o.Value)).Order());
        Assert.True(used.StorageBytesWritten > 12, $"{used.StorageBytesWritten} bytes written");
        Assert.True(used.StorageBytesRead >= 12, $"{used.StorageBytesRead} bytes read");
        Assert.Equal(UsageAmounts.Nothing, usage.Take());
    }

    [Fact]
    public async Task Invocations_at_the_same_time_count_each_for_itself_with_what_they_start()
    {
        var emulator = await Emulator.CreateAsync(azurite);

        var used = await Task.WhenAll(Enumerable.Range(1, 8).Select(CountAsync));

        Assert.Equal(Enumerable.Range(1, 8).Select(n => (long)n), used);
        Assert.Null(UsageScope.Current);

        async Task<long> CountAsync(int requests)
        {
            using var usage = UsageScope.Enter();
            await Task.WhenAll(Enumerable.Range(0, requests).Select(i => Task.Run(() => emulator.Blobs.FindAsync(emulator.Folder.Child($"{requests}-{i}"), Stop), Stop)));
            return usage.Take().StorageOperations["devstoreaccount1/blob-other"];
        }
    }

    [Fact]
    public async Task Attempts_that_were_answered_count_and_those_that_were_not_do_not()
    {
        var options = new BlobClientOptions { Transport = new Stumbling(new HttpClientTransport()) }.Metered(StorageService.Blob);
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
        var client = new BlobServiceClient(azurite.ConnectionString, options).GetBlobContainerClient($"c-{Guid.NewGuid():n}");

        using var usage = UsageScope.Enter();
        await client.CreateIfNotExistsAsync(cancellationToken: Stop);

        Assert.Equal(2, usage.Take().StorageOperations["devstoreaccount1/blob-list"]); // 503 and 409; the broken connection is nobody's
    }

    [Theory]
    [InlineData(StorageService.Blob, "PUT", "?comp=block&blockid=x", StorageOperation.BlobWrite)]
    [InlineData(StorageService.Blob, "PUT", "?comp=blocklist", StorageOperation.BlobWrite)]
    [InlineData(StorageService.Blob, "PUT", "?comp=lease", StorageOperation.BlobOther)]
    [InlineData(StorageService.Blob, "PUT", "?comp=snapshot", StorageOperation.BlobOther)]
    [InlineData(StorageService.Blob, "PUT", "?restype=container", StorageOperation.BlobList)]
    [InlineData(StorageService.Blob, "GET", "?restype=container&comp=list&prefix=comp%3Dx", StorageOperation.BlobList)]
    [InlineData(StorageService.Blob, "GET", "?versionid=2026", StorageOperation.BlobRead)]
    [InlineData(StorageService.Blob, "GET", "?comp=tags", StorageOperation.BlobOther)]
    [InlineData(StorageService.Blob, "GET", "?restype=container", StorageOperation.BlobOther)]
    [InlineData(StorageService.Blob, "HEAD", "", StorageOperation.BlobOther)]
    [InlineData(StorageService.Blob, "DELETE", "", StorageOperation.BlobDelete)]
    [InlineData(StorageService.Queue, "GET", "?numofmessages=8", StorageOperation.QueueRead)]
    [InlineData(StorageService.Queue, "GET", "?comp=list", StorageOperation.QueueWrite)]
    [InlineData(StorageService.Queue, "DELETE", "?popreceipt=x", StorageOperation.QueueWrite)]
    [InlineData(StorageService.Table, "MERGE", "", StorageOperation.TableWrite)]
    [InlineData(StorageService.Table, "GET", "?$filter=x", StorageOperation.TableRead)]
    public void A_request_has_the_class_of_the_price_list(StorageService service, string method, string query, StorageOperation expected) =>
        Assert.Equal(expected, StorageOperations.Of(service, method, query));

    // Breaks the first connection, answers the second request with 503, and lets the rest through.
    sealed class Stumbling(HttpPipelineTransport inner) : HttpPipelineTransport
    {
        int _requests;

        public override Azure.Core.Request CreateRequest() => inner.CreateRequest();

        public override void Process(Azure.Core.HttpMessage message) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(Azure.Core.HttpMessage message)
        {
            if (++_requests == 1)
                throw new RequestFailedException("the connection broke");
            await inner.ProcessAsync(message);
            if (_requests == 2)
                message.Response = new Unavailable(message.Response);
        }
    }

    sealed class Unavailable(Response answered) : Response
    {
        public override int Status => 503;

        public override string ReasonPhrase => "Unavailable";

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose() => answered.Dispose();

        protected override bool ContainsHeader(string name) => false;

        protected override IEnumerable<Azure.Core.HttpHeader> EnumerateHeaders() => [];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return false;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = null;
            return false;
        }
    }
}
