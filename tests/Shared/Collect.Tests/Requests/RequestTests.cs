using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class RequestTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("</p?page=2>; rel=\"next\"", "/p?page=2")]
    [InlineData("<https://x.example/a,b>; rel=prev, </c>; title=\"a, b; rel=next\"; rel=\"last next\"", "/c")]
    [InlineData("</a>; REL=\"Next\"", "/a")]
    [InlineData("</a>; rel=\"nextish\", </b>;rel=next", "/b")]
    [InlineData("</a>; title=\"quote \\\" here\"; rel=next", "/a")]
    [InlineData("</broken; rel=next", null)]
    public void Link_headers_are_read(string? header, string? expected) => Assert.Equal(expected, LinkHeader.Find(header, "next"));

    [Fact]
    public void A_request_is_filled_with_cursor_and_window()
    {
        var dataset = new SourceDatasetDefinition
        {
            Dataset = "d",
            Request = new()
            {
                Path = "/v1/{from}/bars",
                Query = new Dictionary<string, string> { ["symbols"] = "A,B", ["until"] = "{to}", ["token"] = "${KEY}" },
                Body = """{"since":"{cursor}"}""",
                Weight = 5,
            },
            Cursor = new() { Field = "d", Type = CursorType.Timestamp, Parameter = "from" },
            Pagination = new() { Kind = PaginationKind.Page, Parameter = "page", SizeParameter = "size", Size = 50 },
        };

        var request = new RequestTemplate(dataset, "2026-03-01T00:00:00Z", "2026-03-02").Fill();

        Assert.Equal("/v1/2026-03-01T00%3A00%3A00Z/bars?symbols=A%2CB&until=2026-03-02&token=${KEY}&from=2026-03-01T00%3A00%3A00Z&size=50", request.Name);
        Assert.Equal("""{"since":"2026-03-01T00:00:00Z"}""", request.Body);
        Assert.Equal(5, request.Weight);
    }

    [Fact]
    public void Without_a_cursor_parameters_that_need_one_are_left_out()
    {
        var dataset = new SourceDatasetDefinition
        {
            Dataset = "d",
            Request = new() { Path = "/bars", Query = new Dictionary<string, string> { ["after"] = "{cursor}", ["size"] = "5" } },
            Cursor = new() { Field = "d", Type = CursorType.Integer, Parameter = "after" },
        };

        Assert.Equal("/bars?size=5", new RequestTemplate(dataset, null, "").Fill().Name);
        Assert.Equal("/bars?after=7&size=5", new RequestTemplate(dataset, "7", "").Fill().Name);
    }

    [Theory]
    [InlineData("/v1/daily bars/", "json", "daily-bars.json")]
    [InlineData("/v1/prices.JSON?x=1", "json", "prices.JSON")]
    [InlineData("/../..", null, "data")]
    [InlineData("", null, "data")]
    [InlineData("ünï\u0000 (1).csv", null, "n-1-.csv")]
    public void Artefacts_get_names_that_people_can_read(string text, string? extension, string expected) =>
        Assert.Equal(expected, LandingFolder.NameFor(text, "data", extension));
}
