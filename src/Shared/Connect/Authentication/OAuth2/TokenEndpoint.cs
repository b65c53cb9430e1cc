using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Asks the token endpoint of RFC 6749, and says what its errors mean.</summary>
internal sealed class TokenEndpoint(IssuerHttp http, TimeProvider time)
{
    static readonly TimeSpan AssertionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Asks for a token.</summary>
    /// <param name="context">Whose it is.</param>
    /// <param name="grant">The parameters of the grant; scope, audience and what else is configured are added.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">There is none; the message names the error of RFC 6749 §5.2.</exception>
    public async Task<IssuedToken> AskAsync(AuthenticationContext context, IEnumerable<KeyValuePair<string, string>> grant, CancellationToken cancellationToken)
    {
        var options = context.Options<OAuth2Options>();
        // After a consent the scopes are what was consented to, which may be less than was asked for: RFC 6749 §6.
        var target = Target(context, options).Where(parameter => parameter.Key != "scope" || !options.NeedsConsent);
        var answer = await PostAsync(context, AddressOf(context, options.TokenUrl), [.. grant, .. target], cancellationToken);
        return Read(context, options, answer);
    }

    /// <summary>Posts a form to an endpoint of the issuer, with the client's proof; any status is an answer.</summary>
    public async Task<IssuerAnswer> PostAsync(AuthenticationContext context, Uri endpoint, List<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        var (options, secrets) = (context.Options<OAuth2Options>(), context.Secrets);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Headers.Accept.Add(new("application/json"));
        var id = options.ClientId is { } client ? secrets.Resolve(client) : null;
        switch (options.Client)
        {
            case ClientAuthentication.Basic:
                // RFC 6749 §2.3.1: both are form-encoded first.
                var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secrets.Resolve(options.ClientSecret!))}"));
                secrets.Hide(basic);
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
                break;
            case ClientAuthentication.Body:
                form.Add(new("client_id", id!));
                form.Add(new("client_secret", secrets.Resolve(options.ClientSecret!)));
                break;
            case ClientAuthentication.PrivateKeyJwt:
                form.Add(new("client_id", id!));
                form.Add(new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
                form.Add(new("client_assertion", Assertion(context, options, id!, id!, new Dictionary<string, string>())));
                break;
            default:
                if (id is not null)
                    form.Add(new("client_id", id));
                break;
        }

        request.Content = new FormUrlEncodedContent(form);
        return await http.SendAsync(request, secrets, cancellationToken);
    }

    /// <summary>A signed assertion: RFC 7523 §3.</summary>
    public string Assertion(AuthenticationContext context, OAuth2Options options, string issuer, string subject, IReadOnlyDictionary<string, string> claims)
    {
        var (secrets, now) = (context.Secrets, time.GetUtcNow());
        var header = new JsonObject();
        if (options.KeyId is { } keyId)
            header["kid"] = secrets.Resolve(keyId);
        if (options.Certificate is { } pem)
            header["x5t#S256"] = Thumbprint(secrets.Resolve(pem));
        var body = new JsonObject
        {
            ["iss"] = issuer,
            ["sub"] = subject,
            ["aud"] = secrets.Resolve(options.AssertionAudience ?? options.TokenUrl),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + AssertionLifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        };
        foreach (var (name, value) in claims)
            body[name] = secrets.Resolve(value);
        var assertion = JwtSigner.Sign(options.Algorithm, secrets.Resolve(options.PrivateKey!), header, body);
        secrets.Hide(assertion);
        return assertion;
    }

    /// <summary>An endpoint with its references resolved.</summary>
    public static Uri AddressOf(AuthenticationContext context, string address) =>
        Uri.TryCreate(context.Secrets.Resolve(address), UriKind.Absolute, out var uri) && uri is { UserInfo: "", Fragment: "" }
            ? uri
            : throw Fail(context, "address-refused", $"'{address}' is not the address of an issuer: expected one such as https://login.example.com/token.");

    /// <summary>What the token is for.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Target(AuthenticationContext context, OAuth2Options options)
    {
        if (options.Scopes.Count > 0)
            yield return new("scope", string.Join(' ', options.Scopes));
        if (options.Audience is { } audience)
            yield return new("audience", context.Secrets.Resolve(audience));
        foreach (var resource in options.Resources)
            yield return new("resource", context.Secrets.Resolve(resource));
        foreach (var (name, value) in options.Parameters)
            yield return new(name, context.Secrets.Resolve(value));
    }

    /// <summary>The error that an answer names; null where it names none.</summary>
    public static string? ErrorOf(IssuerAnswer answer) => Json(answer) is { } json && Text(json, "error") is { Length: > 0 } error ? error : null;

    /// <summary>The failure that an answer is.</summary>
    public static StepFailedException Refusal(AuthenticationContext context, IssuerAnswer answer)
    {
        var (status, error) = ((int)answer.Status, ErrorOf(answer));
        var said = error is null ? Shape(answer) : TextQuote.Of(Encoding.UTF8.GetBytes($"{error}: {Text(Json(answer)!.Value, "error_description")}".TrimEnd(' ', ':')), context.Secrets.Mask);
        var (code, transient, advice) = (status, error) switch
        {
            (429, _) => ("rate-limited", true, "too many tokens were asked for"),
            ( >= 500 or 408, _) or (_, "server_error" or "temporarily_unavailable") => ("source-unavailable", true, "the issuer has a fault of its own"),
            (_, "invalid_client") => ("unauthorized", false, "check the client's id and its secret or key"),
            (_, "invalid_grant") when context.Options<OAuth2Options>().NeedsConsent => ("unauthorized", false, $"the consent has ended; somebody has to consent again: 'ingest sources consent {context.Source}'"),
            (_, "invalid_grant") => ("unauthorized", false, "the grant has ended, was taken back or is meant for somebody else"),
            (_, "unauthorized_client" or "access_denied") => ("forbidden", false, "the client is known but may not have this token"),
            (_, "invalid_scope" or "invalid_target" or "invalid_request" or "unsupported_grant_type") => ("configuration-invalid", false, "check 'grant', 'scopes', 'audience', 'resources' and 'parameters'"),
            (401, _) => ("unauthorized", false, "check the client's id and its secret or key"),
            (404, _) => ("not-found", false, "check 'tokenUrl'"),
            _ => ("protocol-error", false, "expected a token or an error of RFC 6749"),
        };
        return new(new()
        {
            Code = code,
            Message = $"{answer.Display} gave no token ({status}, {said}): {advice}.",
            IsTransient = transient,
            RetryNotBefore = transient ? answer.RetryNotBefore : null,
        });
    }

    /// <summary>The token in an answer.</summary>
    public static IssuedToken Read(AuthenticationContext context, OAuth2Options options, IssuerAnswer answer)
    {
        if (answer.Status != HttpStatusCode.OK || ErrorOf(answer) is not null) // some issuers answer 200 with an error
            throw Refusal(context, answer);
        if (Json(answer) is not { } json)
            throw Fail(context, "protocol-error", $"{answer.Display} answered 200, but with {Shape(answer)}: expected a token in JSON.");
        if (Text(json, "token_type") is { } type && !type.Equals("bearer", StringComparison.OrdinalIgnoreCase))
            throw Fail(context, "protocol-error", $"{answer.Display} issued a token of the type '{type}': only bearer tokens are supported. Have the issuer configured for them.");
        if (Text(json, "access_token") is not { Length: > 0 } token)
            throw Fail(context, "protocol-error", $"{answer.Display} answered 200 without 'access_token': expected a token.");

        var refresh = Text(json, "refresh_token") is { Length: > 0 } given ? given : null;
        context.Secrets.Hide(token);
        if (refresh is not null)
            context.Secrets.Hide(refresh);
        return new(token, Lifetime(json, options), refresh);
    }

    static TimeSpan Lifetime(JsonElement json, OAuth2Options options)
    {
        // A number by RFC 6749; several issuers write it as text.
        var seconds = json.TryGetProperty("expires_in", out var value) && double.TryParse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return seconds is > 0 and < 10e8 ? TimeSpan.FromSeconds(seconds) : options.TokenLifetime;
    }

    static string Thumbprint(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256));
        }
        catch (CryptographicException unreadable)
        {
            throw new StepFailedException(new() { Code = "setting-invalid", Message = "The value of 'certificate' is no certificate: expected one in PEM.", ErrorType = unreadable.GetType().Name });
        }
    }

    static JsonElement? Json(IssuerAnswer answer)
    {
        try
        {
            return JsonElement.Parse(answer.Body) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // An answer that is no error may hold a token: it is never quoted.
    static string Shape(IssuerAnswer answer) => $"{answer.Message.Content.Headers.ContentType?.MediaType ?? "no content type"}, {answer.Body.Length:N0} characters";

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static StepFailedException Fail(AuthenticationContext context, string code, string message) => new(new() { Code = code, Message = context.Secrets.Mask(message) });
}
