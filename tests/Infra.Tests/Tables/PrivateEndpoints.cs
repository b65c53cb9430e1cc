namespace DataIngestion.Infra.Tests.Tables;

/// <summary>The doors that the apps use, by type of resource. https://learn.microsoft.com/azure/private-link/private-endpoint-overview</summary>
internal static class PrivateEndpoints
{
    public static IReadOnlyDictionary<string, string[]> Groups { get; } = new Dictionary<string, string[]>
    {
        ["Microsoft.Storage/storageAccounts"] = ["blob", "table"],
        ["Microsoft.DurableTask/schedulers"] = ["scheduler"],
        ["Microsoft.EventHub/namespaces"] = ["namespace"],
        ["Microsoft.KeyVault/vaults"] = ["vault"],
        ["Microsoft.Web/sites"] = ["sites"],
    };
}
