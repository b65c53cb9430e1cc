using System.Net.Http.Headers;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>saml</c>: an assertion is posted to the service's ACS once, and its session cookies go with every request.</summary>
internal sealed class SamlAuthentication(SamlAssertions assertions, IssuerHttp http, TokenCache tokens) : IAuthenticationKind
{
    public string Name => "saml";

    public Type Options => typeof(SamlOptions);

    public async ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var cookies = await tokens.GetAsync(new(KeyOf(context), Name, context.Source, (_, stop) => LogInAsync(context, stop)), cancellationToken);
        foreach (var cookie in cookies.Split("; "))
            context.Secrets.Hide(cookie.Split('=', 2)[^1]);
        RequestHeader.Set(request, "Cookie", request.Headers.TryGetValues("Cookie", out var others) ? string.Join("; ", [.. others, cookies]) : cookies);
    }

    public ValueTask<bool> RenewAsync(AuthenticationContext context, CancellationToken cancellationToken) => ValueTask.FromResult(tokens.Reject(KeyOf(context)));

    string KeyOf(AuthenticationContext context) => TokenCache.KeyOf(Name, context.Definition.Options);

    async Task<IssuedToken> LogInAsync(AuthenticationContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<SamlOptions>();
        if (!Uri.TryCreate(context.Secrets.Resolve(options.AcsUrl), UriKind.Absolute, out var acs))
            throw new StepFailedException(new() { Code = "configuration-invalid", Message = "'acsUrl' is not an address." });
        var (_, response) = await assertions.GetAsync(context, options, acs, cancellationToken);
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(response.StartsWith("<saml:Assertion", StringComparison.Ordinal) ? Wrap(response, acs) : response));
        context.Secrets.Hide(encoded);
        using var request = new HttpRequestMessage(HttpMethod.Post, acs)
        {
            Content = new StringContent($"SAMLResponse={Uri.EscapeDataString(encoded)}", Encoding.ASCII, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        var answer = await http.SendAsync(request, context.Secrets, mayRedirect: true, cancellationToken);
        var set = answer.Message.Headers.TryGetValues("Set-Cookie", out var values) ? values.Select(v => v.Split(';', 2)[0].Trim()).Where(v => v.Contains('=', StringComparison.Ordinal)).ToList() : [];
        if ((int)answer.Status is < 400 && set.Count > 0)
            return new(string.Join("; ", set), options.SessionLifetime);
        var transient = (int)answer.Status is 429 or >= 500;
        throw new StepFailedException(new()
        {
            Code = transient ? "source-unavailable" : "unauthorized",
            Message = $"{answer.Display} answered {(int)answer.Status} {answer.Status} to the assertion{((int)answer.Status < 400 ? " and set no cookie" : "")}: check 'issuer', 'audience' and whether the service knows the signer's certificate.",
            IsTransient = transient,
            HttpStatus = (int)answer.Status,
            RetryNotBefore = answer.RetryNotBefore,
        });
    }

    static string Wrap(string assertion, Uri acs) =>
        $"""<samlp:Response xmlns:samlp="{SamlXml.Protocol}" ID="_{Guid.NewGuid():N}" Version="2.0" Destination="{System.Security.SecurityElement.Escape(acs.OriginalString)}"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>""";
}
