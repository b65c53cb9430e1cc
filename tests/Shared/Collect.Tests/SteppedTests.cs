using System.Globalization;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests;

/// <summary>A source that answers at most some days at once, run for weeks: live, backfilled, refreshed.</summary>
public sealed class SteppedTests(AzuriteFixture azurite)
{
    readonly FakeTimeProvider _time = new(new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero));
    readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, Row> _published = new(StringComparer.Ordinal);
    readonly List<string> _asked = [];

    [Theory]
    [InlineData("yyyyMMdd", true), InlineData("unix-milliseconds", false), InlineData(null, true)]
    public async Task Live_runs_backfills_and_refreshes_end_in_what_the_vendor_has(string? format, bool isEndIncluded)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => AnswerAsync(context, format, isEndIncluded));
        await using var bench = await Workbench.OpenAsync(azurite, _time);
        var source = bench.Source(server.Address, new()
        {
            Dataset = "bars",
            Request = new() { Path = "/rows" },
            Format = new() { Format = "json", RecordPath = "rows[*]" },
            Pagination = new() { Kind = PaginationKind.Page, Parameter = "page", SizeParameter = "size", Size = 2 },
            Cursor = new()
            {
                Field = "day",
                Type = CursorType.Date,
                Format = format,
                Parameter = "since",
                ToParameter = "until",
                ToIsIncluded = isEndIncluded,
                Start = "2026-01-01",
                Step = TimeSpan.FromDays(4),
                Overlap = "6d",
            },
        });

        for (var day = 1; day <= 9; day++)
            Put(day);
        var first = await RunAsync(bench, source, 1);
        Assert.Equal("2026-01-09", first.NextCursor);
        Assert.Contains(_asked, q => q.Contains($"since={Written(new(2026, 1, 5), format)}", StringComparison.Ordinal) && q.Contains($"until={Written(new(2026, 1, isEndIncluded ? 8 : 9), format)}", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromDays(8));
        for (var day = 10; day <= 17; day++)
            Put(day);
        Put(4, late: true);
        Put(5, version: 2);
        _asked.Clear();
        var second = await RunAsync(bench, source, 2);
        Assert.Equal("2026-01-17", second.NextCursor);
        Assert.Contains($"since={Written(new(2026, 1, 3), format)}", _asked[0], StringComparison.Ordinal);
        Assert.Equal(_rows, _published);

        Put(2, version: 2); // older than the overlap reaches
        var nothing = await RunAsync(bench, source, 3);
        Assert.Equal((0, null), (nothing.Artefacts, nothing.NextCursor));
        Assert.NotEqual(_rows, _published);

        var filled = await RunAsync(bench, source, 4, new TimeWindow(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 4, 0, 0, 0, TimeSpan.Zero)));
        Assert.Null(filled.NextCursor);
        Assert.Equal(_rows, _published);
        Assert.Equal("2026-01-17", (await bench.Cursors.FindAsync(bench.SourceId, "bars", TestContext.Current.CancellationToken))!.Value);

        Put(1, version: 2);
        var refreshed = await bench.Collector.CollectAsync(new() { Source = source, Dataset = "bars" }, bench.Run(5), cancellationToken: TestContext.Current.CancellationToken);
        Publish(await bench.RecordsAsync(await bench.ManifestAsync(refreshed)), format);
        Assert.Equal("2026-01-17", refreshed.NextCursor);
        Assert.Equal(_rows, _published);
        Assert.All([first, second, nothing, filled, refreshed], r => Assert.Empty(r.Notes));
    }

    async Task<CollectResult> RunAsync(Workbench bench, SourceDefinition source, int run, TimeWindow? window = null)
    {
        var (result, manifest) = await bench.CollectAsync(source, run, window);
        Publish(await bench.RecordsAsync(manifest), source.Datasets[0].Cursor!.Format);
        return result;
    }

    void Put(int day, int version = 1, bool late = false) => _rows[$"{day:D2}{(late ? "-late" : "")}"] = new(new(2026, 1, day), version);

    void Publish(IEnumerable<string> records, string? format)
    {
        foreach (var record in records)
        {
            var row = JsonDocument.Parse(record).RootElement;
            var day = row.GetProperty("day").ToString();
            _published[row.GetProperty("key").GetString()!] = new(_rows.Values.Select(r => r.Day).First(d => Written(d, format) == day), row.GetProperty("version").GetInt32());
        }
    }

    Task AnswerAsync(HttpContext context, string? format, bool isEndIncluded)
    {
        _asked.Add(context.Request.QueryString.Value!);
        var (since, until) = (context.Request.Query["since"].ToString(), context.Request.Query["until"].ToString());
        var page = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
        var rows = _rows.Where(r => string.CompareOrdinal(Written(r.Value.Day, format), since) >= 0 && string.CompareOrdinal(Written(r.Value.Day, format), until) < (isEndIncluded ? 1 : 0))
            .OrderBy(r => r.Value.Day).Skip((page - 1) * 2).Take(2)
            .Select(r => JsonSerializer.Serialize(new { key = r.Key, day = Written(r.Value.Day, format), version = r.Value.Version }));
        return context.Response.WriteAsync($$"""{"rows":[{{string.Join(',', rows)}}]}""");
    }

    static string Written(DateOnly day, string? format) => InstantFormat.Write(format ?? "yyyy-MM-dd", new(day, default, TimeSpan.Zero));

    sealed record Row(DateOnly Day, int Version);
}
