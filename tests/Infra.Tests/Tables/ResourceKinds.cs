namespace DataIngestion.Infra.Tests.Tables;

/// <summary>
/// Every type of resource that the infrastructure uses. A type that is not here is refused, so that a new one is looked up before it is deployed.
/// Names: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules;
/// tags: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-support;
/// diagnostics: https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index and logs-index.
/// </summary>
internal static class ResourceKinds
{
    const string Free = @"[^*#&+:<>?@%{}\\/]*[^*#&+:<>?@%{}\\/. ]";
    const string Words = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?";
    const string Hyphened = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
    const string Lower = "[a-z0-9](?:-?[a-z0-9])*";
    const string Identifier = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    static readonly Dictionary<string, ResourceKind> Kinds = new ResourceKind[]
    {
        new("Microsoft.Storage/storageAccounts", "[a-z0-9]+", (3, 24)) { IsGlobal = true, IsTagged = true, IsDiagnosed = true, PublicAccess = ["properties.publicNetworkAccess"] },
        new("Microsoft.Storage/storageAccounts/blobServices", "default", (7, 7)) { IsDiagnosed = true },
        new("Microsoft.Storage/storageAccounts/queueServices", "default", (7, 7)) { IsDiagnosed = true },
        new("Microsoft.Storage/storageAccounts/tableServices", "default", (7, 7)) { IsDiagnosed = true },
        new("Microsoft.Storage/storageAccounts/fileServices", "default", (7, 7)) { IsDiagnosed = true },
        new("Microsoft.Storage/storageAccounts/blobServices/containers", Lower, (3, 63)),
        new("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies", "default", (7, 7)),
        new("Microsoft.Storage/storageAccounts/queueServices/queues", Lower, (3, 63)),
        new("Microsoft.Storage/storageAccounts/tableServices/tables", "[A-Za-z][A-Za-z0-9]*", (3, 63)),
        new("Microsoft.Storage/storageAccounts/managementPolicies", "default", (7, 7)),

        new("Microsoft.EventHub/namespaces", "[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])", (6, 50)) { IsGlobal = true, IsTagged = true, IsDiagnosed = true, PublicAccess = ["properties.publicNetworkAccess"] },
        new("Microsoft.EventHub/namespaces/eventhubs", Words, (1, 256)),
        new("Microsoft.EventHub/namespaces/eventhubs/consumergroups", Words, (1, 50)),
        new("Microsoft.EventHub/namespaces/networkRuleSets", "default", (7, 7)) { PublicAccess = ["properties.publicNetworkAccess"] },

        new("Microsoft.DurableTask/schedulers", "[A-Za-z0-9-]+", (3, 64)) { IsGlobal = true, IsTagged = true, IsDiagnosed = true, PublicAccess = ["properties.publicNetworkAccess"] },
        new("Microsoft.DurableTask/schedulers/retentionPolicies", "default", (7, 7)),
        new("Microsoft.DurableTask/schedulers/taskHubs", "[A-Za-z0-9-]+", (3, 64)),

        new("Microsoft.KeyVault/vaults", "[A-Za-z](?:-?[A-Za-z0-9])*", (3, 24)) { IsGlobal = true, IsTagged = true, IsDiagnosed = true, PublicAccess = ["properties.publicNetworkAccess"] },
        new("Microsoft.KeyVault/vaults/keys", "[A-Za-z0-9-]+", (1, 127)),

        new("Microsoft.Web/serverfarms", "[A-Za-z0-9-]+", (1, 60)) { IsTagged = true },
        new("Microsoft.Web/sites", Hyphened, (2, 60)) { IsGlobal = true, IsTagged = true, IsDiagnosed = true, PublicAccess = ["properties.publicNetworkAccess"] },
        new("Microsoft.Web/sites/basicPublishingCredentialsPolicies", "ftp|scm", (3, 3)),
        new("Microsoft.Web/sites/config", "appsettings|web|authsettingsV2", (3, 20)),

        new("Microsoft.Network/virtualNetworks", Words, (2, 64)) { IsTagged = true, IsDiagnosed = true },
        new("Microsoft.Network/virtualNetworks/subnets", Words, (1, 80)),
        new("Microsoft.Network/networkSecurityGroups", Words, (1, 80)) { IsTagged = true, IsDiagnosed = true },
        new("Microsoft.Network/privateEndpoints", Words, (2, 64)) { IsTagged = true },
        new("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", Words, (1, 80)),
        new("Microsoft.Network/privateDnsZones", @"[a-z0-9-]+(?:\.[a-z0-9-]+)+", (1, 63)) { IsTagged = true },
        new("Microsoft.Network/privateDnsZones/virtualNetworkLinks", Words, (1, 80)) { IsTagged = true },
        new("Microsoft.Network/natGateways", Words, (1, 80)) { IsTagged = true },
        new("Microsoft.Network/publicIPAddresses", Words, (1, 80)) { IsTagged = true, IsDiagnosed = true },

        new("Microsoft.ManagedIdentity/userAssignedIdentities", "[A-Za-z0-9][A-Za-z0-9_-]*", (3, 128)) { IsTagged = true },

        new("Microsoft.OperationalInsights/workspaces", Hyphened, (4, 63)) { IsTagged = true, IsDiagnosed = true, PublicAccess = ["properties.publicNetworkAccessForIngestion"] },
        // Its telemetry is in the workspace already; a setting would send everything twice.
        new("Microsoft.Insights/components", @"[^%&\\?/]*[^%&\\?/. ]", (1, 260)) { IsTagged = true, PublicAccess = ["properties.publicNetworkAccessForIngestion"] },
        new("Microsoft.Insights/privateLinkScopes", Words, (1, 255)) { IsTagged = true },
        new("Microsoft.Insights/privateLinkScopes/scopedResources", Words, (1, 255)),
        new("Microsoft.Insights/actionGroups", Free, (1, 260)) { IsTagged = true },
        new("Microsoft.Insights/metricAlerts", Free, (1, 260)) { IsTagged = true },
        new("Microsoft.Insights/scheduledQueryRules", Free, (1, 260)) { IsTagged = true },
        new("Microsoft.Insights/activityLogAlerts", Free, (1, 260)) { IsTagged = true },
        new("Microsoft.Insights/webtests", Free, (1, 260)) { IsTagged = true },
        new("Microsoft.Insights/workbooks", Identifier, (36, 36)) { IsTagged = true },
        new("Microsoft.Insights/diagnosticSettings", Free, (1, 260)),
        new("Microsoft.AlertsManagement/smartDetectorAlertRules", Free, (1, 260)) { IsTagged = true },
        new("Microsoft.Consumption/budgets", "[A-Za-z0-9_-]+", (1, 63)),

        new("Microsoft.EventGrid/systemTopics", "[A-Za-z0-9-]+", (3, 50)) { IsTagged = true, IsDiagnosed = true },
        new("Microsoft.EventGrid/systemTopics/eventSubscriptions", "[A-Za-z0-9-]+", (3, 64)),

        new("Microsoft.Authorization/roleAssignments", Identifier, (36, 36)),
        new("Microsoft.Authorization/locks", "[A-Za-z0-9._()-]*[A-Za-z0-9_()-]", (1, 90)),
    }.ToDictionary(k => k.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>What is known of a type; null when nothing is.</summary>
    public static ResourceKind? Find(string type) => Kinds.GetValueOrDefault(type);
}
