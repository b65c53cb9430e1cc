using DataIngestion.Contracts;

namespace DataIngestion.Cli.Tests.Proposing;

public sealed class NewSourceTests
{
    const string Recording = """
        GET https://api.vendor.example/v1/bars/AAPL?from=2024-01-02&limit=2&apikey=s3cr3t-value
        Accept: application/json

        HTTP/1.1 200 OK
        Content-Type: application/json
        X-RateLimit-Limit: 60

        {"status":"OK","bars":[{"date":"2024-01-02","open":185.10,"close":185.64,"volume":82488700},{"date":"2024-01-03","open":184.22,"close":184.25,"volume":58414500}],"next":"abc"}
        ### the second page
        GET https://api.vendor.example/v1/bars/AAPL?from=2024-01-02&limit=2&apikey=s3cr3t-value&cursor=abc

        HTTP/1.1 200 OK
        Content-Type: application/json

        {"status":"OK","bars":[{"date":"2024-01-04","open":182.15,"close":181.91,"volume":71983600}]}
        """;

    [Fact]
    public async Task A_recording_becomes_a_definition_that_loads_with_its_dataset_and_its_test()
    {
        using var cli = new CommandRun();
        cli.Write("recorded/bars.http", Recording);

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("sources", "new", "vendor-bars", "--from-samples", Path.Combine(cli.Root, "recorded"), "--dataset", "new-bars"));

        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Find(AppContext.BaseDirectory)!, "workflows")))
            cli.Write($"workflows/{Path.GetFileName(file)}", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var configuration = ConfigurationLoader.Load(Path.Combine(cli.Root, "configs"), Path.Combine(cli.Root, "workflows"));
        var source = configuration.Sources["vendor-bars"];
        var offered = Assert.Single(source.Datasets);
        Assert.Equal(("https://api.vendor.example", "api-key", "apikey", false), (source.Connection!.BaseUrl, source.Connection.Auth!.Kind, source.Connection.Auth["query"], source.Enabled));
        Assert.Equal(("/v1/bars/{bar}", "bar", "AAPL"), (offered.Request!.Path, offered.Partitions[0].Name, offered.Partitions[0].Values[0]));
        Assert.Equal((PaginationKind.Cursor, "cursor", "next", "limit", 2), (offered.Pagination!.Kind, offered.Pagination.Parameter, offered.Pagination.NextPath, offered.Pagination.SizeParameter, offered.Pagination.Size));
        Assert.Equal(("date", CursorType.Date, "from"), (offered.Cursor!.Field, offered.Cursor.Type, offered.Cursor.Parameter));
        Assert.Equal("$.bars[*]", offered.Format.RecordPath);
        var dataset = configuration.Datasets["new-bars"];
        Assert.Equal(["bar", "date"], dataset.Keys.Order());
        Assert.Equal((ColumnKind.Date, ColumnKind.Decimal, ColumnKind.Integer), (dataset.Columns["date"].Type, dataset.Columns["close"].Type, dataset.Columns["volume"].Type));
        var written = Directory.EnumerateFiles(cli.Root, "*", SearchOption.AllDirectories).Where(f => !f.Contains("recorded", StringComparison.Ordinal)).ToList();
        Assert.Contains(written, f => f.EndsWith("samples/sources/vendor-bars/new-bars.yaml", StringComparison.Ordinal));
        Assert.All(written, f => Assert.DoesNotContain("s3cr3t-value", File.ReadAllText(f), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_there_is_not_written_over()
    {
        using var cli = new CommandRun();
        cli.Write("recorded/bars.http", Recording);
        cli.Write("configs/sources/vendor-bars.yaml", "mine");

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("sources", "new", "vendor-bars", "--from-samples", Path.Combine(cli.Root, "recorded")));

        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(cli.Root, "configs/sources/vendor-bars.yaml"), TestContext.Current.CancellationToken));
        Assert.Contains("is there already", cli.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bars.http", "FETCH something\n", "bars.http:1")]
    [InlineData("bars.http", "GET https://a.example/x\n\nno answer\n", "has no answer")]
    [InlineData("bars.json", "<html>busy</html>", "no records could be read")]
    public async Task What_cannot_be_used_is_named(string name, string content, string said)
    {
        using var cli = new CommandRun();
        cli.Write($"recorded/{name}", content);

        Assert.NotEqual(ExitCodes.Ok, await cli.RunAsync("sources", "new", "vendor-bars", "--from-samples", Path.Combine(cli.Root, "recorded")));

        Assert.Contains(said, cli.Fault, StringComparison.Ordinal);
    }
}
