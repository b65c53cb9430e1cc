using System.Buffers.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A bearer token for protocols other than HTTP.</summary>
/// <param name="Value">The token.</param>
/// <param name="ExpiresAt">When it ends to be good: as a JWT says, else in five minutes.</param>
internal sealed record BearerToken(string Value, DateTimeOffset ExpiresAt)
{
    /// <summary>The kinds of authentication that give one.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["bearer", "oauth2", "jwt", "azure-identity", "google-service-account"];

    static readonly TimeSpan Unknown = TimeSpan.FromMinutes(5);

    /// <summary>Asks the source's kind of authentication, whichever it is, for the token that it would put into an HTTP request.</summary>
    /// <exception cref="StepFailedException">It puts none (<c>configuration-invalid</c>), or could not get one.</exception>
    public static async Task<BearerToken> GetAsync(SourceSite site, Authentications authentications, CancellationToken cancellationToken)
    {
        if (site.Connection.Auth is not { Kind: { } name } auth || authentications.Find(name) is not { } kind)
            throw site.Fail("configuration-invalid", "There is no authentication that gives a bearer token.", isTransient: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(site.Address) { Scheme = Uri.UriSchemeHttps }.Uri);
        await kind.AuthenticateAsync(request, new(site.Source.Source, auth, site.Secrets), cancellationToken);
        if (request.Headers.Authorization is not { Scheme: "Bearer", Parameter: { } token })
            throw site.Fail("configuration-invalid", $"The authentication '{name}' gives no bearer token.", isTransient: false);
        return new(token, ExpiryOf(token) ?? (site.Time.GetUtcNow() + Unknown));
    }

    // The claim 'exp' of RFC 7519; nobody but the server has to believe it.
    static DateTimeOffset? ExpiryOf(string token)
    {
        if (token.Split('.') is not [_, var claims, _] || !Base64Url.IsValid(claims))
            return null;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
            return document.RootElement is { ValueKind: JsonValueKind.Object } all && all.TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
