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

    [Fact]
    public async Task An_emulator_that_dies_is_started_again_on_the_same_ports_with_its_data()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder("azurite");
        await using var azurite = await AzuriteProcess.StartAsync(new(folder.Path), cancellationToken);
        var container = new BlobContainerClient(azurite.ConnectionString, "kept", new() { Retry = { MaxRetries = 0 } });
        await container.CreateAsync(cancellationToken: cancellationToken);
        var first = azurite.ProcessId;

        // Asked to end, so that its data is on disk; nobody told the object that holds it.
        using (var process = System.Diagnostics.Process.GetProcessById(first))
        {
            await System.Diagnostics.Process.Start("kill", ["-TERM", $"{first}"]).WaitForExitAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
        }

        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return await container.ExistsAsync(cancellationToken);
            }
            catch (Exception outage) when (outage is Azure.RequestFailedException or AggregateException)
            {
                return false;
            }
        });
        await Eventually.TrueAsync(() => Task.FromResult(azurite.ProcessId != first));
    }
}
