using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataIngestion.Cli.Shipping;

/// <summary>Reads health reports for the checks that did not pass.</summary>
internal static class HealthAnswers
{
    /// <summary>Each failed check with what it says; empty when the text is no report.</summary>
    public static IReadOnlyList<string> Read(string text)
    {
        try
        {
            return
            [
                .. (JsonNode.Parse(text)?["checks"] as JsonArray ?? []).OfType<JsonObject>()
                    .Where(c => c["status"]?.ToString() is not "pass")
                    .Select(c => $"{c["name"]} {c["output"]?.ToString() ?? c["status"]?.ToString()}"),
            ];
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
