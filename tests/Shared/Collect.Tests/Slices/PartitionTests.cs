using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests.Slices;

public sealed class PartitionTests(AzuriteFixture azurite)
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal static readonly CursorDefinition ByDate = new() { Field = "date", Type = CursorType.Date, Parameter = "from", Start = "2026-01-01", Overlap = "2d" };

    internal static SourceDatasetDefinition Bars(params PartitionDefinition[] partitions) => new()
    {
        Dataset = "bars",
        Request = new() { Path = "/bars" },
        Partitions = partitions,
        Format = new() { Format = "json" },
    };

    internal static PartitionDefinition Symbols(params string[] symbols) => new() { Name = "symbol", Parameter = "symbol", Values = symbols };

    static PartitionDefinition Days(string from, int again = 0, bool weekdays = false) => new()
    {
        Name = "day",
        Parameter = "day",
        Dates = new() { From = DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), Format = "yyyyMMdd", Again = again, Weekdays = weekdays, Delay = TimeSpan.FromHours(6) },
    };

    [Fact]
    public async Task Each_value_is_asked_for_and_its_artefact_carries_it()
    {
        await using var vendor = (await TickerVendor.StartAsync()).Add("AAPL", "2026-02-01").Add("A&B", "2026-02-02").Add("AAPL", "2026-02-03");
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = Bars(Symbols("AAPL", "A&B", "none")) with { Request = new() { Path = "/{symbol}/bars" } };

        var (_, manifest) = await bench.CollectAsync(bench.Source(vendor.Address, dataset), 1);

        Assert.Equal(["A&B/bars?symbol=A%26B", "AAPL/bars?symbol=AAPL", "none/bars?symbol=none"], vendor.TakeAsked());
        Assert.Equal(["AAPL", "A&B", "none"], manifest.Artefacts.Concat(manifest.Passed).Select(a => a.Partition["symbol"]));
        Assert.Equal(3, manifest.Requests);
    }

    [Fact]
    public async Task Partitions_are_combined_each_value_with_each_and_carried_by_any_part_of_the_request()
    {
        await using var vendor = await TickerVendor.StartAsync();
        await using var bench = await Workbench.OpenAsync(azurite);
        List<string> bodies = [];
        vendor.Instead = async context =>
        {
            context.Request.Body.Position = 0;
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (bodies)
                bodies.Add($"{body} {context.Request.Headers["X-Venue"]}");
            await context.Response.WriteAsync("[{}]");
            return true;
        };
        var dataset = Bars(new() { Name = "symbol", Values = ["A\"B", "C"] }, new() { Name = "venue", Values = ["X", "Y"] }) with
        {
            Request = new() { Path = "/q", Method = "POST", Body = """{"of":"{symbol}"}""", Headers = new Dictionary<string, string> { ["X-Venue"] = "{venue}" } },
        };

        var (_, manifest) = await bench.CollectAsync(bench.Source(vendor.Address, dataset), 1);

        Assert.Equal(["""{"of":"A\u0022B"} X""", """{"of":"A\u0022B"} Y""", """{"of":"C"} X""", """{"of":"C"} Y"""], bodies.Order(StringComparer.Ordinal).Select(b => b.Replace("\\\"", "\\u0022", StringComparison.Ordinal)));
        Assert.Equal(["A\"B X", "A\"B Y", "C X", "C Y"], manifest.Artefacts.Select(a => $"{a.Partition["symbol"]} {a.Partition["venue"]}"));
    }

    [Fact]
    public async Task Days_are_asked_for_once_when_they_are_over_and_the_last_ones_again()
    {
        var time = new FakeTimeProvider(Noon); // 1 March: the day before has ended twelve hours ago
        await using var vendor = (await TickerVendor.StartAsync()).Add("", "2026-02-26").Add("", "2026-02-28");
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var source = bench.Source(vendor.Address, Bars(Days("2026-02-25", again: 2)));

        var (_, first) = await bench.CollectAsync(source, 1);
        Assert.Equal(["bars?day=20260225", "bars?day=20260226", "bars?day=20260227", "bars?day=20260228"], vendor.TakeAsked());
        Assert.Equal(["2026-02-25", "2026-02-26", "2026-02-27", "2026-02-28"], first.Artefacts.Select(a => a.Partition["day"]));
        Assert.EndsWith("(1 up to 2026-02-28)", first.NextCursor, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromHours(17)); // 05:00: the delay of 6 h is not over
        var (_, early) = await bench.CollectAsync(source, 2);
        Assert.Equal(["bars?day=20260228"], vendor.TakeAsked()); // by now the 27th lies further back
        Assert.Null(early.NextCursor);

        time.Advance(TimeSpan.FromHours(2));
        var (_, third) = await bench.CollectAsync(source, 3);
        Assert.Equal(["bars?day=20260228", "bars?day=20260301"], vendor.TakeAsked());
        Assert.EndsWith("(1 up to 2026-03-01)", third.NextCursor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backfill_asks_for_the_days_of_its_window_and_leaves_the_state_alone()
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await TickerVendor.StartAsync();
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var source = bench.Source(vendor.Address, Bars(Symbols("A", "B"), Days("2026-02-25", weekdays: true)));
        await bench.CollectAsync(source, 1);
        Assert.Equal(3 * 2, vendor.TakeAsked().Count); // 25 to 27 February; the 28th is a Saturday

        var (result, _) = await bench.CollectAsync(source, 2, new(new(2026, 2, 26, 0, 0, 0, TimeSpan.Zero), new(2026, 2, 28, 0, 0, 0, TimeSpan.Zero)));

        Assert.Equal(["bars?symbol=A&day=20260226", "bars?symbol=A&day=20260227", "bars?symbol=B&day=20260226", "bars?symbol=B&day=20260227"], vendor.TakeAsked());
        Assert.Null(result.NextCursor);
        await bench.CollectAsync(source, 3);
        Assert.Empty(vendor.TakeAsked());
    }

    [Fact]
    public async Task A_failing_slice_keeps_what_the_others_landed_and_the_next_attempt_asks_only_for_what_is_missing()
    {
        await using var vendor = await TickerVendor.StartAsync();
        await using var bench = await Workbench.OpenAsync(azurite);
        var symbols = Enumerable.Range(0, 30).Select(n => $"S{n:D2}").ToArray();
        foreach (var symbol in symbols)
            vendor.Add(symbol, "2026-02-01");
        vendor.Instead = context =>
        {
            var isBad = context.Request.Query["symbol"] == "S03";
            context.Response.StatusCode = isBad ? 404 : 200;
            return Task.FromResult(isBad);
        };
        var source = bench.Source(vendor.Address, Bars(Symbols(symbols)));

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;
        Assert.StartsWith("symbol=S03: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal("not-found", failure.Code);
        Assert.Equal(30, vendor.TakeAsked().Count);

        vendor.Instead = null;
        var (_, manifest) = await bench.CollectAsync(source, 1);
        Assert.Equal(["bars?symbol=S03"], vendor.TakeAsked());
        Assert.Equal(30, (await bench.RecordsAsync(manifest)).Count);
    }

    [Fact]
    public async Task No_more_slices_are_begun_when_it_is_the_source_that_fails()
    {
        await using var vendor = await TickerVendor.StartAsync();
        await using var bench = await Workbench.OpenAsync(azurite);
        vendor.Instead = context =>
        {
            context.Response.StatusCode = 400;
            return Task.FromResult(true);
        };
        var limits = new LimitsDefinition { RequestsPerSecond = 10_000, Burst = 1000, MaxConcurrent = 4 };
        var source = bench.Source(vendor.Address, Bars(Symbols([.. Enumerable.Range(0, 500).Select(n => $"S{n:D3}")])), limits: limits);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;

        Assert.Equal("request-refused", failure.Code);
        Assert.Contains("more failed too", failure.Message, StringComparison.Ordinal);
        Assert.InRange(vendor.Asked.Count, SliceFailures.Most, SliceFailures.Most + 4);
        Assert.InRange(vendor.MostAtOnce, 1, 4);
    }
}
