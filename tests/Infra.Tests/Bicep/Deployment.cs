using System.Text.Json.Nodes;

namespace DataIngestion.Infra.Tests.Bicep;

/// <summary>What one parameter file would deploy: all resources of all modules in one flat list.</summary>
internal sealed class Deployment(string environment, JsonObject snapshot)
{
    /// <summary>dev, staging, preprod or prod.</summary>
    public string Environment => environment;

    /// <summary>prod, and preprod which rehearses it.</summary>
    public bool IsProduction => environment is "prod" or "preprod";

    public IReadOnlyList<AzureResource> Resources { get; } = [.. snapshot["predictedResources"]!.AsArray().Select(r => new AzureResource(r!.AsObject()))];

    public IReadOnlyDictionary<string, string> Outputs { get; } =
        snapshot["outputs"]?.AsObject().ToDictionary(o => o.Key, o => o.Value is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.String ? v.GetValue<string>() : o.Value?.ToJsonString() ?? "") ?? [];

    public IReadOnlyList<FunctionApp> Apps => [.. OfType("Microsoft.Web/sites").Select(s => new FunctionApp(this, s))];

    public static Deployment Read(string environment, string snapshot) => new(environment, JsonNode.Parse(snapshot)!.AsObject());

    public IEnumerable<AzureResource> OfType(string type) => Resources.Where(r => r.Type.Equals(type, StringComparison.OrdinalIgnoreCase));

    public AzureResource? Find(string id) => Resources.FirstOrDefault(r => r.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same deployment with a change; for tests that a rule notices it.</summary>
    public Deployment With(Action<JsonArray> change)
    {
        var copy = snapshot.DeepClone().AsObject();
        change(copy["predictedResources"]!.AsArray());
        return new(environment, copy);
    }
}
