namespace DataIngestion.Infra.Tests.Tables;

/// <summary>A role that something may have, and has to have.</summary>
/// <param name="Principal">agents, orchestrators, storage (the data account), eventgrid (what delivers the events of dropped files), or somebody whom a parameter names.</param>
/// <param name="Role">The role's name.</param>
/// <param name="On">What it is for: see <see cref="Rules.RolesAreNeeded"/>.</param>
/// <param name="Reason">The code that needs it.</param>
internal sealed record NeededRole(string Principal, string Role, string On, string Reason)
{
    /// <summary>Only where a parameter names somebody.</summary>
    public bool IsOptional { get; init; }
}

/// <summary>Roles by the code that needs them; the messages of 'ready' name the same ones.</summary>
internal static class NeededRoles
{
    /// <summary>Built-in roles. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } = new Dictionary<string, string>
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"] = "Storage Queue Data Message Sender",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["2b629674-e913-4c01-ae53-ef4638d8f975"] = "Azure Event Hubs Data Sender",
        ["a638d3c7-ab3a-418d-83e6-5f17a39d4fde"] = "Azure Event Hubs Data Receiver",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["e147488a-f6f5-4113-8e2d-b22465e65bf6"] = "Key Vault Crypto Service Encryption User",
        ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7"] = "Key Vault Secrets Officer",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635"] = "Owner",
        ["b24988ac-6180-42a0-ab88-20f7382dd24c"] = "Contributor",
        ["18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"] = "User Access Administrator",
        ["f58310d9-a9f6-439a-9e8d-f62e7b41a168"] = "Role Based Access Control Administrator",
    };

    public static IReadOnlyList<NeededRole> All { get; } =
    [
        new("agents", "Storage Blob Data Owner", "host", "the Functions host keeps leases, locks and the package (AzureWebJobsStorage)"),
        new("agents", "Storage Queue Data Contributor", "host", "queue triggers and their poison queues; Storage/MessageQueues.cs"),
        new("agents", "Storage Table Data Contributor", "host", "the host's diagnostic events, and the task hub of the Azure Storage provider"),
        new("agents", "Storage Blob Data Contributor", "data", "Storage/BlobStore.cs: landing, curated, datasets and the rest"),
        new("agents", "Storage Table Data Contributor", "data", "cursors, ledger, tokens and quotas"),
        new("agents", "Azure Event Hubs Data Sender", "hub", "Events/LifecycleEventPublisher.cs"),
        new("agents", "Azure Event Hubs Data Receiver", "hub", "Events/AuditTrail.cs"),
        new("agents", "Durable Task Data Contributor", "taskhub", "the agents raise the events that managers wait for"),
        new("agents", "Key Vault Secrets User", "vault", "Connect/Secrets: ${keyvault:name} in configuration"),
        new("agents", "Key Vault Crypto Service Encryption User", "key:client-encryption", "the client-side encryption key wraps data keys"),
        new("agents", "Monitoring Metrics Publisher", "component", "Application Insights by identity"),

        new("orchestrators", "Storage Blob Data Owner", "host", "the Functions host keeps leases, locks and the package (AzureWebJobsStorage)"),
        new("orchestrators", "Storage Queue Data Contributor", "host", "commands to the agents; Storage/MessageQueues.cs"),
        new("orchestrators", "Storage Table Data Contributor", "host", "the host's diagnostic events, and the task hub of the Azure Storage provider"),
        new("orchestrators", "Storage Blob Data Contributor", "data", "Activities/CommitCursor.cs and DiscardCurated.cs"),
        new("orchestrators", "Storage Table Data Contributor", "data", "cursors and the command ledger"),
        new("orchestrators", "Durable Task Data Contributor", "taskhub", "the managers are orchestrations"),
        new("orchestrators", "Monitoring Metrics Publisher", "component", "Application Insights by identity"),

        new("eventgrid", "Storage Queue Data Message Sender", "queue:dropped-files", "events of dropped files go to a queue of the active stamp"),
        new("eventgrid", "Storage Blob Data Contributor", "container:undelivered-events", "it keeps what it could not deliver"),

        new("storage", "Key Vault Crypto Service Encryption User", "key:data-storage", "the data account encrypts with it"),

        new("somebody", "Storage Queue Data Contributor", "host", "operators look into queues and move messages") { IsOptional = true },
        new("somebody", "Storage Blob Data Contributor", "data", "operators drop files and restore versions") { IsOptional = true },
        new("somebody", "Storage Table Data Contributor", "data", "operators back up and restore tables") { IsOptional = true },
        new("somebody", "Durable Task Data Contributor", "scheduler", "operators see runs on the dashboard, suspend and end them") { IsOptional = true },
        new("somebody", "Key Vault Secrets Officer", "vault", "operators put vendors' secrets in and rotate them") { IsOptional = true },
        new("somebody", "Azure Event Hubs Data Receiver", "consumergroup", "a module downstream reads events by its own consumer group") { IsOptional = true },
    ];
}
