using DataIngestion.Agents.Drops;
using DataIngestion.Contracts;

namespace DataIngestion.Agents.Tests;

public sealed class BlobCreatedEventTests
{
    const string Data = """{"api":"PutBlockList","clientRequestId":"c","requestId":"r","eTag":"0x8DC1","contentType":"text/csv","contentLength":524288,"blobType":"BlockBlob","url":"https://d.blob.core.windows.net/drop/bank/a%20b/prices.csv","sequencer":"1","storageDiagnostics":{"batchId":"b"}}""";

    const string Subject = "/blobServices/default/containers/drop/blobs/bank/a b/prices.csv";

    const string Cloud = $$"""{"specversion":"1.0","type":"Microsoft.Storage.BlobCreated","source":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/d","id":"i","time":"2026-03-02T18:41:00.9584103Z","subject":"{{Subject}}","data":{{Data}}}""";

    const string Grid = $$"""{"topic":"/subscriptions/s","subject":"{{Subject}}","eventType":"Microsoft.Storage.BlobCreated","eventTime":"2026-03-02T18:41:00.9584103Z","id":"i","data":{{Data}},"dataVersion":"","metadataVersion":"1"}""";

    [Theory]
    [InlineData(Cloud), InlineData(Grid), InlineData($"[{Grid}]")]
    public void Both_schemas_say_the_same(string message)
    {
        var read = BlobCreatedEvent.Read(message);

        Assert.Equal(new("i", new LakePath(Containers.Drop, "bank/a b/prices.csv"), "0x8DC1", 524288, new(new DateTime(2026, 3, 2, 18, 41, 0, DateTimeKind.Utc).AddTicks(9584103))), read);
    }

    [Theory]
    [InlineData("", "", "is not JSON")]
    [InlineData("[]", "", "is not one JSON object")]
    [InlineData("\"1.0\"", "\"0.3\"", "specversion '0.3'")]
    [InlineData("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted", "expected Microsoft.Storage.BlobCreated")]
    [InlineData("/containers/drop/", "/containers/landing/", "expected a blob of the container 'drop'")]
    [InlineData("/containers/drop/blobs/bank/a b", "/containers/drop/blobs/bank/..", "cannot be ingested")]
    [InlineData("\"eTag\"", "\"tag\"", "has no 'eTag'")]
    [InlineData("524288", "-1", "has no data.contentLength")]
    [InlineData("2026-03-02T18", "2026-33-02T18", "has a time that is none")]
    [InlineData("\"subject\"", "\"object\"", "has no 'subject'")]
    public void What_is_no_notice_of_a_dropped_file_is_told(string part, string instead, string expected)
    {
        var message = part.Length == 0 ? "{{" : part == "[]" ? part : Cloud.Replace(part, instead, StringComparison.Ordinal);

        var fault = Assert.Throws<UnreadableMessageException>(() => BlobCreatedEvent.Read(message));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(Queues.DroppedFiles, fault.Message, StringComparison.Ordinal);
    }
}
