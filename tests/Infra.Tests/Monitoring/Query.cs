using System.Text.Json.Nodes;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Monitoring;

/// <summary>A query of an alert or a workbook, with something in the place of each parameter.</summary>
internal sealed record Query(string Name, string Text)
{
    static readonly string Alerts = Path.Combine(Infrastructure.Folder, "modules", "monitoring", "queries");

    static readonly (string Parameter, string Value)[] Parameters =
        [("{agents}", "\"func-a\", \"func-b\""), ("{Source}", "'*'"), ("{Dataset}", "'a', 'b'"), ("{TimeRange:grain}", "5m")];

    public static string Workbooks { get; } = Path.Combine(Infrastructure.Folder, "workbooks");

    public static IReadOnlyList<Query> All { get; } = [.. OfAlerts(), .. OfWorkbooks()];

    public static IEnumerable<Query> OfAlerts() => Directory.GetFiles(Alerts, "*.kql").Order(StringComparer.Ordinal).Select(f => Read(Path.GetFileNameWithoutExtension(f), File.ReadAllText(f)));

    public static IEnumerable<Query> OfWorkbooks() => Directory.GetFiles(Workbooks, "*.json").Order(StringComparer.Ordinal)
        .SelectMany(f => Within(JsonNode.Parse(File.ReadAllText(f))).Select((text, i) => Read($"{Path.GetFileName(f)} {i}", text)));

    static IEnumerable<string> Within(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => p is { Key: "query", Value: JsonValue text } ? [text.GetValue<string>()] : Within(p.Value)),
        JsonArray list => list.SelectMany(Within),
        _ => [],
    };

    static Query Read(string name, string text) => new(name, Parameters.Aggregate(text, (filled, p) => filled.Replace(p.Parameter, p.Value, StringComparison.Ordinal)));
}
