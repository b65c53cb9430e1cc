namespace DataIngestion.Cli.Proposing;

/// <summary>Finds how requests prove who asks.</summary>
internal static class AuthenticationFinder
{
    /// <summary>Looks at requests first, then at what refusals say.</summary>
    public static AuthenticationGuess Find(IReadOnlyList<RecordedExchange> exchanges)
    {
        if (exchanges.FirstOrDefault(IsLogIn) is { } logIn)
            return new(new("oauth2", 0.85, $"'{logIn.Path}' answers with an access token: say 'tokenUrl', 'grant' and the client's references"), null, null);
        foreach (var exchange in exchanges)
        {
            if (exchange.RequestHeaders.TryGetValue("Authorization", out var authorization))
                return OfAuthorization(authorization);
            if (exchange.RequestHeaders.Keys.FirstOrDefault(h => ParameterNames.IsSecret(h) || (h.StartsWith("X-", StringComparison.OrdinalIgnoreCase) && h.Contains("token", StringComparison.OrdinalIgnoreCase))) is { } header)
                return new(new("api-key", 0.95, $"the requests have the header {header}"), "header", header);
            if (exchange.Query.Select(q => q.Key).FirstOrDefault(ParameterNames.IsSecret) is { } parameter)
                return new(new("api-key", 0.9, $"the requests have the parameter {parameter}"), "query", parameter);
        }

        if (exchanges.FirstOrDefault(e => e.Status == 401) is { } refused && refused.Headers.TryGetValue("WWW-Authenticate", out var challenge))
        {
            return challenge.StartsWith("Basic", StringComparison.OrdinalIgnoreCase)
                ? new(new("basic", 0.8, "an answer of 401 asks for Basic"), null, null)
                : new(new("bearer", 0.6, $"an answer of 401 asks for {challenge.Split(' ')[0]}"), null, null);
        }

        return exchanges.Any(e => e.Path is not null)
            ? new(new("none", 0.8, "no request has a header or parameter that looks like a key"), null, null)
            : new(new("none", 0.3, "only answers were given, no requests: add 'auth' if the source wants it"), null, null);
    }

    /// <summary>Whether an exchange only fetched a token.</summary>
    public static bool IsLogIn(RecordedExchange exchange) =>
        exchange.Method == "POST" && exchange.Body.Length < 64 << 10 && System.Text.Encoding.UTF8.GetString(exchange.Body) is var body
        && (body.Contains("\"access_token\"", StringComparison.Ordinal) || body.Contains("\"accessToken\"", StringComparison.Ordinal));

    static AuthenticationGuess OfAuthorization(string value)
    {
        var scheme = value.Split(' ')[0];
        return scheme.ToLowerInvariant() switch
        {
            "basic" => new(new("basic", 0.95, "the requests have 'Authorization: Basic'"), null, null),
            "bearer" => new(new("bearer", 0.85, "the requests have 'Authorization: Bearer'; if the token is short-lived it comes from a log-in (OAuth 2.0)"), null, null),
            "aws4-hmac-sha256" => new(new("aws-sigv4", 0.95, "the requests are signed with AWS Signature 4"), null, null),
            _ => new(new("api-key", 0.8, $"the requests have 'Authorization: {scheme} …'"), "header", "Authorization"),
        };
    }
}
