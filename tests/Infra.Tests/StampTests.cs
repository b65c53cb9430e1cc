using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests;

/// <summary>Blue and green are the same but for what a release changes between them.</summary>
public sealed class StampTests(Infrastructure infrastructure)
{
    // What the share and being active decide.
    static readonly string[] Differing = ["Ingestion__ScheduleShare", "tags.azd-service-name", ".alwaysReady", "eventSubscriptions", "roleAssignments/"];

    [Fact]
    public void They_differ_only_where_they_should()
    {
        var blue = FactsOf(infrastructure["prod"], "blue", "green");
        var green = FactsOf(infrastructure["prod"], "green", "blue");
        Assert.True(blue.Count > 100, $"Only {blue.Count} facts of a stamp were found.");

        Report.Nothing(blue.Except(green).Concat(green.Except(blue)).Where(f => !Differing.Any(f.Contains)).Order(StringComparer.Ordinal).Select(f => $"Only one stamp has {f}"));
    }

    [Fact]
    public void They_share_no_account_queue_hub_or_app()
    {
        var deployment = infrastructure["prod"];
        Assert.Equal(["blue", "green"], deployment.Apps.Select(a => a.Stamp).Distinct().Order());
        foreach (var setting in new[] { "AzureWebJobsStorage__accountName", "AzureFunctionsJobHost__extensions__durableTask__hubName" })
            Assert.Equal(2, deployment.Apps.GroupBy(a => a.Stamp).Select(g => Assert.Single(g.Select(a => a.Settings[setting]).Distinct())).Distinct().Count());
        Assert.Single(deployment.Apps.Select(a => a.Settings["DataStorage__accountName"]).Distinct());
    }

    [Fact]
    public void Only_one_starts_a_source_and_one_alone_gets_dropped_files()
    {
        var deployment = infrastructure["prod"];
        Assert.Equal(["0-0", "0-100"], deployment.Apps.Where(a => a.Service == "agents").Select(a => a.Settings["Ingestion__ScheduleShare"]).Order());
        Assert.Single(deployment.OfType("Microsoft.EventGrid/systemTopics/eventSubscriptions"), s => s.Text("properties.deliveryWithResourceIdentity.destination.endpointType") == "StorageQueue");
    }

    // Every value of every resource that belongs to one stamp, with the stamp's name taken out.
    static HashSet<string> FactsOf(Deployment deployment, string stamp, string other) =>
        [.. deployment.Resources.Where(r => r.Id.Contains(stamp, StringComparison.OrdinalIgnoreCase) && !r.Id.Contains(other, StringComparison.OrdinalIgnoreCase))
            .SelectMany(r => Facts(r.Json, r.Type.EndsWith("roleAssignments", StringComparison.Ordinal) ? "roleAssignments/" : r.Id))
            .Select(f => f.Replace(stamp, "{stamp}", StringComparison.OrdinalIgnoreCase))];

    static IEnumerable<string> Facts(JsonNode? node, string place) => node switch
    {
        JsonObject map => map.SelectMany(p => Facts(p.Value, $"{place}.{p.Key}")),
        // Settings are told by name, not by place.
        JsonArray list => list.SelectMany((e, i) => Facts(e, e is JsonObject named && named["name"]?.GetValueKind() == JsonValueKind.String ? $"{place}[{named["name"]}]" : $"{place}[{i}]")),
        JsonValue value => [$"{place} = {value}"],
        _ => [],
    };
}
