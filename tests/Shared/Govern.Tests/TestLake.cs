using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Merge;
using DataIngestion.Storage;
using DataIngestion.Tabular;
using DataIngestion.TestKit;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Govern.Tests;

/// <summary>A bar as a source said it.</summary>
internal sealed record Bar(string? Symbol, decimal? Low, decimal? High, double? Volume = null);

/// <summary>One raw artefact of a run, as CSV in landing and as a curated part.</summary>
internal sealed record Artefact(string Name, params IReadOnlyList<Bar> Bars);

/// <summary>A dataset of its own in the emulator with runs that are landed, curated and merged.</summary>
internal sealed class TestLake
{
    static int Datasets;

    TestLake(AzuriteFixture azurite, DatasetDefinition dataset)
    {
        Clients = StorageClients.Connect(azurite.ConnectionString);
        Blobs = new(Clients);
        Dataset = dataset;
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public StorageClients Clients { get; }

    public BlobStore Blobs { get; }

    public DatasetDefinition Dataset { get; set; }

    public FakeTimeProvider Time { get; } = new(Start.AddDays(30));

    public SnapshotReader Reader => new(Blobs);

    public Lineage Lineage => new(Blobs);

    static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public static async Task<TestLake> CreateAsync(AzuriteFixture azurite)
    {
        var lake = new TestLake(azurite, new()
        {
            Dataset = $"bars-{Interlocked.Increment(ref Datasets)}",
            Keys = ["symbol"],
            Columns = new Dictionary<string, ColumnDefinition>
            {
                ["symbol"] = new() { Type = ColumnKind.String },
                ["low"] = new() { Type = ColumnKind.Decimal, Precision = 18, Scale = 4, Nullable = false },
                ["high"] = new() { Type = ColumnKind.Decimal, Precision = 20, Scale = 6 },
                ["volume"] = new() { Type = ColumnKind.Float, Minimum = 0, Maximum = 1e9m },
            },
            Priority = ["ecb"],
        });
        await lake.Blobs.CreateContainersAsync(CancellationToken);
        return lake;
    }

    public async Task<QualityArguments> CurateAsync(string source, int number, long quarantined = 0, params IReadOnlyList<Artefact> artefacts)
    {
        var run = $"{source}-20260105T090000Z-{number:D6}";
        var (landing, folder) = (LakePath.LandingOf(source, Dataset.Dataset, run), LakePath.CuratedOf(Dataset.Dataset, source, run));
        DataSchema schema = new([
            new("symbol", DataType.String), new("low", DataType.Decimal(18, 4)), new("high", DataType.Decimal(20, 6)), new("volume", DataType.Double),
            new("_source", DataType.String, false), new("_run", DataType.String, false), new("_row", DataType.Int64, false),
            new("_known_at", DataType.Timestamp(TimeUnit.Microseconds, isUtc: true), false)]);
        var (landed, parts) = (new List<LandedArtefact>(), new List<CuratedPart>());
        foreach (var (name, bars) in artefacts)
        {
            var (raw, part) = (landing.Child($"{landed.Count}-{name}"), folder.Child($"part-{landed.Count}.parquet"));
            var knownAt = Start.AddMinutes(number);
            var csv = "symbol,low,high\n" + string.Concat(bars.Select(b => $"{b.Symbol},{b.Low},{b.High}\n"));
            await Blobs.WriteOnceAsync(raw, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)), "text/csv", CancellationToken);
            landed.Add(new() { Path = raw, Name = $"/v1/{name}", Length = csv.Length, Sha256 = $"sha-of-{name}", KnownAt = knownAt });
            var builder = new RecordBatchBuilder(schema);
            for (var i = 0; i < bars.Count; i++)
                builder.AppendRow(bars[i].Symbol, bars[i].Low, bars[i].High, bars[i].Volume, source, run, i + 1L, knownAt);
            using var content = new MemoryStream();
            await using (var writer = ParquetBatchWriter.Create(content, schema))
            {
                using var batch = builder.Detach();
                await writer.WriteAsync(batch, CancellationToken);
                await writer.CompleteAsync(CancellationToken);
            }

            content.Position = 0;
            await Blobs.WriteOnceAsync(part, content, cancellationToken: CancellationToken);
            parts.Add(new(part, bars.Count, content.Length, "", raw));
        }

        await Blobs.WriteJsonOnceAsync(landing.Child("manifest.json"), new LandingManifest { Run = run, Source = source, Dataset = Dataset.Dataset, Artefacts = landed }, CancellationToken);
        var rows = parts.Sum(p => p.Rows);
        var manifest = new CuratedManifest
        {
            Run = run,
            Source = source,
            Dataset = Dataset.Dataset,
            Landing = landing.Child("manifest.json"),
            Parts = parts,
            Schema = JsonSerializer.SerializeToElement(schema),
            RowsIn = rows + quarantined,
            RowsOut = rows,
            RowsQuarantined = quarantined,
            Quarantine = quarantined > 0 ? LakePath.QuarantineOf(Dataset.Dataset, source, run) : null,
        };
        await Blobs.WriteJsonOnceAsync(folder.Child("manifest.json"), manifest, CancellationToken);
        return new(source, Dataset, folder.Child("manifest.json"));
    }

    public async Task<MergeResult> MergeAsync(string source, int number, params IReadOnlyList<Artefact> artefacts)
    {
        var curated = await CurateAsync(source, number, 0, artefacts);
        Time.Advance(TimeSpan.FromHours(1));
        var merger = new Merger(Blobs, Clients, Time, Options.Create(new MergerOptions()));
        return await merger.MergeAsync(new(source, Dataset, $"{source}-20260105T090000Z-{number:D6}", curated.Curated), CancellationToken);
    }
}
