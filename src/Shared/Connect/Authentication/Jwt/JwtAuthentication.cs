using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A token that we sign ourselves for each request.</summary>
internal sealed record JwtOptions : IValidatableObject
{
    /// <summary>RS256, RS384, RS512, PS256, ES256, ES384, HS256, HS384 or HS512; default RS256.</summary>
    public string Algorithm { get; init; } = "RS256";

    /// <summary>Reference to the private key in PEM, or to the shared secret (as text, or after <c>base64:</c>).</summary>
    [Secret]
    public required string Key { get; init; }

    /// <summary><c>kid</c> in the header; may be a reference.</summary>
    public string? KeyId { get; init; }

    /// <summary><c>iss</c>; may be a reference.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>sub</c>; may be a reference.</summary>
    public string? Subject { get; init; }

    /// <summary><c>aud</c>.</summary>
    public string? Audience { get; init; }

    /// <summary>Further claims; values may hold references.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of a claim that says which request the token is for: method, host and path, such as <c>GET api.example.com/v1/orders</c>.</summary>
    public string? RequestClaim { get; init; }

    /// <summary>Whether the header has a <c>nonce</c>, other in each token.</summary>
    public bool Nonce { get; init; }

    /// <summary>Time until <c>exp</c>; default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Header that carries it; default <c>Authorization</c>.</summary>
    [Required]
    public string Header { get; init; } = "Authorization";

    /// <summary>Word before it; default <c>Bearer</c>, empty for none.</summary>
    public string Scheme { get; init; } = "Bearer";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (JwtSigner.Fault(Algorithm) is { } fault)
            yield return new(fault, [nameof(Algorithm)]);
    }
}

/// <summary><c>jwt</c>: a token signed by ourselves in each request.</summary>
internal sealed class JwtAuthentication(TimeProvider time) : IAuthenticationKind
{
    public string Name => "jwt";

    public Type Options => typeof(JwtOptions);

    public ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var (options, secrets, now) = (context.Options<JwtOptions>(), context.Secrets, time.GetUtcNow());
        var header = new JsonObject();
        if (options.KeyId is { } keyId)
            header["kid"] = secrets.Resolve(keyId);
        if (options.Nonce)
            header["nonce"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

        var claims = new JsonObject();
        foreach (var (name, value) in options.Claims.Append(new("iss", options.Issuer!)).Append(new("sub", options.Subject!)).Append(new("aud", options.Audience!)))
        {
            if (value is not null)
                claims[name] = secrets.Resolve(value);
        }

        if (options.RequestClaim is { } claim)
            claims[claim] = $"{request.Method} {request.RequestUri!.Authority}{request.RequestUri.AbsolutePath}";
        claims["iat"] = now.ToUnixTimeSeconds();
        claims["nbf"] = now.ToUnixTimeSeconds();
        claims["exp"] = (now + options.Lifetime).ToUnixTimeSeconds();
        claims["jti"] = Guid.NewGuid().ToString();

        var token = JwtSigner.Sign(options.Algorithm, secrets.Resolve(options.Key), header, claims);
        secrets.Hide(token);
        RequestHeader.Set(request, options.Header, options.Scheme.Length == 0 ? token : $"{options.Scheme} {token}");
        return ValueTask.CompletedTask;
    }
}
