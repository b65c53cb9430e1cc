namespace DataIngestion.Infra.Tests.Bicep;

/// <summary>Which storage account is which, by what the apps' settings call it.</summary>
internal static class Accounts
{
    /// <summary>The accounts that apps keep data in.</summary>
    public static IReadOnlyList<AzureResource> DataOf(Deployment deployment) => Named(deployment, "DataStorage__accountName");

    /// <summary>The accounts of the Functions hosts.</summary>
    public static IReadOnlyList<AzureResource> HostsOf(Deployment deployment) => Named(deployment, "AzureWebJobsStorage__accountName");

    static IReadOnlyList<AzureResource> Named(Deployment deployment, string setting)
    {
        var names = deployment.Apps.Select(a => a.Settings.GetValueOrDefault(setting)).ToHashSet();
        return [.. deployment.OfType("Microsoft.Storage/storageAccounts").Where(a => names.Contains(a.Name))];
    }
}
