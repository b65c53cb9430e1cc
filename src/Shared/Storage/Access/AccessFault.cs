using System.Net.Http;
using System.Net.Sockets;
using Azure;
using Azure.Identity;

namespace DataIngestion.Storage.Access;

/// <summary>Why Azure lets somebody in or not.</summary>
public enum AccessFaultKind
{
    /// <summary>The identity lacks a role.</summary>
    Role,

    /// <summary>A firewall or the absence of a private endpoint stands between.</summary>
    Network,

    /// <summary>The resource takes no keys, and a key was shown.</summary>
    Key,

    /// <summary>The identity or key itself is not accepted.</summary>
    Identity,

    /// <summary>The name leads to no address.</summary>
    Name,

    /// <summary>Nobody answers.</summary>
    Unreachable,
}

/// <summary>A refusal put into words: what is refused, why, and the command that mends it. Holds no secret.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Message">One sentence or two.</param>
public sealed record AccessFault(AccessFaultKind Kind, string Message)
{
    // A role that was just assigned is not known everywhere at once.
    const string Delay = "a new assignment takes up to ten minutes to count";

    /// <summary>Explains a failure; null when it is about something else than access.</summary>
    /// <param name="resource">What was asked for.</param>
    /// <param name="failure">What the client threw.</param>
    public static AccessFault? Of(AzureResource resource, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var inner in Inners(failure))
        {
            switch (inner)
            {
                case RequestFailedException { Status: 401 or 403 } refused:
                    return Refused(resource, refused.Status, refused.ErrorCode, refused.Message);
                case AuthenticationFailedException none:
                    return NoIdentity(resource, none);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return NoName(resource);
            }
        }

        return Inners(failure).OfType<RequestFailedException>().Any(f => f.Status == 0)
            ? new(AccessFaultKind.Unreachable, $"{Capital(resource.What)} cannot be reached at '{resource.Host}': is there a private endpoint, and may this subnet reach it?")
            : null;
    }

    /// <summary>Explains an answer of 401 or 403.</summary>
    /// <param name="resource">What was asked for.</param>
    /// <param name="status">401 or 403.</param>
    /// <param name="code">The service's error code.</param>
    /// <param name="text">Its words, which are looked at for inner codes and not shown.</param>
    public static AccessFault Refused(AzureResource resource, int status, string? code, string? text)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var said = $"{status} {code}".TrimEnd();
        var inner = text ?? "";
        if (code is "AuthorizationFailure" or "IpAuthorizationFailure" || Says("ForbiddenByFirewall") || Says("ForbiddenByConnection"))
            return new(AccessFaultKind.Network, $"The network rules of {resource.What} refuse this process ({said}): it must come through the private endpoint of '{resource.Host}' (does the name lead to a private address here?), or its subnet must be allowed. No role mends this.");
        if (code is "KeyBasedAuthenticationNotPermitted")
            return new(AccessFaultKind.Key, $"{Capital(resource.What)} take no keys ({said}): replace the connection string '{resource.Setting}' by '{resource.Setting}__accountName', '{resource.Setting}__credential=managedidentity' and '{resource.Setting}__clientId'.");
        if (status == 401 || code is "AuthenticationFailed" or "InvalidAuthenticationInfo" or "NoAuthenticationInformation")
            return new(AccessFaultKind.Identity, $"{Capital(resource.What)} do not accept {Who(resource)} ({said}): the token is of another tenant, or a connection string has a wrong key. Check '{resource.Setting}' and the identity's tenant.");
        return new(AccessFaultKind.Role, $"{Capital(Who(resource))} may not use {resource.What} ({said}): it needs the role '{resource.Role}'. {Command(resource)} ({Delay}).");

        bool Says(string word) => inner.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The name of a resource leads nowhere.</summary>
    public static AccessFault NoName(AzureResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new(AccessFaultKind.Name, $"The name '{resource.Host}' of {resource.What} leads to no address: check '{resource.Setting}', and that the private DNS zone is linked to this network.");
    }

    static AccessFault NoIdentity(AzureResource resource, AuthenticationFailedException none) => new(
        AccessFaultKind.Identity,
        resource.ClientId is { } client
            ? $"Microsoft Entra gives no token for the identity with client id '{client}' ({none.GetType().Name}), so {resource.What} cannot be used: assign that identity to the app ('az functionapp identity assign --identities RESOURCE_ID'), or correct '{resource.Setting}__clientId'."
            : $"This process has no identity that Microsoft Entra knows ({none.GetType().Name}), so {resource.What} cannot be used: assign a managed identity to the app and name it in '{resource.Setting}__clientId', or sign in with 'az login'.");

    static string Who(AzureResource resource) => resource.ClientId is { } client ? $"the identity with client id '{client}'" : "the identity of this process";

    static string Command(AzureResource resource) =>
        $"Assign it with: az role assignment create --assignee {resource.ClientId ?? "CLIENT_ID"} --role \"{resource.Role}\" --scope {resource.Scope}";

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    static IEnumerable<Exception> Inners(Exception? failure)
    {
        for (var current = failure; current is not null; current = current.InnerException)
        {
            yield return current;
            if (current is not AggregateException { InnerExceptions.Count: > 1 } many)
                continue;
            foreach (var each in many.InnerExceptions.Skip(1).SelectMany(Inners))
                yield return each;
        }
    }
}
