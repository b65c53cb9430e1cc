using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The innermost handler: gives a request its real address and its credentials, and follows redirects. Handlers outside it (the
/// client factory's loggers, tracing) see neither.
/// </summary>
internal sealed class SourceHandler(Authentications authentications) : DelegatingHandler
{
    const int MaxRedirects = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(SourceCall.Key, out var call))
            throw new InvalidOperationException("Requests to sources are sent through ISourceHttp.");

        var (method, address, isAway) = (request.Method, call.Address, false);
        var mended = false;
        for (var hops = 0; ;)
        {
            // Each hop is a message of its own, so that nothing of one origin's request is left for the next.
            var hop = await BuildAsync(call, method, address, isAway, request, cancellationToken);
            HttpResponseMessage response;
            try
            {
                response = await base.SendAsync(hop, cancellationToken);
            }
            catch
            {
                hop.Dispose();
                throw;
            }

            response.RequestMessage = hop;
            if (NextOf(response) is not { } location)
            {
                if (mended || isAway || !await CanMendAsync(call, response, cancellationToken))
                    return response;
                mended = true;
                response.Dispose();
                continue;
            }

            var status = response.StatusCode;
            response.Dispose();
            if (!Uri.TryCreate(address, location, out var next))
                throw Refuse(call, status, "it redirects to what is no address");
            if (hops++ == MaxRedirects)
                throw Refuse(call, status, $"it redirects more than {MaxRedirects} times");
            if (next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme != "https"))
                throw Refuse(call, status, $"it redirects from {address.Scheme} to {next.Scheme}");
            if (next.UserInfo.Length > 0)
                throw Refuse(call, status, $"it redirects to the host '{next.IdnHost}' with credentials in the address");
            isAway |= !Origin.IsSame(next, call.Address);
            if (isAway && call.Connection.Tls?.ClientCertificate is not null)
                throw Refuse(call, status, $"it redirects to the host '{next.IdnHost}', which would be shown our client certificate");
            if (status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther)
                method = HttpMethod.Get;
            else if (method != HttpMethod.Get && isAway)
                throw Refuse(call, status, $"it redirects a {method} with its body to the host '{next.IdnHost}'");
            address = next;
        }
    }

    async Task<HttpRequestMessage> BuildAsync(SourceCall call, HttpMethod method, Uri address, bool isAway, HttpRequestMessage outer, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(method, address) { Version = outer.Version, VersionPolicy = outer.VersionPolicy };
        if (!isAway) // nor when it comes back: another host would choose what is asked in our name
        {
            foreach (var (name, value) in call.IsAway ? call.Request.Headers : call.Connection.Headers.Concat(call.Request.Headers))
                RequestHeader.Set(message, name, call.Secrets.Resolve(value));
            if (method != HttpMethod.Get && call.Request.Body is { } body)
                message.Content = Content(call, body);
            if (AuthOf(call) is { } auth)
                await WayOf(auth).AuthenticateAsync(message, new(call.Source, auth, call.Secrets), cancellationToken);
        }
        else
        {
            // What a range request is made of holds nothing of ours, and storage that a source redirects to needs it.
            foreach (var (name, value) in call.Request.Headers.Where(h => h.Key is "Range" or "If-Range" or "Accept-Encoding"))
                RequestHeader.Set(message, name, call.Secrets.Resolve(value));
        }

        if (!message.Headers.Contains("Accept-Encoding"))
            message.Headers.AcceptEncoding.Add(new("gzip"));

        // Some vendors refuse requests that don't say what they come from.
        if (!message.Headers.Contains("User-Agent"))
            message.Headers.UserAgent.Add(new("DataIngestion", "0.1"));
        return message;
    }

    static StringContent Content(SourceCall call, string body)
    {
        var (type, syntax) = (call.Request.ContentType, BodySyntaxes.Of(call.Request.ContentType));
        var content = new StringContent(call.Secrets.Resolve(body, value => syntax.Escape(value)), Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (syntax is not BodySyntax.Form) // which has no character set: it is escaped UTF-8
            content.Headers.ContentType.CharSet ??= "utf-8";
        return content;
    }

    async ValueTask<bool> CanMendAsync(SourceCall call, HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        && AuthOf(call) is { } auth && await WayOf(auth).MendAsync(response, new(call.Source, auth, call.Secrets), cancellationToken);

    // At another host only what the request itself is given, by the definition, counts; the connection's credentials stay at its base address.
    static AuthenticationDefinition? AuthOf(SourceCall call) => call.IsAway ? call.Request.Auth is null ? null : call.Connection.Auth : call.Connection.Auth;

    IAuthenticationKind WayOf(AuthenticationDefinition auth) => authentications.Find(auth.Kind ?? "") ?? throw new StepFailedException(new()
    {
        Code = "configuration-invalid",
        Message = $"There is no authentication '{auth.Kind}': {Suggestion.Phrase(auth.Kind ?? "", authentications.Names)}",
    });

    static Uri? NextOf(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
            ? response.Headers.Location
            : null;

    static StepFailedException Refuse(SourceCall call, HttpStatusCode status, string why) => new(new()
    {
        Code = "redirect-refused",
        Message = $"{call.Display} was not followed: {why}. Put the final address into the configuration.",
        HttpStatus = (int)status,
    });
}
