using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A fixed token in a header, a parameter or the body (<c>ApiKeyAuthenticator</c>, <c>BearerAuthenticator</c>).</summary>
internal sealed class TokenAuthenticator : Authenticator
{
    readonly Expression _token;
    readonly InjectedOption? _place;
    readonly Expression? _header;
    readonly Expression? _pair;
    readonly string _before = "";

    public TokenAuthenticator(Part part)
    {
        _token = part.NeededExpression("api_token");
        if (part.Type == "BearerAuthenticator")
        {
            _before = "Bearer ";
            _header = part.Evaluated("Authorization", "header");
            return;
        }

        _place = InjectedOption.Of(part, "inject_into");
        _header = part.Expression("header");
        if (_place is null && _header is null)
            throw part.Fault("'inject_into' is missing: expected where the key goes.");
        if (BasicHeader.PairOf(_token.Source) is { } pair)
            _pair = part.Evaluated(pair, "api_token");
    }

    public override AuthenticationDefinition? Put(RequestOptions options, TemplateContext context)
    {
        if (_pair is not null)
            return BasicHeader.Of(_pair.Text(context));
        var token = _before + _token.Text(context);
        if (_place is not null)
            _place.Put(options, token, context);
        else
            options.Headers[_header!.Text(context)] = token;
        return null;
    }
}
