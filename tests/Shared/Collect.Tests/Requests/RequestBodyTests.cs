using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

public sealed class RequestBodyTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("""{"since":"{from}","n":{page},"to":{to}}""", "a\"b", "2", """{"since":"a\"b","n":2,"to":"end"}""")]
    [InlineData("""{"after":{page},"since":"{from}","text":"from {from}."}""", null, null, """{"after":null,"since":null,"text":"from ."}""")]
    [InlineData("""{"quote":"\"{from}\\","x":{}}""", "z", null, """{"quote":"\"z\\","x":{}}""")]
    [InlineData("""{"a":"{from}","b":"${KEY}"}""", "{page}", "7", """{"a":"{page}","b":"${KEY}"}""")] // a value is no template
    public void Json_is_filled_as_json(string body, string? from, string? page, string expected) =>
        Assert.Equal(expected, Fill(new() { Path = "/", Method = "POST", Body = body }, from, page).Body);

    [Fact]
    public void Other_bodies_are_filled_in_their_own_way()
    {
        Assert.Equal("<q since=\"a&lt;b\"/>", Fill(new() { Path = "/", Method = "POST", ContentType = "text/xml", Body = "<q since=\"{from}\"/>" }, "a<b").Body);
        Assert.Equal("since a<b", Fill(new() { Path = "/", Method = "POST", ContentType = "text/plain", Body = "since {from}" }, "a<b").Body);
        var form = Fill(new() { Path = "/", Method = "POST", Form = new Dictionary<string, string> { ["since"] = "{from}", ["page"] = "{page}", ["key"] = "${KEY}", ["a b"] = "x&y" } }, "a=b");
        Assert.Equal(("since=a%3Db&key=${KEY}&a%20b=x%26y", "application/x-www-form-urlencoded"), (form.Body, form.ContentType));
    }

    [Fact]
    public void An_operation_of_graphql_gets_its_variables()
    {
        var request = new RequestDefinition
        {
            Path = "/graphql",
            Graphql = new()
            {
                Query = "query Bars($first: Int) { bars {cursor} }",
                OperationName = "Bars",
                Variables = new Dictionary<string, string>
                {
                    ["first"] = "100",
                    ["flag"] = "true",
                    ["code"] = "\"100\"",
                    ["symbols"] = "[\"A\",\"B\"]",
                    ["day"] = "2026-03-01",
                    ["after"] = "{page}",
                    ["since"] = "{from}",
                    ["filter"] = """{"from":"{from}"}""",
                    ["key"] = "${KEY}",
                },
            },
        };

        var filled = Fill(request, "2026-02-01", null);

        Assert.Equal(("POST", true), (filled.Method, filled.IsGraphql));
        Assert.Equal(
            """{"query":"query Bars($first: Int) { bars {cursor} }","operationName":"Bars","variables":{"first":100,"flag":true,"code":"100","symbols":["A","B"],"day":"2026-03-01","after":null,"since":"2026-02-01","filter":{"from":"2026-02-01"},"key":"${KEY}"}}""",
            filled.Body);
        Assert.Contains("\"after\":\"x\\\"y\"", Fill(request, null, "x\"y").Body, StringComparison.Ordinal);
    }

    [Theory, InlineData("query"), InlineData("path"), InlineData("body"), InlineData("header")]
    public void A_value_from_the_source_that_looks_like_a_reference_is_not_sent(string place)
    {
        var request = new RequestDefinition
        {
            Path = place == "path" ? "/{page}" : "/",
            Method = "POST",
            Query = new Dictionary<string, string> { ["p"] = place == "query" ? "{page}" : "" },
            Headers = new Dictionary<string, string> { ["X-Page"] = place == "header" ? "{page}" : "" },
            Body = place == "body" ? """{"after":"{page}"}""" : "{}",
        };

        var failure = Assert.Throws<StepFailedException>(() => Fill(request, null, "x${OTHER_KEY}")).Failure;

        Assert.Equal(("value-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains("OTHER_KEY", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_by_a_token_in_the_body_are_all_landed()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, n) =>
        {
            if (n == 2)
            {
                await context.Response.WriteAsync("""{"errors":[{"message":"slow down","extensions":{"code":"THROTTLED"}}]}""");
                return;
            }

            context.Request.Body.Position = 0;
            var asked = await JsonDocument.ParseAsync(context.Request.Body);
            var after = asked.RootElement.GetProperty("variables").GetProperty("after");
            var at = after.ValueKind is JsonValueKind.Null ? 0 : int.Parse(after.GetString()!);
            var next = at + 2 >= 7 ? "null" : $"\"{at + 2}\"";
            var bars = string.Join(',', Enumerable.Range(at, Math.Min(2, 7 - at)).Select(i => $"{{\"n\":{i}}}"));
            var payload = "{\"data\":{\"bars\":[" + bars + "],\"end\":" + next + "}}";
            await context.Response.WriteAsync(payload);
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, new()
        {
            Dataset = "bars",
            Request = new() { Path = "/graphql", Graphql = new() { Query = "query($after: String) { bars }", Variables = new Dictionary<string, string> { ["after"] = "{page}" } } },
            Pagination = new() { Kind = PaginationKind.Cursor, NextPath = "data.end" },
            Format = new() { Format = "json", RecordPath = "data.bars[*]" },
        });

        var (result, manifest) = await bench.CollectAsync(source, 1);

        Assert.Equal((4, 5, 1), (result.Artefacts, result.Requests, result.Retries));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{{\"n\":{i}}}"), await bench.RecordsAsync(manifest));
    }

    [Fact]
    public async Task A_download_that_breaks_off_is_continued_and_landed_once()
    {
        var csv = System.Text.Encoding.UTF8.GetBytes("n\n" + string.Join('\n', Enumerable.Range(0, 300_000)) + "\n");
        await using var server = await LoopbackServer.StartAsync((context, _) =>
            Results.Bytes(csv, "text/csv", enableRangeProcessing: true, entityTag: new("\"v1\"")).ExecuteAsync(context));
        await using var proxy = FaultProxy.Start(server.Address.Port);
        _ = proxy.Cut(Flow.FromServer, 700_000);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(new($"http://127.0.0.1:{proxy.Port}"), new() { Dataset = "bars", Request = new() { Path = "/all.csv", Download = true }, Format = new() { Format = "csv" } });

        var (result, manifest) = await bench.CollectAsync(source, 1);
        var (again, _) = await bench.CollectAsync(source, 2);

        Assert.Equal(csv, await bench.BytesAsync(manifest.Artefacts[0].Path));
        Assert.True(result.Retries >= 2, $"{result.Retries}");
        Assert.Equal((0, "etag:\"v1\""), (again.Artefacts, result.NextCursor)); // a 304
    }

    static Connect.SourceRequest Fill(RequestDefinition request, string? from, string? page = null)
    {
        var kind = page is null || page.Any(c => !char.IsAsciiDigit(c)) ? PaginationKind.Cursor : PaginationKind.Page;
        return new RequestTemplate(new() { Dataset = "d", Request = request, Pagination = new() { Kind = kind, NextPath = "next" } }, from, "end").Fill(page);
    }
}
