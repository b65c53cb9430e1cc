using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Rules;

namespace DataIngestion.Infra.Tests;

/// <summary>Rules notice what they are for: each case breaks one thing in prod and names the rule and the words that have to appear.</summary>
public sealed class RuleTests(Infrastructure infrastructure)
{
    const string Account = "Microsoft.Storage/storageAccounts";
    const string Site = "Microsoft.Web/sites";
    const string Vault = "Microsoft.KeyVault/vaults";
    const string Hubs = "Microsoft.EventHub/namespaces";

    [Theory]
    [InlineData("NoPublicAccess", Account, "properties.publicNetworkAccess", "Enabled", "private endpoint")]
    [InlineData("NoPublicAccess", Hubs, "properties.publicNetworkAccess", "Enabled", "private endpoint")]
    [InlineData("NoPublicAccess", Vault, "properties.publicNetworkAccess", "Enabled", "private endpoint")]
    [InlineData("NoPublicAccess", Site, "properties.publicNetworkAccess", null, "not set")]
    [InlineData("NoPublicAccess", Account, "properties.allowBlobPublicAccess", true, "allowBlobPublicAccess")]
    [InlineData("EncryptedTransport", Account, "properties.minimumTlsVersion", "TLS1_0", "TLS1_2")]
    [InlineData("EncryptedTransport", Account, "properties.supportsHttpsTrafficOnly", false, "in the clear")]
    [InlineData("EncryptedTransport", Hubs, "properties.minimumTlsVersion", null, "1.2")]
    [InlineData("EncryptedTransport", Site, "properties.httpsOnly", false, "in the clear")]
    [InlineData("NoKeys", Account, "properties.allowSharedKeyAccess", true, "allowSharedKeyAccess")]
    [InlineData("NoKeys", Account, "properties.allowSharedKeyAccess", null, "absent")]
    [InlineData("NoKeys", Hubs, "properties.disableLocalAuth", false, "disableLocalAuth")]
    [InlineData("NoKeys", Vault, "properties.enableRbacAuthorization", false, "enableRbacAuthorization")]
    [InlineData("NoKeys", "Microsoft.Insights/components", "properties.DisableLocalAuth", false, "DisableLocalAuth")]
    [InlineData("NoKeys", "Microsoft.Web/sites/basicPublishingCredentialsPolicies", "properties.allow", true, "basicPublishingCredentialsPolicies")]
    [InlineData("Tagged", Account, "tags", null, "no tag 'environment'")]
    [InlineData("Tagged", Site, "tags.environment", "dev", "belongs to 'dev'")]
    [InlineData("Diagnosed", "Microsoft.Insights/diagnosticSettings", "properties.workspaceId", "/subscriptions/x/workspaces/y", "no workspace of this deployment")]
    [InlineData("AlertsReachSomebody", "Microsoft.Insights/scheduledQueryRules", "properties.actions", null, "calls no action group")]
    [InlineData("AlertsReachSomebody", "Microsoft.Insights/scheduledQueryRules", "properties.enabled", false, "switched off")]
    [InlineData("AlertsReachSomebody", "Microsoft.Insights/actionGroups", "properties.emailReceivers", null, "reaches nobody")]
    [InlineData("DataIsKept", Vault, "properties.enablePurgeProtection", null, "enablePurgeProtection")]
    [InlineData("DataIsKept", Account, "sku.name", "Standard_LRS", "no copy in another region")]
    [InlineData("DataIsKept", "Microsoft.Storage/storageAccounts/blobServices", "properties.isVersioningEnabled", false, "isVersioningEnabled")]
    [InlineData("KnownTypes", Account, "type", "Microsoft.Unheard/of", "does not know")]
    [InlineData("NamesFit", Account, "name", "Has-Capitals", "form")]
    [InlineData("NamesFit", Vault, "name", "a-name-that-is-too-long-for-a-vault", "Azure takes 3 to 24")]
    [InlineData("RolesAreNeeded", "Microsoft.Authorization/roleAssignments", "properties.roleDefinitionId", "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "more than any code needs")]
    [InlineData("RolesAreNeeded", "Microsoft.Authorization/roleAssignments", "properties.principalId", "[reference('x/userAssignedIdentities/id-stranger').principalId]", "no identity of ours")]
    [InlineData("RolesAreNeeded", "Microsoft.Authorization/roleAssignments", "properties.principalId", "00000000-0000-0000-0000-00000000beef", "no row")]
    [InlineData("RolesAreNeeded", "Microsoft.Authorization/roleAssignments", "id", "/subscriptions/x/resourceGroups/rg-ingestion/providers/Microsoft.Authorization/roleAssignments/y", "not scoped to a resource")]
    [InlineData("RolesAreNeeded", "Microsoft.Authorization/roleAssignments", "properties.roleDefinitionId", "/x/c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", "no row")]
    public void A_change_is_noticed(string rule, string type, string path, object? value, string words)
    {
        var broken = infrastructure["prod"].With(resources =>
        {
            foreach (var resource in resources.Select(r => r!.AsObject()).Where(r => r["type"]!.GetValue<string>() == type))
                Set(resource, path, value);
        });

        Assert.Contains(RuleList.Find(rule).Check(broken), f => f.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Diagnosed", "Microsoft.Insights/diagnosticSettings", "no diagnostic setting")]
    [InlineData("NoPublicAccess", "Microsoft.Network/privateEndpoints", "no private endpoint")]
    [InlineData("DataIsKept", "Microsoft.Authorization/locks", "no lock")]
    [InlineData("DataIsKept", "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies", "no immutability policy")]
    [InlineData("DataIsKept", "Microsoft.Storage/storageAccounts/managementPolicies", "no life-cycle policy")]
    [InlineData("NoKeys", "Microsoft.Web/sites/basicPublishingCredentialsPolicies", "basicPublishingCredentialsPolicies")]
    [InlineData("RolesAreNeeded", "Microsoft.Authorization/roleAssignments", "need the role")]
    [InlineData("NamesAreThoseOfTheCode", "Microsoft.Storage/storageAccounts/queueServices/queues", "is not on the account")]
    [InlineData("NamesAreThoseOfTheCode", "Microsoft.Storage/storageAccounts/blobServices/containers", "no container")]
    [InlineData("NamesAreThoseOfTheCode", "Microsoft.EventHub/namespaces/eventhubs", "no Event Hub")]
    [InlineData("NamesAreThoseOfTheCode", "Microsoft.EventHub/namespaces/eventhubs/consumergroups", "no consumer group")]
    [InlineData("SettingsAreRead", "Microsoft.Web/sites", "0 apps of agents")]
    public void What_is_missing_is_noticed(string rule, string type, string words)
    {
        var broken = infrastructure["prod"].With(resources =>
        {
            foreach (var resource in resources.Where(r => r!["type"]!.GetValue<string>() == type).ToArray())
                resources.Remove(resource);
        });

        Assert.Contains(RuleList.Find(rule).Check(broken), f => f.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Overlapping_subnets_are_noticed()
    {
        var broken = infrastructure["prod"].With(resources =>
        {
            foreach (var subnet in resources.Where(r => r!["type"]!.GetValue<string>() == "Microsoft.Network/virtualNetworks").SelectMany(n => n!["properties"]!["subnets"]!.AsArray()))
            {
                subnet!["properties"]!.AsObject().Remove("addressPrefixes");
                subnet["properties"]!["addressPrefix"] = "10.0.0.0/24";
                subnet["properties"]!.AsObject().Remove("networkSecurityGroup");
            }
        });

        var found = new SubnetsFit().Check(broken).ToArray();
        Assert.Contains(found, f => f.Contains("overlap"));
        Assert.Contains(found, f => f.Contains("no network security group"));
    }

    [Theory]
    [InlineData("AzureWebJobsStorage", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b", "NoKeys", "holds a key")]
    [InlineData("Ingestion__Misspelt", "1", "SettingsAreRead", "nobody reads the setting Ingestion__Misspelt")]
    [InlineData("AzureWebJobs.FileDropped.Disabled", "false", "SettingsAreRead", "has to be 'true'")]
    [InlineData("SchedulerInterval", "", "SettingsAreRead", "is empty")]
    public void A_setting_that_is_wrong_is_noticed(string name, string value, string rule, string words)
    {
        var broken = infrastructure["prod"].With(resources =>
        {
            foreach (var app in resources.Where(r => r!["type"]!.GetValue<string>() == Site))
                (app!["properties"]!["siteConfig"]!["appSettings"] ??= new JsonArray()).AsArray().Add(new JsonObject { ["name"] = name, ["value"] = value });
            foreach (var settings in resources.Where(r => r!["type"]!.GetValue<string>() == "Microsoft.Web/sites/config"))
                settings!["properties"]![name] = value;
        });

        Assert.Contains(RuleList.Find(rule).Check(broken), f => f.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_function_that_does_not_exist_is_noticed()
    {
        var broken = infrastructure["prod"].With(resources =>
        {
            foreach (var app in resources.Where(r => r!["type"]!.GetValue<string>() == Site))
                app!["properties"]!["functionAppConfig"]!["scaleAndConcurrency"]!["alwaysReady"] = new JsonArray(new JsonObject { ["name"] = "function:Nonesuch", ["instanceCount"] = 1 });
        });

        Assert.Contains(new NamesAreThoseOfTheCode().Check(broken), f => f.Contains("function:Nonesuch"));
    }

    static void Set(JsonObject resource, string path, object? value)
    {
        var steps = path.Split('.');
        JsonNode? node = resource;
        foreach (var step in steps[..^1])
            node = node?[step];
        if (node is not JsonObject parent)
            return;

        // Names of properties are compared without case by Azure.
        var name = parent.Select(p => p.Key).FirstOrDefault(k => k.Equals(steps[^1], StringComparison.OrdinalIgnoreCase)) ?? steps[^1];
        if (value is null)
            parent.Remove(name);
        else
            parent[name] = JsonSerializer.SerializeToNode(value);
    }
}
