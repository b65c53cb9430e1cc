using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>How a token is asked for.</summary>
internal enum OAuth2Grant
{
    /// <summary>In our own name: RFC 6749 §4.4.</summary>
    ClientCredentials,

    /// <summary>With a refresh token that we were given: RFC 6749 §6.</summary>
    RefreshToken,

    /// <summary>After somebody's consent in a browser, with PKCE: RFC 6749 §4.1, 7636, 8252.</summary>
    AuthorizationCode,

    /// <summary>After somebody's consent on another device: RFC 8628.</summary>
    DeviceCode,

    /// <summary>With an assertion that we sign: RFC 7523 §2.1.</summary>
    JwtBearer,

    /// <summary>With a SAML assertion: RFC 7522.</summary>
    SamlBearer,
}

/// <summary>How we prove to the token endpoint who we are.</summary>
internal enum ClientAuthentication
{
    /// <summary>Basic.</summary>
    Basic,

    /// <summary>Secret in the body.</summary>
    Body,

    /// <summary>A signed assertion: RFC 7523 §2.2.</summary>
    PrivateKeyJwt,

    /// <summary>Only the client's id: a public client, or a certificate of the connection.</summary>
    None,
}

/// <summary>A token from a token endpoint.</summary>
internal sealed record OAuth2Options : IValidatableObject
{
    /// <summary>How the token is asked for.</summary>
    public required OAuth2Grant Grant { get; init; }

    /// <summary>The token endpoint; may hold references.</summary>
    [Required]
    public required string TokenUrl { get; init; }

    /// <summary>The client's id; may be a reference.</summary>
    public string? ClientId { get; init; }

    /// <summary>Reference to the client's secret.</summary>
    [Secret]
    public string? ClientSecret { get; init; }

    /// <summary>How the client proves itself; default <c>basic</c> with a secret, <c>private-key-jwt</c> with a key, else <c>none</c>.</summary>
    public ClientAuthentication? ClientAuth { get; init; }

    /// <summary>Reference to the private key (PEM) for assertions: of the client, or of the grant <c>jwt-bearer</c>.</summary>
    [Secret]
    public string? PrivateKey { get; init; }

    /// <summary><c>kid</c> of that key.</summary>
    public string? KeyId { get; init; }

    /// <summary>The certificate (PEM) of that key, for issuers that know keys by it (<c>x5t#S256</c>); may be a reference.</summary>
    public string? Certificate { get; init; }

    /// <summary>Algorithm of that key; default RS256.</summary>
    public string Algorithm { get; init; } = "RS256";

    /// <summary><c>aud</c> of assertions; default the token endpoint.</summary>
    public string? AssertionAudience { get; init; }

    /// <summary><c>iss</c> of the grant's assertion; default the client's id.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>sub</c> of the grant's assertion; default its issuer.</summary>
    public string? Subject { get; init; }

    /// <summary>Further claims of the grant's assertion.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = new Dictionary<string, string>();

    /// <summary>What the SAML assertion is made of, for <c>saml-bearer</c>.</summary>
    public IReadOnlyDictionary<string, string> Saml { get; init; } = new Dictionary<string, string>();

    /// <summary>What the token is for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Parameter <c>audience</c>.</summary>
    public string? Audience { get; init; }

    /// <summary>Parameters <c>resource</c>: RFC 8707.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Further parameters of the request; values may hold references.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Reference to the first refresh token, for <c>refresh-token</c>.</summary>
    [Secret]
    public string? RefreshToken { get; init; }

    /// <summary>The authorization endpoint, for <c>authorization-code</c>.</summary>
    public string? AuthorizeUrl { get; init; }

    /// <summary>The device authorization endpoint, for <c>device-code</c>.</summary>
    public string? DeviceUrl { get; init; }

    /// <summary>Port that the browser comes back to, for issuers that know one address only; default any free one.</summary>
    [Range(0, 65535)]
    public int RedirectPort { get; init; }

    /// <summary>Lifetime of a token whose issuer names none; default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Header that carries the token; default <c>Authorization</c>.</summary>
    [Required]
    public string Header { get; init; } = "Authorization";

    /// <summary>Word before it; default <c>Bearer</c>, empty for none.</summary>
    public string Scheme { get; init; } = "Bearer";

    /// <summary>How the client proves itself.</summary>
    internal ClientAuthentication Client => ClientAuth ?? (ClientSecret is not null ? ClientAuthentication.Basic : PrivateKey is not null && Grant != OAuth2Grant.JwtBearer ? ClientAuthentication.PrivateKeyJwt : ClientAuthentication.None);

    /// <summary>Whether a person has to consent before the first token.</summary>
    internal bool NeedsConsent => Grant is OAuth2Grant.AuthorizationCode or OAuth2Grant.DeviceCode;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var grant = JsonName(Grant);
        if (JwtSigner.Fault(Algorithm) is { } fault)
            yield return new(fault, [nameof(Algorithm)]);
        foreach (var (name, address) in new[] { (nameof(TokenUrl), TokenUrl), (nameof(AuthorizeUrl), AuthorizeUrl), (nameof(DeviceUrl), DeviceUrl) })
        {
            if (address is not null && !address.Contains("${", StringComparison.Ordinal) && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Fragment.Length == 0))
                yield return new($"'{address}' is not an https address.", [name]);
        }

        (string Name, bool IsMissing, string For)[] needs =
        [
            (nameof(ClientId), ClientId is null && (Grant is not (OAuth2Grant.JwtBearer or OAuth2Grant.SamlBearer) || Client != ClientAuthentication.None), $"the grant {grant}"),
            (nameof(ClientSecret), ClientSecret is null && Client is (ClientAuthentication.Basic or ClientAuthentication.Body), $"clientAuth {JsonName(Client)}"),
            (nameof(PrivateKey), PrivateKey is null && (Client == ClientAuthentication.PrivateKeyJwt || Grant == OAuth2Grant.JwtBearer), Grant == OAuth2Grant.JwtBearer ? $"the grant {grant}" : "clientAuth private-key-jwt"),
            (nameof(RefreshToken), RefreshToken is null && Grant == OAuth2Grant.RefreshToken, $"the grant {grant}"),
            (nameof(AuthorizeUrl), AuthorizeUrl is null && Grant == OAuth2Grant.AuthorizationCode, $"the grant {grant}"),
            (nameof(DeviceUrl), DeviceUrl is null && Grant == OAuth2Grant.DeviceCode, $"the grant {grant}"),
            (nameof(Issuer), Grant == OAuth2Grant.JwtBearer && Issuer is null && ClientId is null, $"the grant {grant}"),
        ];
        foreach (var (name, isMissing, reason) in needs)
        {
            if (isMissing)
                yield return new($"'{char.ToLowerInvariant(name[0])}{name[1..]}' is missing, which {reason} needs.", [name]);
        }

        if (Grant == OAuth2Grant.SamlBearer)
        {
            OptionsBinder.Bind(Saml, typeof(SamlAssertionOptions), out var wrong);
            foreach (var saml in wrong)
                yield return new($"saml: {saml.Message}", [nameof(Saml)]);
        }

        if (Grant == OAuth2Grant.ClientCredentials && Client == ClientAuthentication.None && ClientAuth is null)
            yield return new("a client needs 'clientSecret' or 'privateKey'; 'clientAuth: none' says that it proves itself otherwise.", [nameof(ClientSecret)]);
    }

    static string JsonName<T>(T word)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(word.ToString());
}
