using System.Security.Cryptography;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Collect.Tests;

public sealed class FileLandingTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(0), InlineData(1000), InlineData(20 << 20)]
    public async Task A_file_is_copied_with_its_hash_and_the_time_it_was_dropped(int size)
    {
        await using var bench = await Workbench.OpenAsync(azurite);
        var content = new byte[size];
        new Random(5).NextBytes(content);
        var file = await DropAsync(bench, "prices 2026.csv", content);

        var result = await bench.Collector.LandFileAsync(new(Source(bench), "prices", file), bench.Run(1), TestContext.Current.CancellationToken);

        var artefact = Assert.Single((await bench.ManifestAsync(result)).Artefacts);
        Assert.Equal((1, size, 0, null), (result.Artefacts, result.Bytes, result.Requests, result.NextCursor));
        Assert.Equal(("00000-prices-2026.csv", "prices 2026.csv", file.ModifiedAt), (artefact.Path.FileName, artefact.Name, artefact.KnownAt));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), artefact.Sha256);
        Assert.Equal(content, await bench.BytesAsync(artefact.Path));
    }

    [Fact]
    public async Task Another_version_of_the_file_is_not_taken_for_the_one_that_was_seen()
    {
        await using var bench = await Workbench.OpenAsync(azurite);
        var seen = await DropAsync(bench, "a.csv", [1]);
        await bench.Blobs.DeleteAsync(seen.Path, TestContext.Current.CancellationToken);

        var missing = await Assert.ThrowsAsync<StepFailedException>(() => bench.Collector.LandFileAsync(new(Source(bench), "prices", seen), bench.Run(1), TestContext.Current.CancellationToken));
        await DropAsync(bench, "a.csv", [2]);
        var changed = await Assert.ThrowsAsync<StepFailedException>(() => bench.Collector.LandFileAsync(new(Source(bench), "prices", seen), bench.Run(1), TestContext.Current.CancellationToken));

        Assert.Equal(("file-missing", false), (missing.Failure.Code, missing.Failure.IsTransient));
        Assert.Equal(("file-changed", false), (changed.Failure.Code, changed.Failure.IsTransient));
        Assert.Contains(seen.ETag, changed.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Killed_at_any_write_and_repeated_it_ends_in_the_same_bytes_even_if_the_file_has_gone(bool afterTheWrite)
    {
        await using var bench = await Workbench.OpenAsync(azurite);
        var cancellationToken = TestContext.Current.CancellationToken;
        var first = new LandFileArguments(Source(bench), "prices", await DropAsync(bench, "a.csv", [1, 2, 3]));
        var before = bench.Kills.Writes;
        await bench.Collector.LandFileAsync(first, bench.Run(0), cancellationToken);
        var writes = bench.Kills.Writes - before;

        for (var k = 1; k <= writes; k++)
        {
            var file = await DropAsync(bench, $"{k}.csv", [1, 2, 3]);
            var arguments = first with { File = file };
            (bench.Kills.KillAt, bench.Kills.AfterSending) = (bench.Kills.Writes + k, afterTheWrite);
            await Assert.ThrowsAsync<KilledException>(() => bench.Collector.LandFileAsync(arguments, bench.Run(k), cancellationToken));
            bench.Kills.KillAt = -1;
            if ((await bench.LandingAsync("prices", k)).Count > 0)
                await bench.Blobs.DeleteAsync(file.Path, cancellationToken); // what was copied is enough
            var manifest = await bench.ManifestAsync(await bench.Collector.LandFileAsync(arguments, bench.Run(k), cancellationToken));

            Assert.Equal((3, Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))), (manifest.Artefacts[0].Length, manifest.Artefacts[0].Sha256));
            Assert.Equal(2, (await bench.LandingAsync("prices", k)).Count);
        }
    }

    static SourceDefinition Source(Workbench bench) => new()
    {
        Source = bench.SourceId,
        Kind = SourceKind.File,
        Datasets = [new() { Dataset = "prices", Files = "*.csv" }],
    };

    static async Task<DroppedFile> DropAsync(Workbench bench, string name, byte[] content)
    {
        var path = new LakePath(Containers.Drop, $"{bench.SourceId}/{name}");
        Assert.True(await bench.Blobs.WriteOnceAsync(path, new MemoryStream(content), cancellationToken: TestContext.Current.CancellationToken));
        var entry = (await bench.Blobs.FindAsync(path, TestContext.Current.CancellationToken))!;
        return new(path, entry.ETag.ToString(), entry.Length, entry.ModifiedAt);
    }
}
