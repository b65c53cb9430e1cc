using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Storage;

/// <summary>
/// The identities that this process has in Azure. One credential for each, shared by everything that uses it, because a credential
/// keeps the tokens that it was given.
/// </summary>
public static class AzureIdentities
{
    /// <summary>Setting with the client id of the identity that is used where a connection names none.</summary>
    public const string ProcessClientId = "AZURE_CLIENT_ID";

    /// <summary>The value of <c>__credential</c> for an identity that Azure manages.</summary>
    public const string Managed = "managedidentity";

    /// <summary>The value of <c>__credential</c> for an identity that is federated by a token on the machine.</summary>
    public const string Workload = "workloadidentity";

    static readonly ConcurrentDictionary<Key, TokenCredential> Credentials = [];

    /// <summary>
    /// The identity of a connection, from <c>{connection}__credential</c> (<c>managedidentity</c>, <c>workloadidentity</c>, or nothing for whichever there is),
    /// <c>__clientId</c> or <c>__managedIdentityResourceId</c>, and <c>__tenantId</c>, as the Functions host reads them. Nothing is asked of Azure yet.
    /// </summary>
    /// <param name="connection">The connection's section of the settings.</param>
    /// <param name="defaultClientId">Used where the connection names no identity.</param>
    /// <exception cref="InvalidOperationException">The credential is of a kind that is not known.</exception>
    public static TokenCredential Of(IConfigurationSection connection, string? defaultClientId = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var kind = connection["credential"];
        if (!IsKnown(kind))
            throw new InvalidOperationException($"'{connection.Path.Replace(":", "__", StringComparison.Ordinal)}__credential' is '{kind}': expected '{Managed}', '{Workload}', or no such setting for the identity that the process has.");
        return Of(kind, connection["clientId"] ?? defaultClientId, connection["tenantId"], connection["managedIdentityResourceId"]);
    }

    /// <summary>The identity of this process: the one that <c>AZURE_CLIENT_ID</c> names, or whichever there is.</summary>
    public static TokenCredential OfProcess(IConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Of(kind: null, settings[ProcessClientId]);
    }

    /// <summary>An identity by its parts.</summary>
    /// <param name="kind">The value of <c>__credential</c>.</param>
    /// <param name="clientId">Client id of a user-assigned or federated identity.</param>
    /// <param name="tenantId">Tenant of a federated identity.</param>
    /// <param name="resourceId">Resource id of a managed identity, instead of its client id.</param>
    public static TokenCredential Of(string? kind, string? clientId, string? tenantId = null, string? resourceId = null) =>
        Credentials.GetOrAdd(new(kind?.ToLowerInvariant() ?? "", Said(clientId), Said(tenantId), Said(resourceId)), Create);

    /// <summary>Whether a value of <c>__credential</c> is one.</summary>
    public static bool IsKnown(string? kind) => kind?.ToLowerInvariant() is null or "" or Managed or Workload;

    static TokenCredential Create(Key key) => key.Kind switch
    {
        Managed => new ManagedIdentityCredential(
            key.ResourceId is { } resource ? ManagedIdentityId.FromUserAssignedResourceId(new(resource))
            : key.ClientId is { } client ? ManagedIdentityId.FromUserAssignedClientId(client)
            : ManagedIdentityId.SystemAssigned),
        Workload => new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { ClientId = key.ClientId, TenantId = key.TenantId }),
        _ => new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = key.ClientId, WorkloadIdentityClientId = key.ClientId, TenantId = key.TenantId }),
    };

    static string? Said(string? text) => text is { Length: > 0 } ? text : null;

    readonly record struct Key(string Kind, string? ClientId, string? TenantId, string? ResourceId);
}
