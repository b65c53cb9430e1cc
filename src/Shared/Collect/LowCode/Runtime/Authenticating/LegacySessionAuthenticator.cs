using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A log-in with user and password as JSON, in the way of the first manifests (<c>LegacySessionTokenAuthenticator</c>): the kind <c>session</c>.</summary>
internal sealed class LegacySessionAuthenticator(Part part) : Authenticator
{
    public override AuthenticationDefinition? Put(RequestOptions options, TemplateContext context)
    {
        var header = part.NeededExpression("header").Text(context);
        if (part.Expression("session_token")?.TextEntry(context) is { } token)
        {
            options.Headers[header] = token;
            return null;
        }

        var start = part.Expression("api_url")?.TextEntry(context) ?? "";
        var login = part.NeededExpression("login_url").Text(context);
        var body = new LowCodeMap { ["username"] = part.Expression("username")?.TextEntry(context), ["password"] = part.Expression("password")?.TextEntry(context) };
        return new()
        {
            Kind = "session",
            Options = new Dictionary<string, string>
            {
                ["url"] = start.Length > 0 ? RequestTexts.Join(start, login.TrimStart('/')) : login,
                ["body"] = JsonValues.Write(new LowCodeMap(body.Where(f => f.Value is not null))),
                ["tokenPath"] = SessionAuthenticator.PathOf([part.NeededExpression("session_token_response_key").Text(context)]),
                ["header"] = header,
                ["scheme"] = "",
            },
        };
    }
}
