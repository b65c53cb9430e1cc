using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DataIngestion.Infra.Tests.Bicep;

/// <summary>A Function App with what a reader wants to know of it.</summary>
internal sealed partial class FunctionApp(Deployment deployment, AzureResource site)
{
    public AzureResource Site => site;

    /// <summary>agents or orchestrators: the service of azure.yaml that it runs. Its identity says so, because both stamps share identities.</summary>
    public string Service => Identities is [{ } identity, ..] ? identity[(identity.LastIndexOf('-') + 1)..] : "";

    /// <summary>The service that azd deploys to it; null when it deploys elsewhere.</summary>
    public string? AzdService => site.Text("tags.azd-service-name");

    public string Stamp => Settings.GetValueOrDefault("Ingestion__Stamp", "");

    /// <summary>Its app settings, wherever the template puts them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; } = ReadSettings(deployment, site);

    /// <summary>Names of the user-assigned identities that it runs as.</summary>
    public IReadOnlyList<string> Identities { get; } =
        [.. (site["identity.userAssignedIdentities"] as JsonObject ?? []).Select(i => NameOfIdentity(i.Key)).OfType<string>()];

    /// <summary>The name of the user-assigned identity that a resource id or an expression speaks of.</summary>
    public static string? NameOfIdentity(string? text) =>
        text is not null && IdentityPattern().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    static Dictionary<string, string> ReadSettings(Deployment deployment, AzureResource site)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in site.List("properties.siteConfig.appSettings"))
            settings[entry["name"]!.GetValue<string>()] = entry["value"]?.ToString() ?? "";
        var own = deployment.OfType("Microsoft.Web/sites/config").FirstOrDefault(c => c.Leaf == "appsettings" && c.Parent == site.Id);
        foreach (var (name, value) in own?["properties"] as JsonObject ?? [])
            settings[name] = value?.ToString() ?? "";
        return settings;
    }

    [GeneratedRegex("userAssignedIdentities/([A-Za-z0-9_-]+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex IdentityPattern();
}
