using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// Tokens of a token endpoint (<c>OAuthAuthenticator</c>). The usual ones become the kind <c>oauth2</c>, which keeps a replaced refresh token;
/// an endpoint with names of its own is a log-in whose answer holds the token, the kind <c>session</c>.
/// </summary>
internal sealed class OAuthAuthenticator(Part part) : Authenticator
{
    readonly Expression _grant = part.Evaluated(part.Text("grant_type") ?? "refresh_token", "grant_type");
    readonly Expression? _endpoint = part.Expression("token_refresh_endpoint");
    readonly Expression? _clientId = part.Expression("client_id");
    readonly Expression? _clientSecret = part.Expression("client_secret");
    readonly Expression? _refreshToken = part.Expression("refresh_token");
    readonly Expression? _accessToken = part.Expression("access_token_value");
    readonly IReadOnlyList<Expression> _scopes = part.Expressions("scopes");
    readonly OptionFields _body = new(part, "refresh_request_body", default(ValueKinds));
    readonly BasicHeader? _basic = BasicHeader.Of(part, "refresh_request_headers");
    readonly OptionFields _headers = new(part, "refresh_request_headers", default(ValueKinds), BasicHeader.Of(part, "refresh_request_headers")?.Name);

    public override AuthenticationDefinition? Put(RequestOptions options, TemplateContext context)
    {
        if (part.Flag("use_profile_assertion"))
            throw part.Fault("an assertion as proof is not part of what can be mapped: configure 'auth' of the kind oauth2 with the grant jwt-bearer on the connection.");
        if (_endpoint?.TextEntry(context) is not { } endpoint)
        {
            // A token that somebody gave, which nobody renews.
            if (_accessToken?.TextEntry(context) is not { } token)
                throw part.Fault("'token_refresh_endpoint' is missing: expected where tokens come from, or an 'access_token_value'.");
            options.Headers["Authorization"] = $"Bearer {token}";
            return null;
        }

        if (part.Flag("send_refresh_request_as_query_params"))
            return Session(endpoint, inQuery: true, context);
        var isUsual = Name("client_id") == "client_id" && Name("client_secret") == "client_secret" && Name("refresh_token") == "refresh_token"
            && Name("access_token") == "access_token" && Name("expires_in") == "expires_in" && Name("grant_type") == "grant_type" && _headers.IsEmpty;
        return (isUsual, _grant.Text(context)) switch
        {
            (true, "refresh_token") when Value(_refreshToken, context) is not null => Usual("refresh-token", endpoint, context),
            (true, "client_credentials") => Usual("client-credentials", endpoint, context),
            _ => Session(endpoint, inQuery: false, context),
        };
    }

    AuthenticationDefinition Usual(string grant, string endpoint, TemplateContext context)
    {
        var options = new Dictionary<string, string> { ["grant"] = grant, ["tokenUrl"] = endpoint };
        var basic = _basic?.Authentication(context);
        options["clientId"] = basic?["user"] ?? Value(_clientId, context) ?? throw part.Fault("'client_id' is missing.");
        if ((basic?["value"] ?? Value(_clientSecret, context)) is { } secret)
            (options["clientSecret"], options["clientAuth"]) = (secret, basic is null ? "body" : "basic");
        else
            options["clientAuth"] = "none";
        if (grant == "refresh-token")
            options["refreshToken"] = Value(_refreshToken, context)!;
        if (_scopes.Count > 0)
            options["scopes"] = string.Join('\n', _scopes.Select(s => s.Text(context)));
        foreach (var (name, value) in _body.Evaluate(context).Where(f => f.Key is not ("grant_type" or "client_id" or "client_secret" or "refresh_token")))
            options[$"parameters.{name}"] = PythonText.Str(value);
        return new() { Kind = "oauth2", Options = options };
    }

    AuthenticationDefinition Session(string endpoint, bool inQuery, TemplateContext context)
    {
        var fields = new LowCodeMap();
        var basic = _basic?.Authentication(context);
        fields[Name("grant_type")] = _grant.Text(context);
        if (basic is null)
        {
            fields[Name("client_id")] = Value(_clientId, context);
            fields[Name("client_secret")] = Value(_clientSecret, context);
        }

        fields[Name("refresh_token")] = Value(_refreshToken, context);
        if (_scopes.Count > 0)
            fields["scope"] = string.Join(' ', _scopes.Select(s => s.Text(context)));
        foreach (var (name, value) in _body.Evaluate(context).Where(f => !fields.ContainsKey(f.Key)))
            fields[name] = PythonText.Str(value);

        var form = RequestTexts.Form(fields);
        var options = new Dictionary<string, string>
        {
            ["url"] = inQuery ? endpoint + (endpoint.Contains('?', StringComparison.Ordinal) ? '&' : '?') + form : endpoint,
            ["tokenPath"] = $"$.{Name("access_token")}",
            ["lifetimePath"] = $"$.{Name("expires_in")}",
            ["header"] = "Authorization",
            ["scheme"] = "Bearer",
        };
        if (!inQuery)
            (options["body"], options["contentType"]) = (form, "application/x-www-form-urlencoded");
        if (basic is not null)
            (options["user"], options["password"]) = (basic["user"]!, basic["value"]!);
        foreach (var (name, value) in _headers.Evaluate(context))
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && PythonText.Str(value).Contains("json", StringComparison.OrdinalIgnoreCase) && !inQuery)
                (options["body"], options["contentType"]) = (JsonValues.Write(new LowCodeMap(fields.Where(f => f.Value is not null))), "application/json");
            else if (!name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                options[$"headers.{name}"] = PythonText.Str(value);
        }

        return new() { Kind = "session", Options = options };
    }

    string Name(string field) => part.Text($"{field}_name") ?? field;

    static string? Value(Expression? expression, TemplateContext context) => expression?.TextEntry(context);

    /// <summary>Seconds of an ISO 8601 duration as options write times; null where it is none.</summary>
    public static string? Seconds(string? duration) =>
        duration is not null && IsoDuration.Parse(duration) is TimeDelta { Length: var length } && length > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{(long)length.TotalSeconds}s") : null;
}
