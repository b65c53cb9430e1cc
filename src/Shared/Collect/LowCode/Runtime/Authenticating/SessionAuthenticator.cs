using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A log-in whose answer holds the token of the requests that follow (<c>SessionTokenAuthenticator</c>): the kind <c>session</c>.</summary>
internal sealed class SessionAuthenticator(Part part) : Authenticator
{
    readonly Part _login = part.Needed("login_requester");
    readonly Part _use = part.Needed("request_authentication");

    public override AuthenticationDefinition? Put(RequestOptions options, TemplateContext context)
    {
        var session = new Dictionary<string, string> { ["tokenPath"] = PathOf(part.Expressions("session_token_path").Select(s => s.Text(context))) };
        PutLogin(session, context);
        PutUse(session, context);
        if (part.Text("expiration_duration") is { } duration)
            session["lifetime"] = OAuthAuthenticator.Seconds(duration) ?? throw part.Fault($"'expiration_duration' is '{duration}': expected an ISO 8601 duration such as PT1H.");
        return new() { Kind = "session", Options = session };
    }

    /// <summary>A path of names as connections write it.</summary>
    public static string PathOf(IEnumerable<string> steps) =>
        "$" + string.Concat(steps.Select(step => int.TryParse(step, out var place) ? $"[{place}]" : $".{step}"));

    void PutLogin(Dictionary<string, string> session, TemplateContext context)
    {
        var start = _login.Expression("url_base")?.TextEntry(context) ?? _login.Expression("url")?.TextEntry(context) ?? throw _login.Fault("'url' is missing.");
        var url = RequestTexts.Join(start, _login.Expression("path")?.TextEntry(context)?.TrimStart('/') ?? "");
        var asked = new RequestOptions();
        var basic = BasicHeader.Of(_login, "request_headers");
        new OptionFields(_login, "request_parameters", ValueKinds.Text | ValueKinds.List).Put(asked.Query, context);
        foreach (var (name, value) in new OptionFields(_login, "request_headers", default(ValueKinds), basic?.Name).Evaluate(context))
            asked.Headers[name] = PythonText.Str(value);
        new RequestBody(_login).Put(asked, context);
        var proof = ProofOf(asked, context) ?? basic?.Authentication(context);

        if (asked.Query.Count > 0)
            url += (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + RequestTexts.Form(asked.Query);
        session["url"] = url;
        session["method"] = _login.Text("http_method")?.ToUpperInvariant() ?? "GET";
        if (session["method"] != "GET" && RequestBody.Write(asked) is ({ } body, { } type))
            (session["body"], session["contentType"]) = (body, type);
        foreach (var (name, value) in asked.Headers.Where(h => !h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
            session[$"headers.{name}"] = value;
        if (proof is { Kind: "basic" })
            (session["user"], session["password"]) = (proof["user"]!, proof["value"]!);
        else if (proof is not null)
            throw _login.Fault($"a log-in cannot prove itself by the kind '{proof.Kind}': configure 'auth' on the connection.");
    }

    AuthenticationDefinition? ProofOf(RequestOptions asked, TemplateContext context) => _login.Child("authenticator") switch
    {
        null or { Type: "NoAuth" } => null,
        { Type: "ApiKeyAuthenticator" or "BearerAuthenticator" } token => new TokenAuthenticator(token).Put(asked, context),
        { Type: "BasicHttpAuthenticator" } pair => new BasicAuthenticator(pair).Put(asked, context),
        var other => throw other.Fault("this way cannot prove a log-in: configure 'auth' on the connection."),
    };

    void PutUse(Dictionary<string, string> session, TemplateContext context)
    {
        if (_use.Type is "Bearer" or "SessionTokenRequestBearerAuthenticator")
        {
            session["header"] = "Authorization";
            session["scheme"] = "Bearer";
            return;
        }

        if (_use.Type is not ("ApiKey" or "SessionTokenRequestApiKeyAuthenticator"))
            throw _use.Unknown("use of a session's token");
        const string Token = "\u0001token\u0001";
        var asked = new RequestOptions();
        var template = _use.Evaluated(_use.Text("api_token") ?? "{{ session_token }}", "api_token");
        (InjectedOption.Of(_use, "inject_into") ?? throw _use.Fault("'inject_into' is missing.")).Put(asked, template.Text(context.With(("session_token", Token))), context);
        if (asked.Headers.Count == 1 && asked.Headers.First() is var (header, value) && value.EndsWith(Token, StringComparison.Ordinal))
        {
            session["header"] = header;
            if (value[..^Token.Length].Trim() is { Length: > 0 } scheme)
                session["scheme"] = scheme;
            else if (header.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
                session["scheme"] = "";
        }
        else if (asked.Query.Count == 1 && asked.Query.First() is { Value: Token } parameter)
        {
            session["query"] = parameter.Key;
        }
        else
        {
            throw _use.Fault("a session's token is sent as a header or a parameter, after at most a word: configure 'auth' of the kind session on the connection.");
        }
    }
}
