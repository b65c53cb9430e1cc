using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;
using DataIngestion.TestKit;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Merge.Tests;

/// <summary>One price as a source said it.</summary>
internal sealed record Price(string Symbol, int Day, decimal? Close, long KnownAt = 0);

/// <summary>A dataset of its own in the emulator, and runs to put into it.</summary>
internal sealed class TestLake
{
    static int Datasets;

    readonly string _connectionString;

    TestLake(AzuriteFixture azurite, string dataset)
    {
        _connectionString = azurite.ConnectionString;
        Clients = StorageClients.Connect(azurite.ConnectionString);
        Blobs = new(Clients);
        Dataset = new()
        {
            Dataset = dataset,
            Keys = ["symbol", "day"],
            Columns = new Dictionary<string, ColumnDefinition>
            {
                ["symbol"] = new() { Type = ColumnKind.String },
                ["close"] = new() { Type = ColumnKind.Decimal, Precision = 18, Scale = 4 },
                ["day"] = new() { Type = ColumnKind.Date },
            },
            Priority = ["ecb", "fed"],
        };
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public StorageClients Clients { get; }

    public BlobStore Blobs { get; }

    public DatasetDefinition Dataset { get; set; }

    public FakeTimeProvider Time { get; } = new(Start.AddDays(30)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    public static async Task<TestLake> CreateAsync(AzuriteFixture azurite)
    {
        var lake = new TestLake(azurite, $"prices-{Interlocked.Increment(ref Datasets)}");
        await lake.Blobs.CreateContainersAsync(TestContext.Current.CancellationToken);
        return lake;
    }

    /// <summary>The same lake with an empty dataset.</summary>
    public TestLake Twin()
    {
        var twin = (TestLake)MemberwiseClone();
        twin.Dataset = Dataset with { Dataset = $"prices-{Interlocked.Increment(ref Datasets)}" };
        return twin;
    }

    public Merger Merger(FailingWrites? writes = null, MergerOptions? options = null)
    {
        var clients = writes?.Connect(_connectionString) ?? Clients;
        return new(new(clients), clients, Time, Options.Create(options ?? new()));
    }

    public static string RunOf(string source, int number) => $"{source}-20260105T090000Z-{number:D6}";

    /// <summary>Writes the curated parts of a run.</summary>
    public Task<MergeArguments> CurateAsync(string source, int number, params IReadOnlyList<Price> prices) =>
        CurateAsAsync(source, number, Schema(("symbol", DataType.String), ("close", DataType.Decimal(18, 4)), ("day", DataType.Date)), prices, price => [price.Symbol, price.Close, DayOf(price)]);

    public async Task<MergeArguments> CurateAsAsync(string source, int number, DataSchema schema, IReadOnlyList<Price> prices, Func<Price, object?[]> values)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var run = RunOf(source, number);
        var folder = LakePath.CuratedOf(Dataset.Dataset, source, run);
        var part = folder.Child("part-0.parquet");
        using var local = new TemporaryFolder();
        await using (var writer = new PartWriter(local.File("part"), schema, 1_000))
        {
            for (var row = 0; row < prices.Count; row++)
            {
                object?[] all = [.. values(prices[row]), source, run, (long)row + 1, Start.AddMinutes(prices[row].KnownAt)];
                for (var i = 0; i < all.Length; i++)
                    writer.Rows[i].AppendValue(all[i]);
                await writer.EndRowAsync(cancellationToken);
            }

            await writer.CompleteAsync(cancellationToken);
        }

        await using (var content = File.OpenRead(local.File("part")))
            await Blobs.WriteOnceAsync(part, content, cancellationToken: cancellationToken);
        var landing = LakePath.LandingOf(source, Dataset.Dataset, run);
        var manifest = new CuratedManifest
        {
            Run = run,
            Source = source,
            Dataset = Dataset.Dataset,
            Landing = landing.Child("manifest.json"),
            Parts = [new(part, prices.Count, 0, "", landing.Child("0-prices.csv"))],
            RowsIn = prices.Count,
            RowsOut = prices.Count,
            Schema = JsonSerializer.SerializeToElement(schema),
        };
        await Blobs.WriteJsonOnceAsync(folder.Child("manifest.json"), manifest, cancellationToken);
        return new(source, Dataset, run, folder.Child("manifest.json"));
    }

    public static DataSchema Schema(params (string Name, DataType Type)[] columns) => new([
        .. columns.Select(c => new DataColumn(c.Name, c.Type)),
        new("_source", DataType.String, false), new("_run", DataType.String, false), new("_row", DataType.Int64, false), new("_known_at", RowLayout.Moment, false)]);

    public static DateOnly DayOf(Price price) => new DateOnly(2026, 1, 1).AddDays(price.Day);

    public async Task<SnapshotManifest?> CurrentAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var current = await Blobs.ReadJsonAsync<CurrentSnapshot>(LakePath.CurrentOf(Dataset.Dataset), cancellationToken);
        if (current is null)
            return null;
        var manifest = (await Blobs.ReadJsonAsync<SnapshotManifest>(current.Value.Manifest, cancellationToken))!.Value;
        Assert.Equal(manifest.KnownAt, current.Value.KnownAt);
        Assert.Equal(manifest.Result.SnapshotRows, current.Value.Rows);
        return manifest;
    }

    /// <summary>The dataset as text, one row a line: the rows that stand, or all sources' rows with what became of them.</summary>
    public async Task<string> DumpAsync(bool all = false, SnapshotManifest? manifest = null)
    {
        manifest ??= await CurrentAsync();
        if (manifest is null)
            return "(no dataset)";
        var lines = new List<string>();
        foreach (var part in all ? manifest.Disagreements : manifest.Parts)
        {
            await foreach (var batch in new PartReader(Blobs, Path.GetTempPath()).ReadAsync(part, TestContext.Current.CancellationToken))
            {
                using (batch)
                {
                    for (var row = 0; row < batch.Count; row++)
                        lines.Add(string.Join(' ', batch.Columns.Select(c => c.GetText(row) ?? "-")));
                }
            }
        }

        return string.Join('\n', lines);
    }
}
