using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataIngestion.Infra.Tests.Bicep;

/// <summary>A compiled ARM template with its modules.</summary>
internal sealed class Template(JsonObject json, string name = "main.bicep")
{
    /// <summary>Where it stands: the names of the modules that lead to it.</summary>
    public string Name => name;

    public JsonObject Json => json;

    public JsonObject Parameters => json["parameters"] as JsonObject ?? [];

    public JsonObject Outputs => json["outputs"] as JsonObject ?? [];

    /// <summary>Every template, this one first and the modules in it after.</summary>
    public IEnumerable<Template> WithModules()
    {
        yield return this;
        foreach (var (symbol, resource) in Resources())
        {
            if (resource["type"]?.GetValue<string>() == "Microsoft.Resources/deployments" && resource["properties"]?["template"] is JsonObject module)
            {
                foreach (var inner in new Template(module, $"{name} > {symbol}").WithModules())
                    yield return inner;
            }
        }
    }

    /// <summary>Every text in it, with the place where it stands.</summary>
    public IEnumerable<(string Place, string Text)> Texts() => Texts(json, name);

    IEnumerable<(string Symbol, JsonObject Resource)> Resources() => json["resources"] switch
    {
        JsonObject named => named.Select(r => (r.Key, r.Value!.AsObject())),
        JsonArray list => list.Select((r, i) => ($"resources[{i}]", r!.AsObject())),
        _ => [],
    };

    static IEnumerable<(string, string)> Texts(JsonNode? node, string place) => node switch
    {
        JsonObject map => map.SelectMany(p => Texts(p.Value, $"{place}.{p.Key}")),
        JsonArray list => list.SelectMany((e, i) => Texts(e, $"{place}[{i}]")),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [(place, value.GetValue<string>())],
        _ => [],
    };
}
