using System.Globalization;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

/// <summary>
/// Sources that misbehave for as long as they like: a collection ends, loses nothing, takes nothing twice, and says what happened.
/// </summary>
public sealed class SurvivalTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("cursor"), InlineData("header"), InlineData("link"), InlineData("url-path"), InlineData("page"), InlineData("seek")]
    public async Task An_empty_page_for_ever_ends(string way)
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.Headers["X-Next-Token"] = $"{n}";
            context.Response.Headers.Link = $"</rows?token={n}>; rel=next";
            return context.Response.WriteAsync($$"""{"rows":[],"more":true,"next":"{{(way == "url-path" ? $"/rows?token={n}" : n)}}"}""");
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = PagedVendor.Dataset(way, 5);
        dataset = dataset with { Pagination = dataset.Pagination! with { MaxEmptyPages = 3, MorePath = way == "page" ? "more" : null } };

        if (way == "seek") // without a record there is no key to go on by
        {
            Assert.Equal(1, (await bench.CollectAsync(bench.Source(server.Address, dataset), 1)).Result.Requests);
            return;
        }

        var failure = await FailureAsync(bench, bench.Source(server.Address, dataset));

        Assert.Equal(("empty-pages", false, 4), (failure.Code, failure.IsTransient, server.Received.Count));
        Assert.Contains("expected at most 3. Ask for less, or raise 'maxEmptyPages'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_never_ends_stops_and_goes_on_when_it_may()
    {
        var isOver = false;
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync(
            $$"""{"rows":[{"id":{{n}}}],"next":{{(isOver && n > 6 ? "null" : $"\"{n}\"")}}}"""));
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = PagedVendor.Dataset("cursor", 1);

        var failure = await FailureAsync(bench, bench.Source(server.Address, dataset with { Pagination = dataset.Pagination! with { MaxPages = 5 } }));
        isOver = true;
        var (_, manifest) = await bench.CollectAsync(bench.Source(server.Address, dataset), 1);

        Assert.Equal("too-many-pages", failure.Code);
        Assert.Equal(Enumerable.Range(1, 7), await IdsAsync(bench, manifest));
    }

    [Fact]
    public async Task A_token_that_leads_back_is_noticed()
    {
        string[] tokens = ["b", "c", "b"];
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync($$"""{"rows":[{"id":{{n}}}],"next":"{{tokens[(n - 1) % 3]}}"}"""));
        await using var bench = await Workbench.OpenAsync(azurite);

        var failure = await FailureAsync(bench, bench.Source(server.Address, PagedVendor.Dataset("cursor", 1)));

        Assert.Equal(("pagination-loop", 3), (failure.Code, server.Received.Count));
        Assert.Contains("round in circles at 'next'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_page_again_under_new_tokens_is_noticed()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync($$"""{"rows":[{"id":1},{"id":2}],"next":"{{n}}"}"""));
        await using var bench = await Workbench.OpenAsync(azurite);

        var failure = await FailureAsync(bench, bench.Source(server.Address, PagedVendor.Dataset("cursor", 2)));

        Assert.Equal(("pagination-loop", 2), (failure.Code, server.Received.Count));
        Assert.Contains("the same records as the page before: the source seems to ignore 'token'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page"), InlineData("offset"), InlineData("cursor")]
    public async Task Rows_that_are_added_in_front_while_pages_are_turned_come_once_and_the_next_run_finds_them(string way)
    {
        // Newest first, as many sources list: what is added pushes a row to the next page, which was on the page before.
        var vendor = new ChangingVendor(way, size: 4, isNewestFirst: true, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        vendor.Before[2] = ids => ids.Add(11);
        await using var server = await LoopbackServer.StartAsync(vendor.AnswerAsync);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, vendor.Dataset);

        var (first, landed) = await bench.CollectAsync(source, 1);
        var (_, next) = await bench.CollectAsync(source, 2);

        Assert.Equal([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], await IdsAsync(bench, landed));
        Assert.Contains(first.Notes, n => n.StartsWith("1 record came on more than one page and was taken once", StringComparison.Ordinal));
        Assert.Equal([11], await IdsAsync(bench, next));
    }

    [Theory]
    [InlineData("page"), InlineData("offset")]
    public async Task A_row_that_slips_between_two_pages_is_said_and_the_next_run_finds_it(string way)
    {
        // A row of the first page is withdrawn: the first of the second page moves to the first, where nobody looks again.
        var vendor = new ChangingVendor(way, size: 4, isNewestFirst: false, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        vendor.Before[2] = ids => ids.Remove(2);
        await using var server = await LoopbackServer.StartAsync(vendor.AnswerAsync);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, vendor.Dataset);

        var (first, landed) = await bench.CollectAsync(source, 1);
        var (_, next) = await bench.CollectAsync(source, 2);

        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9, 10], await IdsAsync(bench, landed));
        Assert.Contains("the source said 10 records first and 9 at last", Assert.Single(first.Notes), StringComparison.Ordinal);
        Assert.Equal([5], await IdsAsync(bench, next));
    }

    [Theory]
    [InlineData("page"), InlineData("seek")]
    public async Task A_row_that_is_corrected_after_its_page_was_read_comes_with_the_next_run(string way)
    {
        var vendor = new ChangingVendor(way, size: 4, isNewestFirst: false, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        vendor.Before[3] = _ => vendor.Corrected.Add(3);
        await using var server = await LoopbackServer.StartAsync(vendor.AnswerAsync);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, vendor.Dataset);

        await bench.CollectAsync(source, 1);
        var (_, next) = await bench.CollectAsync(source, 2);
        var (nothing, _) = await bench.CollectAsync(source, 3);

        Assert.Equal([3], await IdsAsync(bench, next));
        Assert.Equal(0, nothing.Artefacts);
    }

    [Theory]
    [InlineData("page", 40), InlineData("page", 3), InlineData("offset", 40), InlineData("offset", 3), InlineData("cursor", 40), InlineData("cursor", 3), InlineData("seek", 40)]
    public async Task A_total_that_lies_loses_nothing_and_is_said(string way, int total)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => PagedVendor.AnswerAsync(context, way, 4, [.. Enumerable.Range(1, 10)], total));
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = PagedVendor.Dataset(way, 4);

        var (result, manifest) = await bench.CollectAsync(bench.Source(server.Address, dataset with { Pagination = dataset.Pagination! with { TotalPath = "total" } }), 1);

        Assert.Equal(Enumerable.Range(1, 10), await IdsAsync(bench, manifest));
        Assert.Contains($"says that there are {total} records, but 10 came", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.Equal(manifest.Notes, result.Notes);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><title>Proxy error</title>", "is an HTML page")]
    [InlineData("""{"message":"Limit reached"}""", "has nothing at the record path 'rows[*]'")]
    [InlineData("""{"rows":[{"id":3},""", "is not JSON")]
    [InlineData("", "is empty")]
    public async Task What_is_no_page_is_never_landed_and_the_run_goes_on_behind_it(string body, string said)
    {
        var isHealed = false;
        await using var server = await LoopbackServer.StartAsync((context, _) =>
            context.Request.Query["offset"] == "4" && !isHealed ? context.Response.WriteAsync(body) : PagedVendor.AnswerAsync(context, "offset", 4, records: 10));
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, PagedVendor.Dataset("offset", 4));

        var failure = await FailureAsync(bench, source);
        isHealed = true;
        var (result, manifest) = await bench.CollectAsync(source, 1);

        Assert.Equal(("unexpected-body", true), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains("/rows?size=4&offset=4", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 10), await IdsAsync(bench, manifest));
        Assert.Equal(1, server.Received.Count(r => r.Query == "?size=4&offset=0"));
        Assert.Equal(3, result.Artefacts);
    }

    [Fact]
    public async Task A_cursor_that_the_source_no_longer_sends_is_said_and_its_records_are_taken()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync(n switch
        {
            1 => """{"rows":[{"id":1,"day":"2026-01-05"},{"id":2,"day":"2026-01-06"}]}""",
            _ => """{"rows":[{"id":3,"date":"2026-01-07"}]}""", // renamed between two pages
        }));
        await using var bench = await Workbench.OpenAsync(azurite);

        var (result, manifest) = await bench.CollectAsync(bench.Source(server.Address, PagedVendor.Dataset("page", 2) with { Cursor = ChangingVendor.ByDay }), 1);

        Assert.Equal([1, 2, 3], await IdsAsync(bench, manifest));
        Assert.Equal("2026-01-06", result.NextCursor);
        Assert.Contains("1 of 3 records have no value", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_begins_anew_does_not_take_the_cursor_along()
    {
        var day = "2026-03-05";
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync($$"""{"rows":[{"id":1,"day":"{{day}}"}]}"""));
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, PagedVendor.Dataset("page", 2) with { Cursor = ChangingVendor.ByDay });

        await bench.CollectAsync(source, 1);
        day = "2025-01-01";
        var (result, _) = await bench.CollectAsync(source, 2);

        Assert.Equal((0, null), (result.Artefacts, result.NextCursor));
        Assert.Contains("The newest record is '2025-01-01', before the cursor '2026-03-05'", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_that_halves_in_the_middle_costs_requests_and_no_records()
    {
        var budget = 0;
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            // Up to noon every request is served; from then on one of two.
            if (n > 10 && budget++ % 2 == 0)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "0";
                context.Response.Headers["RateLimit-Limit"] = "1";
                return Task.CompletedTask;
            }

            context.Response.Headers["RateLimit-Limit"] = n > 10 ? "1" : "2";
            return PagedVendor.AnswerAsync(context, "page", 1, records: 25);
        });
        await using var bench = await Workbench.OpenAsync(azurite);

        var (result, manifest) = await bench.CollectAsync(bench.Source(server.Address, PagedVendor.Dataset("page", 1)), 1);

        Assert.Equal(Enumerable.Range(1, 25), await IdsAsync(bench, manifest));
        Assert.Equal((42, 16), (result.Requests, result.Retries));
    }

    [Theory]
    [InlineData("page", false), InlineData("offset", true), InlineData("cursor", false), InlineData("header", true), InlineData("link", false), InlineData("url-path", true)]
    [InlineData("seek", false), InlineData("seek", true)]
    public async Task Killed_at_any_write_windows_and_pages_end_in_the_same_records_and_requests(string way, bool afterTheWrite)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            var (from, to) = (Day(context.Request.Query["since"]!), Day(context.Request.Query["until"]!));
            return PagedVendor.AnswerAsync(context, way, 2, [.. Enumerable.Range(1, 9).Where(id => id >= from && id <= to)], record: id => $$"""{"id":{{id}},"day":"2026-01-{{id:D2}}"}""");
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, PagedVendor.Dataset(way, 2) with
        {
            Cursor = ChangingVendor.ByDay with { Parameter = "since", ToParameter = "until", ToIsIncluded = true, Start = "2026-01-01", Step = TimeSpan.FromDays(4) },
        });
        var window = new TimeWindow(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero));

        var before = bench.Kills.Writes;
        var (expected, manifest) = await bench.CollectAsync(source, 1, window);
        var writes = bench.Kills.Writes - before;
        Assert.Equal(Enumerable.Range(1, 9), await IdsAsync(bench, manifest));
        var asked = manifest.Artefacts.Concat(manifest.Passed).Select(a => a.Name).ToList();
        Assert.Contains(asked, name => name.Contains("since=2026-01-05", StringComparison.Ordinal) && name.Contains("until=2026-01-08", StringComparison.Ordinal));
        Assert.Empty(expected.Notes);

        for (var k = 1; k <= writes; k++)
        {
            (bench.Kills.KillAt, bench.Kills.AfterSending) = (bench.Kills.Writes + k, afterTheWrite);
            await Assert.ThrowsAsync<KilledException>(() => bench.CollectAsync(source, 100 + k, window));
            bench.Kills.KillAt = -1;
            var (repeated, other) = await bench.CollectAsync(source, 100 + k, window);

            Assert.Equal(Enumerable.Range(1, 9), await IdsAsync(bench, other));
            Assert.Equal(asked, other.Artefacts.Concat(other.Passed).Select(a => a.Name));
            Assert.Equal((expected.Artefacts, expected.Requests, expected.Bytes), (repeated.Artefacts, repeated.Requests, repeated.Bytes));
        }

        static int Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).Day;
    }

    static async Task<List<int>> IdsAsync(Workbench bench, LandingManifest manifest) =>
        [.. (await bench.RecordsAsync(manifest)).Select(r => JsonDocument.Parse(r).RootElement.GetProperty("id").GetInt32())];

    static async Task<Failure> FailureAsync(Workbench bench, SourceDefinition source) =>
        (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;

    /// <summary>A vendor whose rows change between two requests. A row's day is its id; newest first or last.</summary>
    sealed class ChangingVendor(string way, int size, bool isNewestFirst, params int[] ids)
    {
        readonly List<int> _ids = [.. ids];

        public static CursorDefinition ByDay => new() { Field = "day", Type = CursorType.Date, Parameter = "since", Overlap = "20d" };

        /// <summary>What happens before a request, by its number from 1.</summary>
        public Dictionary<int, Action<List<int>>> Before { get; } = [];

        public HashSet<int> Corrected { get; } = [];

        public SourceDatasetDefinition Dataset => PagedVendor.Dataset(way, size) is var dataset
            ? dataset with { Cursor = ByDay, Pagination = dataset.Pagination! with { TotalPath = way == "seek" ? null : "total" } }
            : throw new InvalidOperationException();

        public Task AnswerAsync(HttpContext context, int number)
        {
            if (Before.TryGetValue(number, out var change))
                change(_ids);
            return PagedVendor.AnswerAsync(
                context, way, size, [.. isNewestFirst ? _ids.OrderDescending() : _ids.Order()],
                record: id => $$"""{"id":{{id}},"day":"2026-01-{{id:D2}}","v":{{(Corrected.Contains(id) ? 2 : 1)}}}""");
        }
    }
}
