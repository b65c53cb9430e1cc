using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Shipping;

/// <summary>An app of a stamp.</summary>
internal sealed record DeployedApp(string Name, string Kind, string Stamp, string HostName);

/// <summary>What the latest deployment of an environment made, as Azure tells it.</summary>
/// <param name="Stamps">The deployed stamps with their shares.</param>
/// <param name="Active">The stamp that receives dropped files; null when nothing is deployed.</param>
/// <param name="Apps">Every app.</param>
internal sealed record Deployed(IReadOnlyList<StampShare> Stamps, string? Active, IReadOnlyList<DeployedApp> Apps)
{
    /// <summary>Nothing yet.</summary>
    public static Deployed Nothing { get; } = new([], null, []);
}

/// <summary>One environment in its resource group: reads what is deployed there and deploys the template with other stamps. The template's latest deployment is the only record of the shares.</summary>
internal sealed class DeployTarget(AzureCli azure, string environment, string resourceGroup)
{
    static readonly string[] PlainJson = ["--no-pretty-print"];

    string Name => $"ingest-{environment}";

    /// <summary>Where it is.</summary>
    public string ResourceGroup => resourceGroup;

    /// <summary>What is deployed.</summary>
    public async Task<Deployed> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = await azure.AskAsync(["deployment", "group", "show", "--resource-group", resourceGroup, "--name", Name], cancellationToken);
        if (answer is not { } deployment || !deployment.TryGetProperty("properties", out var properties))
            return Deployed.Nothing;
        return new(
            ParameterOf(properties, "stamps")?.Deserialize<List<StampShare>>(ContractJson.Options) ?? [],
            ParameterOf(properties, "activeStamp")?.GetString(),
            OutputOf(properties, "apps")?.Deserialize<List<DeployedApp>>(ContractJson.Options) ?? []);
    }

    /// <summary>Deploys the template with these stamps.</summary>
    public Task ProvisionAsync(IReadOnlyList<StampShare> stamps, string active, CancellationToken cancellationToken) =>
        azure.DoAsync(["deployment", "group", "create", "--name", Name, .. Arguments(stamps, active)], cancellationToken);

    /// <summary>What Azure says that deploying the template would change.</summary>
    public Task<string> WhatIfAsync(IReadOnlyList<StampShare> stamps, string? active, bool json, CancellationToken cancellationToken) =>
        azure.ReadAsync(["deployment", "group", "what-if", .. Arguments(stamps, active), .. json ? PlainJson : []], cancellationToken);

    /// <summary>Puts a package into an app.</summary>
    public Task UploadAsync(DeployedApp app, string package, CancellationToken cancellationToken) =>
        azure.DoAsync(["functionapp", "deployment", "source", "config-zip", "--resource-group", resourceGroup, "--name", app.Name, "--src", package, "--timeout", "900"], cancellationToken);

    IEnumerable<string> Arguments(IReadOnlyList<StampShare> stamps, string? active)
    {
        string[] basic = ["--resource-group", resourceGroup, "--template-file", BicepTemplates.Template, "--parameters", BicepTemplates.ParametersOf(environment)];
        return stamps.Count == 0 || active is null
            ? basic
            : [.. basic, "--parameters", $"stamps={JsonSerializer.Serialize(stamps, ContractJson.Options)}", $"activeStamp={active}"];
    }

    static JsonElement? ParameterOf(JsonElement properties, string name) => ValueOf(properties, "parameters", name);

    static JsonElement? OutputOf(JsonElement properties, string name) => ValueOf(properties, "outputs", name);

    // Azure writes the names of outputs in a case of its own.
    static JsonElement? ValueOf(JsonElement properties, string section, string name)
    {
        if (!properties.TryGetProperty(section, out var all) || all.ValueKind is not JsonValueKind.Object)
            return null;
        foreach (var entry in all.EnumerateObject())
        {
            if (entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && entry.Value.TryGetProperty("value", out var value))
                return value;
        }

        return null;
    }
}
