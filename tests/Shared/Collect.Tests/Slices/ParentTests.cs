using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests.Slices;

public sealed class ParentTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Values_come_from_another_dataset_each_once_in_order_and_in_batches()
    {
        await using var vendor = await Vendor.StartAsync();
        vendor.Symbols.AddRange(["C", "A", "C", "B", "A", "D"]);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = vendor.Source(bench, batch: 3);

        var (_, manifest) = await bench.CollectAsync(source, 1);

        var asked = vendor.TakeAsked();
        Assert.Equal(["/symbols?page=1", "/symbols?page=2", "/symbols?page=3", "/symbols?page=4"], asked.Take(4));
        Assert.Equal(["/bars?symbol=C%2CA%2CB", "/bars?symbol=D"], asked.Skip(4).Order(StringComparer.Ordinal));
        Assert.Equal(["C,A,B", "D"], manifest.Artefacts.Select(a => a.Partition["symbol"]));
        Assert.Equal((6, 4), (manifest.Requests, manifest.Passed.Count));
        Assert.All(manifest.Passed, p => Assert.Contains($"/{bench.Run(1)}/parent-symbols/", p.Path.Name, StringComparison.Ordinal));
        Assert.Empty(await bench.LandingAsync("symbols", 1));
    }

    [Fact]
    public async Task A_repeated_collection_takes_the_values_that_were_landed()
    {
        await using var vendor = await Vendor.StartAsync();
        vendor.Symbols.AddRange(["A", "B"]);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = vendor.Source(bench);
        vendor.Refuse = "B";
        await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1));

        vendor.TakeAsked();
        vendor.Refuse = null;
        vendor.Symbols.Insert(0, "Z");
        var (_, manifest) = await bench.CollectAsync(source, 1);

        Assert.Equal(["/bars?symbol=B"], vendor.TakeAsked());
        Assert.Equal(["A", "B"], manifest.Artefacts.Select(a => a.Partition["symbol"]));
    }

    [Fact]
    public async Task A_parent_with_a_cursor_is_asked_for_what_is_new_and_what_was_known_remains()
    {
        await using var vendor = await Vendor.StartAsync();
        vendor.Symbols.AddRange(["A", "B"]);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = vendor.Source(bench, parent: new() { Dataset = "symbols", Request = new() { Path = "/symbols" }, Cursor = new() { Field = "n", Type = CursorType.Integer, Parameter = "after" } });

        await bench.CollectAsync(source, 1);
        vendor.TakeAsked();
        vendor.Symbols.Add("C");
        var (_, second) = await bench.CollectAsync(source, 2);

        Assert.Equal(["/bars?symbol=A", "/bars?symbol=B", "/bars?symbol=C", "/symbols?after=2"], vendor.TakeAsked().Order(StringComparer.Ordinal));
        Assert.Equal(["A", "B", "C"], second.Artefacts.Select(a => a.Partition["symbol"]));

        await bench.CollectAsync(source, 3);
        Assert.Equal(["/bars?symbol=A", "/bars?symbol=B", "/bars?symbol=C", "/symbols?after=3"], vendor.TakeAsked().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Parents_may_have_parents()
    {
        await using var vendor = await Vendor.StartAsync();
        vendor.Symbols.AddRange(["A", "B"]);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = vendor.Source(bench, parent: new()
        {
            Dataset = "symbols",
            Request = new() { Path = "/symbols" },
            Partitions = [new() { Name = "venue", Parameter = "venue", Parent = new() { Dataset = "venues", Field = "mic" } }],
        });
        source = source with { Datasets = [.. source.Datasets, new() { Dataset = "venues", Request = new() { Path = "/venues" } }] };

        await bench.CollectAsync(source, 1);

        Assert.Equal(["/bars?symbol=A", "/bars?symbol=B", "/symbols?venue=XLON", "/symbols?venue=XNYS", "/venues"], vendor.TakeAsked().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_field_that_no_record_has_and_too_many_values_are_named()
    {
        await using var vendor = await Vendor.StartAsync();
        vendor.Symbols.AddRange(["A", "B", "C"]);
        await using var bench = await Workbench.OpenAsync(azurite);

        var missing = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(vendor.Source(bench, field: "ticker"), 1))).Failure;
        var many = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(vendor.Source(bench, maxValues: 2), 2))).Failure;

        Assert.Equal(("parent-field-missing", false), (missing.Code, missing.IsTransient));
        Assert.Equal(("too-many-values", false), (many.Code, many.IsTransient));
    }

    [Fact]
    public async Task Killed_at_any_write_and_repeated_it_ends_with_the_same_values()
    {
        await using var vendor = await Vendor.StartAsync();
        vendor.Symbols.AddRange(["A", "B", "A"]);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = vendor.Source(bench);
        source = source with { Connection = source.Connection! with { Limits = source.Connection.Limits with { MaxConcurrent = 1 } } };
        var arguments = new CollectArguments { Source = source, Dataset = "bars" };
        var before = bench.Kills.Writes;
        var undisturbed = await bench.ManifestAsync(await bench.Collector.CollectAsync(arguments, bench.Run(0), cancellationToken: TestContext.Current.CancellationToken));
        var writes = bench.Kills.Writes - before;

        for (var k = 1; k <= writes; k++)
        {
            (bench.Kills.KillAt, bench.Kills.AfterSending) = (bench.Kills.Writes + k, k % 2 == 0);
            await Assert.ThrowsAsync<KilledException>(() => bench.Collector.CollectAsync(arguments, bench.Run(k), cancellationToken: TestContext.Current.CancellationToken));
            bench.Kills.KillAt = -1;
            var repeated = await bench.ManifestAsync(await bench.Collector.CollectAsync(arguments, bench.Run(k), cancellationToken: TestContext.Current.CancellationToken));

            Assert.Equal(undisturbed.Artefacts.Select(a => (a.Name, a.Sha256)), repeated.Artefacts.Select(a => (a.Name, a.Sha256)));
            Assert.Equal(undisturbed.Passed.Select(a => (a.Name, a.Sha256)), repeated.Passed.Select(a => (a.Name, a.Sha256)));
            Assert.Equal((await bench.LandingAsync("bars", 0)).Keys, (await bench.LandingAsync("bars", k)).Keys);
        }
    }

    /// <summary>A vendor with a list of symbols, two a page, and bars of each.</summary>
    sealed class Vendor : IAsyncDisposable
    {
        LoopbackServer _server = null!;

        public List<string> Symbols { get; } = [];

        public string? Refuse { get; set; }

        public static async Task<Vendor> StartAsync()
        {
            var vendor = new Vendor();
            vendor._server = await LoopbackServer.StartAsync((context, _) => vendor.AnswerAsync(context));
            return vendor;
        }

        public SourceDefinition Source(Workbench bench, int batch = 1, SourceDatasetDefinition? parent = null, string field = "symbol", int maxValues = 1000)
        {
            var source = bench.Source(_server.Address, new()
            {
                Dataset = "bars",
                Request = new() { Path = "/bars" },
                Partitions = [new() { Name = "symbol", Parameter = "symbol", Batch = batch, Parent = new() { Dataset = "symbols", Field = field, MaxValues = maxValues } }],
            });
            return source with
            {
                Datasets = [.. source.Datasets, parent ?? new() { Dataset = "symbols", Request = new() { Path = "/symbols" }, Pagination = new() { Kind = PaginationKind.Page, Parameter = "page" } }],
            };
        }

        public IReadOnlyList<string> TakeAsked()
        {
            List<string> asked = [.. _server.Received.Select(r => $"{r.Path}{r.Query}")];
            _server.Received.Clear();
            return asked;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        async Task AnswerAsync(HttpContext context)
        {
            var query = context.Request.Query;
            if (context.Request.Path == "/venues")
            {
                await context.Response.WriteAsync("""[{"mic":"XNYS"},{"mic":"XLON"}]""");
            }
            else if (context.Request.Path == "/symbols")
            {
                var all = Symbols.Select((symbol, place) => new { symbol, n = place + 1 });
                if (int.TryParse(query["after"], out var after))
                    all = all.Where(s => s.n >= after);
                if (int.TryParse(query["page"], out var page))
                    all = all.Skip((page - 1) * 2).Take(2);
                await context.Response.WriteAsync(JsonSerializer.Serialize(all));
            }
            else if (query["symbol"].ToString().Split(',').Contains(Refuse))
            {
                context.Response.StatusCode = 400;
            }
            else
            {
                await context.Response.WriteAsync(JsonSerializer.Serialize(query["symbol"].ToString().Split(',').Select(symbol => new { symbol, close = 1 })));
            }
        }
    }
}
