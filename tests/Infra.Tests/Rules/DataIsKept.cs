using DataIngestion.Contracts;
using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Data survives mistakes: versions, soft delete, immutability of what is written once, copies elsewhere and locks in production.</summary>
internal sealed class DataIsKept : IRule
{
    static readonly string[] WriteOnce = [Containers.Landing, Containers.Audit];
    static readonly string[] GeoRedundant = ["Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS"];

    public IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var account in Accounts.DataOf(deployment))
        {
            var blobs = deployment.Find($"{account.Id}/blobServices/default");
            if (blobs?.Text("properties.isVersioningEnabled") != "true")
                yield return $"{account}: blobServices.isVersioningEnabled has to be true; an overwritten pointer is found again.";
            if (blobs?.Text("properties.deleteRetentionPolicy.enabled") != "true")
                yield return $"{account}: blobServices.deleteRetentionPolicy has to be enabled; a deleted blob is found again.";
            if (blobs?.Text("properties.containerDeleteRetentionPolicy.enabled") != "true")
                yield return $"{account}: blobServices.containerDeleteRetentionPolicy has to be enabled; a deleted container is found again.";
            if (deployment.Find($"{account.Id}/managementPolicies/default") is null)
                yield return $"{account} has no life-cycle policy (managementPolicies/default).";

            foreach (var name in WriteOnce)
            {
                var container = deployment.Find($"{account.Id}/blobServices/default/containers/{name}");
                var policy = deployment.Find($"{account.Id}/blobServices/default/containers/{name}/immutabilityPolicies/default");
                if (container?.Text("properties.immutableStorageWithVersioning.enabled") != "true")
                    yield return $"{account}: the container '{name}' has no immutableStorageWithVersioning, which its policy needs.";
                if (policy is null || policy["properties.immutabilityPeriodSinceCreationInDays"]?.GetValue<int>() is not > 0)
                    yield return $"{account}: the container '{name}' has no immutability policy, though it is written once.";
            }

            if (deployment.Environment == "prod" && !GeoRedundant.Contains(account.Text("sku.name")))
                yield return $"{account}: {account.Text("sku.name")} keeps no copy in another region; use one of {string.Join(", ", GeoRedundant)}.";
            if (deployment.Environment == "prod" && !IsLocked(deployment, account))
                yield return $"{account} has no lock in prod; add Microsoft.Authorization/locks with CanNotDelete.";
        }

        foreach (var vault in deployment.OfType("Microsoft.KeyVault/vaults"))
        {
            if (vault.Text("properties.enablePurgeProtection") != "true" || vault.Text("properties.enableSoftDelete") == "false")
                yield return $"{vault}: enablePurgeProtection has to be true; a lost key loses all that it encrypts.";
            if (deployment.Environment == "prod" && !IsLocked(deployment, vault))
                yield return $"{vault} has no lock in prod; add Microsoft.Authorization/locks with CanNotDelete.";
        }
    }

    static bool IsLocked(Deployment deployment, AzureResource resource) =>
        deployment.OfType("Microsoft.Authorization/locks").Any(l => l.Scope == resource.Id && l.Text("properties.level") is "CanNotDelete");
}
