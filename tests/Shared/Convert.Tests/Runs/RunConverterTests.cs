using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Conversion.Runs;
using DataIngestion.Conversion.Tests.Excel;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using static DataIngestion.Conversion.Tests.Excel.BookSheet;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DataIngestion.Conversion.Tests.Runs;

public sealed class RunConverterTests(AzuriteFixture azurite) : IAsyncLifetime
{
    static readonly DatasetDefinition Dataset = new()
    {
        Dataset = "bars",
        Keys = ["symbol"],
        Columns = new Dictionary<string, ColumnDefinition>
        {
            ["symbol"] = new() { Type = ColumnKind.String },
            ["close"] = new() { Type = ColumnKind.Decimal, Scale = 2 },
        },
    };

    static readonly SourceDefinition Source = new()
    {
        Source = "vendor",
        Kind = SourceKind.File,
        Datasets = [new() { Dataset = "bars", Files = "*" }],
    };

    static int Runs;

    readonly BlobStore _blobs = new(StorageClients.Connect(azurite.ConnectionString));
    readonly string _run = RunId.From("vendor", DateTimeOffset.UnixEpoch, $"convert {Interlocked.Increment(ref Runs)}");

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _blobs.CreateContainersAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Each_artefact_becomes_a_part_and_every_row_is_accounted_for()
    {
        var result = await ConvertAsync(await LandAsync("symbol,close\nA,1.50\nB,x\n", """{"symbol":"C","close":2.25}"""));

        Assert.Equal((3L, 2L, 1L), (result.RowsIn, result.RowsOut, result.RowsQuarantined));
        var manifest = (await _blobs.ReadJsonAsync<CuratedManifest>(result.Manifest, Stop))!.Value;
        Assert.Equal([1L, 1L], manifest.Parts.Select(p => p.Rows));
        Assert.Equal(["part-0.parquet", "part-1.parquet"], manifest.Parts.Select(p => p.Path.FileName));

        await using var lines = await _blobs.OpenReadAsync(result.Quarantine!.Value.Child("part-0.ndjson"), Stop);
        var row = (await JsonSerializer.DeserializeAsync<QuarantinedRow>(lines, ContractJson.Options, Stop))!;
        Assert.Equal((2L, 3L, "close", "type", "B,x"), (row.Row, row.Line, row.Column, row.Rule, row.Raw));
        Assert.Equal(manifest.Parts[0].Artefact, row.Artefact);
    }

    [Fact]
    public async Task A_conversion_that_is_repeated_ends_in_the_same_blobs()
    {
        var landing = await LandAsync("symbol,close\nA,1.50\nB,x\n");
        var first = await ConvertAsync(landing);
        var before = await BlobsAsync();

        await _blobs.DeleteAsync(first.Manifest, Stop); // killed just before the manifest was written
        var second = await ConvertAsync(landing);

        Assert.Equal(first, second);
        Assert.Equal(before, await BlobsAsync());
        Assert.Equal(first, await ConvertAsync(landing));
    }

    [Fact]
    public async Task An_artefact_that_is_no_data_fails_in_words_with_its_place()
    {
        var landing = await LandAsync("<html><body>Maintenance");

        var failed = await Assert.ThrowsAsync<StepFailedException>(() => ConvertAsync(landing));

        Assert.Equal(("unreadable", false), (failed.Failure.Code, failed.Failure.IsTransient));
        Assert.Contains($"{_run}/0-file", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workbook_is_read_by_the_sheet_that_is_named()
    {
        var landing = await LandAsync(Workbook());

        var result = await ConvertAsync(landing, WithFormat(new() { Table = "Prices" }));

        Assert.Equal((3L, 2L, 1L), (result.RowsIn, result.RowsOut, result.RowsQuarantined));
    }

    [Fact]
    public async Task A_workbook_of_several_sheets_of_which_none_is_named_fails_with_their_names()
    {
        var landing = await LandAsync(Workbook());

        var failed = await Assert.ThrowsAsync<StepFailedException>(() => ConvertAsync(landing));

        Assert.Equal("unreadable", failed.Failure.Code);
        Assert.Contains("holds 2 tables: Prices, Notes. Say which one to read.", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_identifier_is_quarantined_where_the_dataset_demands_one()
    {
        var landing = await LandAsync("symbol,close\nUS0378331005,1.50\nUS0378331006,1.50\n");
        var dataset = Dataset with
        {
            Columns = Dataset.Columns.ToDictionary(c => c.Key, c => c.Key == "symbol" ? c.Value with { Identifier = IdentifierType.Isin } : c.Value),
        };

        var result = await ConvertAsync(landing, dataset: dataset);

        Assert.Equal((2L, 1L, 1L), (result.RowsIn, result.RowsOut, result.RowsQuarantined));
    }

    [Fact]
    public async Task A_landing_manifest_that_is_missing_fails_in_words()
    {
        var failed = await Assert.ThrowsAsync<StepFailedException>(() => ConvertAsync(new(Containers.Landing, "nowhere/manifest.json")));

        Assert.Equal("landing-missing", failed.Failure.Code);
    }

    Task<ConvertResult> ConvertAsync(LakePath landing, SourceDefinition? source = null, DatasetDefinition? dataset = null) =>
        new RunConverter(new Converter(), _blobs).ConvertAsync(new() { Source = source ?? Source, Dataset = dataset ?? Dataset, Landing = landing }, [], Stop);

    static SourceDefinition WithFormat(FormatDefinition format) => Source with { Datasets = [Source.Datasets[0] with { Format = format }] };

    static byte[] Workbook() => XlsxBook.Write(
        new BookSheet("Prices", [["symbol", "close"], ["A", N(1.5)], ["B", "x"], ["C", N(2.25)]]),
        new BookSheet("Notes", [["note"], ["figures are preliminary"]]));

    Task<LakePath> LandAsync(params string[] artefacts) => LandAsync(Array.ConvertAll(artefacts, Encoding.UTF8.GetBytes));

    async Task<LakePath> LandAsync(params byte[][] artefacts)
    {
        var folder = LakePath.LandingOf("vendor", "bars", _run);
        var landed = new List<LandedArtefact>();
        foreach (var bytes in artefacts)
        {
            var path = folder.Child($"{landed.Count}-file");
            using var content = new MemoryStream(bytes);
            await _blobs.WriteOnceAsync(path, content, cancellationToken: Stop);
            landed.Add(new() { Path = path, Name = "file", Sha256 = "", KnownAt = DateTimeOffset.UnixEpoch });
        }

        var manifest = folder.Child("manifest.json");
        await _blobs.WriteJsonOnceAsync(manifest, new LandingManifest { Run = _run, Source = "vendor", Dataset = "bars", Artefacts = landed }, Stop);
        return manifest;
    }

    async Task<IReadOnlyList<(LakePath, string)>> BlobsAsync()
    {
        var found = new List<(LakePath, string)>();
        foreach (var container in new[] { Containers.Curated, Containers.Quarantine })
        {
            await foreach (var blob in _blobs.ListAsync(container, $"bars/vendor/{_run}/", Stop))
                found.Add((blob.Path, blob.Path.FileName == "manifest.json" ? "" : blob.ETag.ToString()));
        }

        return found;
    }
}
