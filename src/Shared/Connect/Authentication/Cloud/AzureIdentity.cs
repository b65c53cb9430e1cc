using Azure.Core;
using Azure.Identity;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>Which identity this process has in Azure.</summary>
internal enum AzureCredential
{
    /// <summary>Whichever there is: workload, managed, or the developer who is signed in.</summary>
    Default,

    /// <summary>The managed identity of the Function App.</summary>
    ManagedIdentity,

    /// <summary>Federated by a token that Kubernetes mounts.</summary>
    WorkloadIdentity,
}

/// <summary>An identity that Azure gives this process; there is no secret.</summary>
internal sealed record AzureIdentityOptions
{
    /// <summary>What the token is for, such as <c>https://management.azure.com/.default</c>; default what the host that is asked takes.</summary>
    public string? Scope { get; init; }

    /// <summary>Which identity; default whichever there is.</summary>
    public AzureCredential Credential { get; init; }

    /// <summary>Client id of a user-assigned or federated identity; may be a reference. Default that of the setting <c>AZURE_CLIENT_ID</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>Tenant of a federated identity; may be a reference.</summary>
    public string? TenantId { get; init; }
}

/// <summary><c>azure-identity</c>: a token of Microsoft Entra for the identity of the process. Azure.Identity keeps and renews it.</summary>
internal sealed class AzureIdentityAuthentication(IConfiguration? settings = null) : IAuthenticationKind
{
    static readonly (string Host, string Scope)[] Known =
    [
        (".blob.core.windows.net", "https://storage.azure.com/.default"), (".dfs.core.windows.net", "https://storage.azure.com/.default"),
        (".queue.core.windows.net", "https://storage.azure.com/.default"), (".table.core.windows.net", "https://storage.azure.com/.default"),
        (".servicebus.windows.net", "https://servicebus.azure.net/.default"), (".vault.azure.net", "https://vault.azure.net/.default"),
        (".kusto.windows.net", "https://kusto.kusto.windows.net/.default"), (".database.windows.net", "https://database.windows.net/.default"),
        (".documents.azure.com", "https://cosmos.azure.com/.default"),
    ];

    public string Name => "azure-identity";

    public Type Options => typeof(AzureIdentityOptions);

    public async ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<AzureIdentityOptions>();
        var (client, tenant) = (options.ClientId is { } id ? context.Secrets.Resolve(id) : null, options.TenantId is { } of ? context.Secrets.Resolve(of) : null);
        var credential = Credential(options.Credential, client ?? settings?[AzureIdentities.ProcessClientId], tenant);
        var scope = options.Scope ?? ScopeOf(request.RequestUri!.Host);
        try
        {
            var token = (await credential.GetTokenAsync(new([scope]), cancellationToken)).Token;
            context.Secrets.Hide(token);
            RequestHeader.Set(request, "Authorization", $"Bearer {token}");
        }
        catch (CredentialUnavailableException missing)
        {
            throw Fail("unauthorized", $"This process has no identity in Azure (credential: {options.Credential}): give the Function App a managed identity, or sign in with 'az login'.", missing);
        }
        catch (AuthenticationFailedException refused)
        {
            throw Fail("unauthorized", $"Microsoft Entra gives the identity of this process no token for '{scope}': {TextQuote.Of(System.Text.Encoding.UTF8.GetBytes(refused.Message), context.Secrets.Mask)}", refused);
        }
    }

    /// <summary>What a host takes tokens for.</summary>
    public static string ScopeOf(string host) =>
        Array.Find(Known, known => host.EndsWith(known.Host, StringComparison.OrdinalIgnoreCase)).Scope ?? $"https://{host}/.default";

    static TokenCredential Credential(AzureCredential kind, string? client, string? tenant) => AzureIdentities.Of(
        kind switch { AzureCredential.ManagedIdentity => AzureIdentities.Managed, AzureCredential.WorkloadIdentity => AzureIdentities.Workload, _ => null }, client, tenant);

    static StepFailedException Fail(string code, string message, Exception cause) => new(new() { Code = code, Message = message, ErrorType = cause.GetType().Name });
}
