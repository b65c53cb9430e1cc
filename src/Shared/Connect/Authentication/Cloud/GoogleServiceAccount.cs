using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A Google service account with a key file.</summary>
internal sealed record GoogleServiceAccountOptions : IValidatableObject
{
    /// <summary>Reference to the content of the JSON key file.</summary>
    [Secret]
    public required string Key { get; init; }

    /// <summary>What the access token is for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The interface that takes tokens that we sign ourselves, such as <c>https://pubsub.googleapis.com/</c>; nothing is asked for then.</summary>
    public string? Audience { get; init; }

    /// <summary>The service that takes identity tokens, such as an address of Cloud Run.</summary>
    public string? TargetAudience { get; init; }

    /// <summary>The user in whose name it is asked (domain-wide delegation).</summary>
    public string? Subject { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Scopes.Count > 0 ? 1 : 0) + (Audience is null ? 0 : 1) + (TargetAudience is null ? 0 : 1) != 1)
            yield return new("a service account needs exactly one of 'scopes', 'audience' and 'targetAudience'.");
    }
}

/// <summary><c>google-service-account</c>: an access token for scopes, an identity token, or a token signed by the account itself.</summary>
internal sealed class GoogleServiceAccountAuthentication(TokenCache tokens, IssuerHttp http, TimeProvider time) : IAuthenticationKind
{
    static readonly TimeSpan AssertionLifetime = TimeSpan.FromHours(1); // the longest that Google takes

    public string Name => "google-service-account";

    public Type Options => typeof(GoogleServiceAccountOptions);

    public async ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(new(TokenCache.KeyOf(Name, context.Definition.Options), Name, context.Source, (_, stop) => IssueAsync(context, stop)), cancellationToken);
        context.Secrets.Hide(token);
        RequestHeader.Set(request, "Authorization", $"Bearer {token}");
    }

    public ValueTask<bool> RenewAsync(AuthenticationContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(tokens.Reject(TokenCache.KeyOf(Name, context.Definition.Options)));

    async Task<IssuedToken> IssueAsync(AuthenticationContext context, CancellationToken cancellationToken)
    {
        var (options, key) = (context.Options<GoogleServiceAccountOptions>(), KeyOf(context));
        var now = time.GetUtcNow();
        var claims = new JsonObject
        {
            ["iss"] = key.Email,
            ["sub"] = options.Subject is { } subject ? context.Secrets.Resolve(subject) : key.Email,
            ["aud"] = options.Audience ?? key.TokenUrl,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + AssertionLifetime).ToUnixTimeSeconds(),
        };
        if (options.Scopes.Count > 0)
            claims["scope"] = string.Join(' ', options.Scopes);
        if (options.TargetAudience is { } target)
            claims["target_audience"] = context.Secrets.Resolve(target);
        var signed = JwtSigner.Sign("RS256", key.PrivateKey, new() { ["kid"] = key.Id }, claims);
        context.Secrets.Hide(signed);
        if (options.Audience is not null)
            return new(signed, AssertionLifetime);

        using var request = new HttpRequestMessage(HttpMethod.Post, TokenEndpoint.AddressOf(context, key.TokenUrl));
        request.Content = new FormUrlEncodedContent([new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", signed)]);
        var answer = await http.SendAsync(request, context.Secrets, cancellationToken);
        if (options.TargetAudience is null || TokenEndpoint.ErrorOf(answer) is not null || (int)answer.Status != 200)
            return TokenEndpoint.Read(context, new() { Grant = OAuth2Grant.JwtBearer, TokenUrl = key.TokenUrl }, answer);
        return JsonPick.Find(answer.Body, "$.id_token") is { Length: > 0 } identity
            ? new(identity, AssertionLifetime)
            : throw new StepFailedException(new() { Code = "protocol-error", Message = $"{answer.Display} answered 200 without 'id_token': expected an identity token for 'targetAudience'." });
    }

    static AccountKey KeyOf(AuthenticationContext context)
    {
        try
        {
            var json = JsonElement.Parse(context.Secrets.Resolve(context.Options<GoogleServiceAccountOptions>().Key));
            var key = new AccountKey(
                json.GetProperty("client_email").GetString()!, json.GetProperty("private_key").GetString()!, json.GetProperty("private_key_id").GetString()!, json.GetProperty("token_uri").GetString()!);
            context.Secrets.Hide(key.PrivateKey);
            return key;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StepFailedException(new()
            {
                Code = "setting-invalid",
                Message = "The value of 'key' is no key file of a Google service account: expected JSON with client_email, private_key, private_key_id and token_uri.",
                ErrorType = unreadable.GetType().Name,
            });
        }
    }

    sealed record AccountKey(string Email, string PrivateKey, string Id, string TokenUrl);
}
