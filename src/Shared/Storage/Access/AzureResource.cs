namespace DataIngestion.Storage.Access;

/// <summary>Something in Azure that this process uses, with what it takes to use it: for sentences about a refusal.</summary>
/// <param name="What">What it is, such as <c>the blobs of the storage account 'x'</c>.</param>
/// <param name="Host">Name of the host that is asked.</param>
/// <param name="Role">The role that an identity needs.</param>
/// <param name="Scope">The value of <c>--scope</c> for <c>az role assignment create</c>.</param>
/// <param name="Setting">Where its name or address is set.</param>
public sealed record AzureResource(string What, string Host, string Role, string Scope, string Setting)
{
    /// <summary>Client id of the identity that asks; null where the settings name none.</summary>
    public string? ClientId { get; init; }

    /// <summary>A service of a storage account.</summary>
    /// <param name="service">Its plural, such as <c>blobs</c>.</param>
    /// <param name="role">The role for it.</param>
    /// <param name="address">Where it answers.</param>
    /// <param name="connection">The connection's name, see <see cref="StorageConnection"/>.</param>
    public static AzureResource Storage(string service, string role, Uri address, string connection)
    {
        ArgumentNullException.ThrowIfNull(address);
        var account = address.IsLoopback ? address.AbsolutePath.Trim('/') : FirstLabel(address);
        return new($"the {service} of the storage account '{account}'", address.IdnHost, role, $"\"$(az storage account show --name {account} --query id --output tsv)\"", connection);
    }

    /// <summary>The secrets of a vault.</summary>
    public static AzureResource Secrets(Uri vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        return new($"the secrets of the Key Vault '{FirstLabel(vault)}'", vault.IdnHost, "Key Vault Secrets User", ScopeOfVault(vault), "KeyVault__uri");
    }

    /// <summary>A key in a vault that wraps other keys.</summary>
    /// <param name="key">Its address, <c>https://{vault}/keys/{name}</c>.</param>
    public static AzureResource WrappingKey(Uri key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var name = key.Segments is [_, _, var last, ..] ? last.TrimEnd('/') : "";
        return new(
            $"the key '{name}' of the Key Vault '{FirstLabel(key)}'", key.IdnHost, "Key Vault Crypto Service Encryption User",
            $"\"$(az keyvault show --name {FirstLabel(key)} --query id --output tsv)/keys/{name}\"", "Ingestion__EncryptionKey");
    }

    /// <summary>An event hub.</summary>
    /// <param name="address">Its namespace.</param>
    /// <param name="hub">Its name.</param>
    /// <param name="role">Sender or receiver.</param>
    public static AzureResource EventHub(Uri address, string hub, string role)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new(
            $"the event hub '{hub}' of '{FirstLabel(address)}'", address.IdnHost, role,
            $"\"$(az eventhubs eventhub show --namespace-name {FirstLabel(address)} --name {hub} --resource-group RESOURCE_GROUP --query id --output tsv)\"", "EventHubs__fullyQualifiedNamespace");
    }

    /// <summary>The task hub of Durable Functions in the Durable Task Scheduler.</summary>
    public static AzureResource TaskHub(string hub, string host) => new(
        $"the task hub '{hub}'", host, "Durable Task Data Contributor",
        $"\"$(az durabletask taskhub show --scheduler-name {host.Split('.')[0]} --name {hub} --resource-group RESOURCE_GROUP --query id --output tsv)\"", "DURABLE_TASK_SCHEDULER_CONNECTION_STRING");

    /// <summary>Application Insights.</summary>
    public static AzureResource Telemetry(Uri ingestion)
    {
        ArgumentNullException.ThrowIfNull(ingestion);
        return new("Application Insights", ingestion.IdnHost, "Monitoring Metrics Publisher", "\"$(az monitor app-insights component show --app APP_INSIGHTS --resource-group RESOURCE_GROUP --query id --output tsv)\"", "APPLICATIONINSIGHTS_CONNECTION_STRING");
    }

    static string FirstLabel(Uri address) => address.IdnHost.Split('.')[0];

    static string ScopeOfVault(Uri vault) => $"\"$(az keyvault show --name {FirstLabel(vault)} --query id --output tsv)\"";
}
