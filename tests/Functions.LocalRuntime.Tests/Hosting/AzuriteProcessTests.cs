using Azure.Storage.Blobs;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.TestKit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DataIngestion.LocalRuntime.Tests.Hosting;

public sealed class AzuriteProcessTests
{
    [Fact]
    public async Task Blobs_survive_a_stop_and_a_start()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder("azurite");
        await using (var first = await AzuriteProcess.StartAsync(new(folder.Path), cancellationToken))
        {
            var container = new BlobContainerClient(first.ConnectionString, "kept");
            await container.CreateAsync(cancellationToken: cancellationToken);
            await container.UploadBlobAsync("a", BinaryData.FromString("42"), cancellationToken);
        }

        await using var second = await AzuriteProcess.StartAsync(new(folder.Path), cancellationToken);
        var blob = await new BlobContainerClient(second.ConnectionString, "kept").GetBlobClient("a").DownloadContentAsync(cancellationToken);

        Assert.Equal("42", blob.Value.Content.ToString());
    }
}
