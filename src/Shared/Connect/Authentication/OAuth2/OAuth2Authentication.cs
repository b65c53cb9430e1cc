using System.Buffers.Text;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>oauth2</c>: a bearer token from a token endpoint, shared by the fleet and renewed before it ends.</summary>
internal sealed class OAuth2Authentication(TokenCache tokens, TokenEndpoint endpoint, ISamlAssertions saml) : IAuthenticationKind
{
    public string Name => "oauth2";

    public Type Options => typeof(OAuth2Options);

    public async ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<OAuth2Options>();
        var token = await tokens.GetAsync(RequestFor(context), cancellationToken);
        context.Secrets.Hide(token);
        RequestHeader.Set(request, options.Header, options.Scheme.Length == 0 ? token : $"{options.Scheme} {token}");
    }

    public ValueTask<bool> RenewAsync(AuthenticationContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(tokens.Reject(TokenCache.KeyOf(Name, context.Definition.Options)));

    /// <summary>Where these credentials' token is kept, and how the next one is had.</summary>
    public TokenRequest RequestFor(AuthenticationContext context) => new(TokenCache.KeyOf(Name, context.Definition.Options), Name, context.Source, async (kept, stop) =>
    {
        try
        {
            return await IssueAsync(context, kept, stop);
        }
        catch (StepFailedException refused) when (refused.Failure.Code == "unauthorized")
        {
            // A secret that was changed while we held it.
            if (!await context.Secrets.RefreshAsync(stop))
                throw;
            return await IssueAsync(context, kept, stop);
        }
    });

    Task<IssuedToken> IssueAsync(AuthenticationContext context, Token? kept, CancellationToken cancellationToken)
    {
        var options = context.Options<OAuth2Options>();
        return options.Grant switch
        {
            OAuth2Grant.ClientCredentials => endpoint.AskAsync(context, [new("grant_type", "client_credentials")], cancellationToken),
            OAuth2Grant.JwtBearer => JwtBearerAsync(context, options, cancellationToken),
            OAuth2Grant.SamlBearer => SamlBearerAsync(context, options, cancellationToken),
            _ => RefreshAsync(context, options, kept?.Refresh, cancellationToken),
        };
    }

    async Task<IssuedToken> RefreshAsync(AuthenticationContext context, OAuth2Options options, string? kept, CancellationToken cancellationToken)
    {
        var first = options.RefreshToken is { } reference ? context.Secrets.Resolve(reference) : null;
        if ((kept ?? first) is not { } refresh)
        {
            throw new StepFailedException(new()
            {
                Code = "consent-missing",
                Message = $"Nobody has consented yet that the source '{context.Source}' is read: run 'ingest sources consent {context.Source}'.",
            });
        }

        try
        {
            return await AskAsync(refresh);
        }
        catch (StepFailedException ended) when (ended.Failure.Code == "unauthorized" && kept is not null && first is not null && first != kept)
        {
            return await AskAsync(first); // somebody has put a new one into the configuration
        }

        Task<IssuedToken> AskAsync(string token)
        {
            context.Secrets.Hide(token);
            return endpoint.AskAsync(context, [new("grant_type", "refresh_token"), new("refresh_token", token)], cancellationToken);
        }
    }

    Task<IssuedToken> JwtBearerAsync(AuthenticationContext context, OAuth2Options options, CancellationToken cancellationToken)
    {
        var issuer = context.Secrets.Resolve(options.Issuer ?? options.ClientId!);
        var assertion = endpoint.Assertion(context, options, issuer, options.Subject is { } subject ? context.Secrets.Resolve(subject) : issuer, options.Claims);
        return endpoint.AskAsync(context, [new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", assertion)], cancellationToken);
    }

    async Task<IssuedToken> SamlBearerAsync(AuthenticationContext context, OAuth2Options options, CancellationToken cancellationToken)
    {
        var xml = await saml.GetAsync(context, options.Saml, TokenEndpoint.AddressOf(context, options.TokenUrl), cancellationToken);
        var assertion = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(xml)); // RFC 7522 §2.1: one line, no padding
        context.Secrets.Hide(assertion);
        return await endpoint.AskAsync(context, [new("grant_type", "urn:ietf:params:oauth:grant-type:saml2-bearer"), new("assertion", assertion)], cancellationToken);
    }
}
