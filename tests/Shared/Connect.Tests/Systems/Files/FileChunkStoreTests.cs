using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class FileChunkStoreTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task What_does_not_fit_into_a_position_is_found_again_by_another_process()
    {
        var stop = TestContext.Current.CancellationToken;
        var blobs = new BlobStore(StorageClients.Connect(azurite.ConnectionString));
        await blobs.CreateContainersAsync(stop);
        var start = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
        await using var files = new MemoryFiles();
        for (var i = 0; i < 600; i++)
            files.Put($"{i:D3}", start.AddHours(-1));
        var time = new FakeTimeProvider(start);
        string? cursor;
        await using (var first = MemorySystem.Read(files, time, chunks: new(blobs)))
        {
            await first.CrashAsync(CrashPoint.BeforeAcknowledgement, part: 300);
            await first.RunAsync();
            Assert.Equal(600, first.Landed.Count);
            cursor = first.Cursor;
        }

        files.Put("600", start.AddHours(-1));
        await using var second = MemorySystem.Read(files, time, chunks: new(blobs));
        second.Cursor = cursor;
        Assert.Equal(["600"], (await second.RunAsync()).Select(p => p.Part.Name));

        await using var elsewhere = MemorySystem.Read(files, time, chunks: new(null));
        elsewhere.Cursor = cursor;
        Assert.Equal("position-unreadable", (await elsewhere.FailureAsync()).Code);
    }
}
