using System.Globalization;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

/// <summary>Every way of turning pages against a server that turns them that way.</summary>
public sealed class PagerTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("page", 7), InlineData("offset", 7), InlineData("cursor", 7), InlineData("header", 7), InlineData("link", 7), InlineData("url-absolute", 7), InlineData("url-path", 7), InlineData("url-query", 7)]
    [InlineData("seek", 7), InlineData("seek-inclusive", 7)]
    [InlineData("page", 20), InlineData("offset", 20), InlineData("cursor", 20), InlineData("header", 1), InlineData("seek", 20), InlineData("seek-inclusive", 3)]
    public async Task Every_record_comes_once_whichever_way_pages_are_turned(string way, int size)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => PagedVendor.AnswerAsync(context, way, size, records: 20));
        await using var bench = await Workbench.OpenAsync(azurite);

        var (_, manifest) = await bench.CollectAsync(bench.Source(server.Address, PagedVendor.Dataset(way, size)), 1);

        var ids = (await bench.RecordsAsync(manifest)).Select(r => JsonDocument.Parse(r).RootElement.GetProperty("id").GetInt32());
        Assert.Equal(Enumerable.Range(1, 20), way == "seek-inclusive" ? ids.Distinct() : ids);
        Assert.Empty(manifest.Notes);
    }

    [Theory]
    [InlineData("ndjson"), InlineData("csv"), InlineData("xml")]
    public async Task Other_formats_are_turned_by_number_and_key(string format)
    {
        foreach (var way in (string[])["offset", "seek"])
        {
            await using var server = await LoopbackServer.StartAsync((context, _) =>
            {
                var from = Number(context, way == "seek" ? "after" : "offset") ?? 0;
                var ids = Enumerable.Range(from + 1, Math.Clamp(20 - from, 0, 6)).ToList();
                return context.Response.WriteAsync(format switch
                {
                    "ndjson" => string.Concat(ids.Select(i => $"{{\"id\":{i}}}\n")),
                    "csv" => "id,v\n" + string.Concat(ids.Select(i => $"{i},x\n")),
                    _ => $"<r><total>20</total>{string.Concat(ids.Select(i => $"<row id=\"{i}\"/>"))}</r>",
                });
            });
            await using var bench = await Workbench.OpenAsync(azurite);
            var dataset = new SourceDatasetDefinition
            {
                Dataset = "bars",
                Request = new() { Path = "/rows" },
                Pagination = way == "seek"
                    ? new() { Kind = PaginationKind.Seek, Parameter = "after", Field = "id" }
                    : new() { Kind = PaginationKind.Offset, Parameter = "offset", Size = 6 },
                Format = new() { Format = format, RecordPath = format == "xml" ? "r/row" : null },
            };

            var (_, manifest) = await bench.CollectAsync(bench.Source(server.Address, dataset), 1);

            Assert.Equal(20, manifest.Artefacts.Sum(a => a.Records));
        }
    }

    [Fact]
    public async Task Xml_says_where_the_next_page_is()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync(
            $"""<feed xmlns="urn:f"><total>3</total><entry><id>{n}</id></entry><link rel="x" href="ignored"/>{(n < 3 ? $"<paging next=\"t{n}\"/>" : "")}</feed>"""));
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = new SourceDatasetDefinition
        {
            Dataset = "bars",
            Request = new() { Path = "/feed" },
            Pagination = new() { Kind = PaginationKind.Cursor, Parameter = "token", NextPath = "feed/paging/@next", TotalPath = "feed/total" },
            Format = new() { Format = "xml", RecordPath = "feed/entry" },
        };

        var (_, manifest) = await bench.CollectAsync(bench.Source(server.Address, dataset), 1);

        Assert.Equal(["/feed", "/feed?token=t1", "/feed?token=t2"], manifest.Artefacts.Select(a => a.Name));
        Assert.Empty(manifest.Notes);
    }

    [Theory]
    [InlineData("""{"rows":[{"id":1}],"more":false,"next":"t"}""", 1)]
    [InlineData("""{"rows":[{"id":1}],"more":0,"next":"t"}""", 1)]
    [InlineData("""{"rows":[{"id":1}],"more":"false","next":"t"}""", 1)]
    [InlineData("""{"rows":[{"id":1}],"next":"t"}""", 1)]
    public async Task A_source_that_says_there_is_no_more_is_believed_whatever_token_it_sends(string body, int requests)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync(body));
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = PagedVendor.Dataset("cursor", 5);

        var (result, _) = await bench.CollectAsync(bench.Source(server.Address, dataset with { Pagination = dataset.Pagination! with { MorePath = "more" } }), 1);

        Assert.Equal(requests, result.Requests);
    }

    [Theory]
    [InlineData(null, 4), InlineData(2, 3)]
    public async Task A_source_that_sends_a_token_always_is_asked_until_it_brings_nothing_new(int? size, int requests)
    {
        // As Kraken lists trades: 'last' is where to go on, also when nothing is there yet.
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync(n switch
        {
            1 => """{"rows":[{"id":1},{"id":2}],"next":"2"}""",
            2 => """{"rows":[{"id":3},{"id":4}],"next":"4"}""",
            3 => """{"rows":[{"id":5}],"next":"5"}""",
            _ => """{"rows":[],"next":"5"}""",
        }));
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = PagedVendor.Dataset("cursor", 2);

        var (result, manifest) = await bench.CollectAsync(bench.Source(server.Address, dataset with { Pagination = dataset.Pagination! with { SizeParameter = null, Size = size } }), 1);

        Assert.Equal((requests, 5), (result.Requests, manifest.Artefacts.Sum(a => a.Records)));
    }

    [Fact]
    public async Task A_source_that_says_there_is_more_is_believed_after_a_short_page()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync($$"""{"rows":[{"id":{{n}}}],"more":{{(n < 4 ? "true" : "false")}}}"""));
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = PagedVendor.Dataset("page", 50);

        var (result, _) = await bench.CollectAsync(bench.Source(server.Address, dataset with { Pagination = dataset.Pagination! with { MorePath = "more" } }), 1);

        Assert.Equal(4, result.Artefacts);
    }

    [Fact]
    public async Task Pages_capped_below_the_size_asked_for_lose_nothing_where_the_source_says_the_total()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => PagedVendor.AnswerAsync(context, "offset", 5, records: 23));
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = PagedVendor.Dataset("offset", 1000);

        var (_, manifest) = await bench.CollectAsync(bench.Source(server.Address, dataset with { Pagination = dataset.Pagination! with { TotalPath = "total" } }), 1);

        Assert.Equal(23, manifest.Artefacts.Sum(a => a.Records));
        Assert.Empty(manifest.Notes);
    }

    [Fact]
    public async Task More_records_with_one_key_than_a_page_holds_fail_rather_than_being_left_out()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync($$"""{"rows":[{"id":7,"n":{{n}}},{"id":7,"n":0}]}"""));
        await using var bench = await Workbench.OpenAsync(azurite);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(bench.Source(server.Address, PagedVendor.Dataset("seek", 2)), 1))).Failure;

        Assert.Equal("pagination-stuck", failure.Code);
        Assert.Contains("'id' = '7'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_the_body_keeps_no_secret_and_leads_nowhere_else()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync(
            n < 3 ? $$"""{"rows":[{"id":{{n}}}],"next":"/rows?p={{n}}&key={{Workbench.Secret}}"}""" : """{"rows":[{"id":3}],"next":"http://elsewhere.example/rows"}"""));
        await using var bench = await Workbench.OpenAsync(azurite);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(bench.Source(server.Address, PagedVendor.Dataset("url-path", 5)), 1))).Failure;

        Assert.Equal("link-refused", failure.Code);
        Assert.Equal(3, server.Received.Count);
        Assert.Contains($"key={Workbench.Secret}", server.Received.ElementAt(1).Query, StringComparison.Ordinal);
        foreach (var (name, content) in (await bench.LandingAsync("bars", 1)).Where(b => !b.Key.EndsWith("-rows.json", StringComparison.Ordinal)))
            Assert.False(content.Contains(Workbench.Secret, StringComparison.Ordinal), $"{name} holds the secret: {content}");
    }

    static int? Number(HttpContext context, string name) => int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
