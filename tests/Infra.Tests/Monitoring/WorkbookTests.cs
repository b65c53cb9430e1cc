using System.Text.Json.Nodes;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Monitoring;

public sealed class WorkbookTests(Infrastructure infrastructure)
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Query.Workbooks).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_the_four_dashboards_with_names_that_stay()
    {
        var books = infrastructure["prod"].OfType("Microsoft.Insights/workbooks").ToList();

        Assert.Equal(
            ["Ingestion overview (ingest-prod)", "Performance and capacity (ingest-prod)", "Quality (ingest-prod)", "Source health (ingest-prod)"],
            books.Select(b => b.Text("properties.displayName")!).Order(StringComparer.Ordinal));
        Assert.Equal(4, Files.Count);
        Assert.All(books, b => Assert.True(Guid.TryParse(b.Name, out _)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_workbook_is_one_with_a_time_range_and_asks_the_workspace_everything(string file)
    {
        var book = JsonNode.Parse(File.ReadAllText(Path.Combine(Query.Workbooks, file)))!.AsObject();

        Assert.Equal("Notebook/1.0", book["version"]!.GetValue<string>());
        var items = book["items"]!.AsArray();
        var names = items.Select(i => i!["name"]!.GetValue<string>()).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());

        var parameters = items.Single(i => i!["type"]!.GetValue<int>() == 9)!["content"]!["parameters"]!.AsArray();
        Assert.Contains(parameters, p => p!["name"]!.GetValue<string>() == "TimeRange");
        Assert.Contains(parameters, p => p!["name"]!.GetValue<string>() == "Source");
        foreach (var query in items.Where(i => i!["type"]!.GetValue<int>() == 3))
        {
            var content = query!["content"]!;
            Assert.Equal("microsoft.operationalinsights/workspaces", content["resourceType"]!.GetValue<string>());
            Assert.Contains("{workspace}", content["crossComponentResources"]![0]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.True(content["timeContextFromParameter"]?.GetValue<string>() == "TimeRange" || content["query"]!.GetValue<string>().Contains("ago(7d)", StringComparison.Ordinal));
        }
    }
}
