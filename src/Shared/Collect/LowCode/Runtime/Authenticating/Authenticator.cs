using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// How requests prove who we are, as a manifest's authenticator says. Secrets stay references: a token goes into the request as one, and
/// what has to be worked out of secrets becomes one of the kinds that the connections know.
/// </summary>
internal abstract class Authenticator
{
    /// <summary>Puts the proof into a request.</summary>
    /// <returns>The kind that makes it when the request is sent; null for as the connection says.</returns>
    public abstract AuthenticationDefinition? Put(RequestOptions options, TemplateContext context);

    /// <summary>The authenticator of a component. Where the connection says itself how it is done, that counts.</summary>
    public static Authenticator Of(Part? part, LowCodeRun run)
    {
        if (part is null || run.Source.Connection?.Auth is not null)
            return new NoAuthenticator();
        return part.Type switch
        {
            "NoAuth" => new NoAuthenticator(),
            "ApiKeyAuthenticator" => new TokenAuthenticator(part),
            "BearerAuthenticator" => new TokenAuthenticator(part),
            "BasicHttpAuthenticator" => new BasicAuthenticator(part),
            "OAuthAuthenticator" => new OAuthAuthenticator(part),
            "SessionTokenAuthenticator" => new SessionAuthenticator(part),
            "LegacySessionTokenAuthenticator" => new LegacySessionAuthenticator(part),
            "JwtAuthenticator" => new JwtAuthenticator(part),
            "SelectiveAuthenticator" => Of(Selected(part, run), run),
            "RateLimitedMultipleTokenAuthenticator" => throw part.Fault("several tokens in one secret cannot be told apart, because secrets are references: configure 'auth' on the connection with one token."),
            _ => throw part.Unknown("authenticator"),
        };
    }

    static Part Selected(Part part, LowCodeRun run)
    {
        var path = part.Expressions("authenticator_selection_path").Select(step => step.Text(run.Context)).ToList();
        var choices = part.Needed("authenticators");
        if (!DataPath.TryFind(run.Config, path, out var chosen) || chosen is null)
            throw part.Fault($"the configuration has no '{string.Join('.', path)}', which selects the authenticator: expected one of {string.Join(", ", Names(choices))}.");
        return choices.Child(PythonText.Str(chosen)) ?? throw part.Fault($"there is no authenticator '{PythonText.Str(chosen)}': {Suggestion.Phrase(PythonText.Str(chosen), [.. Names(choices)])}");
    }

    static IEnumerable<string> Names(Part choices) => choices.Names;

    sealed class NoAuthenticator : Authenticator
    {
        public override AuthenticationDefinition? Put(RequestOptions options, TemplateContext context) => null;
    }
}
