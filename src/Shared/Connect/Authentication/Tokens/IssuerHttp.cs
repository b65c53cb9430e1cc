using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What an issuer answered.</summary>
/// <param name="Display">Its address without secrets, for messages.</param>
/// <param name="Message">Status and headers; its content is spent.</param>
/// <param name="Body">The whole body.</param>
/// <param name="RetryNotBefore">The moment that <c>Retry-After</c> names.</param>
internal sealed record IssuerAnswer(string Display, HttpResponseMessage Message, string Body, DateTimeOffset? RetryNotBefore)
{
    /// <summary>Its status.</summary>
    public HttpStatusCode Status => Message.StatusCode;
}

/// <summary>
/// HTTP to issuers of tokens. Requests hold secrets: no logger and no trace sees them, no redirect is followed, no proxy is used, addresses are
/// guarded as those of sources are, and answers are small and come soon.
/// </summary>
internal sealed class IssuerHttp(AddressGuard guard, TlsPolicies policies, SourceTransport transport, TimeProvider time) : IDisposable
{
    /// <summary>Bytes of an answer.</summary>
    public const int LargestAnswer = 1 << 20;

    static readonly Uri Nowhere = new("https://issuer.invalid");
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // By the connection's TLS too: an issuer may want its client certificate (RFC 8705) or be known to its authority. Its pins are the source's own.
    readonly ConcurrentDictionary<(bool AllowPrivate, string Tls), HttpMessageInvoker> _clients = [];

    /// <summary>Sends a request; any status is an answer.</summary>
    /// <param name="request">To an absolute address; http is refused unless <see cref="ConnectionDefinition.AllowPrivateNetwork"/>.</param>
    /// <param name="secrets">Whose they are; masks.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">There was no whole answer.</exception>
    public Task<IssuerAnswer> SendAsync(HttpRequestMessage request, SourceSecrets secrets, CancellationToken cancellationToken) => SendAsync(request, secrets, mayRedirect: false, cancellationToken);

    /// <summary>Sends a request; any status is an answer.</summary>
    /// <param name="request">To an absolute address; http is refused unless <see cref="ConnectionDefinition.AllowPrivateNetwork"/>.</param>
    /// <param name="secrets">Whose they are; masks.</param>
    /// <param name="mayRedirect">Whether a redirect is an answer, as after a log-in. It is not followed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">There was no whole answer.</exception>
    public async Task<IssuerAnswer> SendAsync(HttpRequestMessage request, SourceSecrets secrets, bool mayRedirect, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        var display = secrets.Mask(address.GetLeftPart(UriPartial.Path));
        var allowPrivate = secrets.Connection.AllowPrivateNetwork;
        if (address.Scheme != "https" && !(allowPrivate && address.Scheme == "http"))
            throw Fail("address-refused", $"{display} is not asked for a token: expected an https address, since the request holds secrets.");
        request.Headers.UserAgent.TryParseAdd("DataIngestion/0.1"); // some issuers refuse requests that don't say what they come from
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var patience = new CancellationTokenSource(Patience, time);
        await using var joined = patience.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit).ConfigureAwait(false);
        try
        {
            using var message = await ClientOf(secrets).SendAsync(request, limit.Token);
            var body = await BodyAsync(message, display, limit.Token);
            if (!mayRedirect && (int)message.StatusCode is >= 300 and < 400)
                throw Fail("redirect-refused", $"{display} answered {(int)message.StatusCode}: an issuer that redirects is not followed, since the request holds secrets. Put the final address into the configuration.");
            return new(display, message, body, RetryAfter.Of(message, time.GetUtcNow()));
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail("timeout", $"{display} did not answer within {Patience}.", isTransient: true, late);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw Explain(fault, display, address.Host, secrets);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    HttpMessageInvoker ClientOf(SourceSecrets secrets)
    {
        var connection = secrets.Connection;
        var home = connection.Tls is null ? Nowhere : new Uri(secrets.Resolve(connection.BaseUrl));
        return _clients.GetOrAdd((connection.AllowPrivateNetwork, policies.FingerprintOf(connection, home, secrets)), key => new(transport(Sockets(guard, key.AllowPrivate, policies.Of(key.Tls)))));
    }

    static async Task<string> BodyAsync(HttpResponseMessage message, string display, CancellationToken cancellationToken)
    {
        var body = await message.Content.ReadAsStreamAsync(cancellationToken);
        await using var owned = body.ConfigureAwait(false);
        using var read = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int n; (n = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            read.Write(buffer, 0, n);
            if (read.Length > LargestAnswer)
                throw Fail("response-too-large", $"The answer of {display} is over {LargestAnswer:N0} bytes: that is no token.");
        }

        return Encoding.UTF8.GetString(read.GetBuffer(), 0, (int)read.Length);
    }

    static StepFailedException Explain(Exception fault, string display, string host, SourceSecrets secrets)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is StepFailedException known)
                return known; // the address guard speaks from inside the connection
        }

        var cause = fault.InnerException ?? fault;
        return cause switch
        {
            AuthenticationException => Fail("certificate-refused", $"The certificate of '{host}', which issues the token, is not trusted ({secrets.Mask(cause.Message)}).", cause: fault),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => Fail("source-unavailable", $"The host '{host}', which issues the token, has no address.", isTransient: true, fault),
            _ => Fail("source-unavailable", $"{display} could not be asked for a token ({secrets.Mask(cause.Message)}).", isTransient: true, fault),
        };
    }

    static StepFailedException Fail(string code, string message, bool isTransient = false, Exception? cause = null) =>
        new(new() { Code = code, Message = message, IsTransient = isTransient, ErrorType = cause?.GetType().Name });

    static SocketsHttpHandler Sockets(AddressGuard guard, bool allowPrivate, TlsPolicy tls) => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = (context, cancellationToken) => guard.ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken),
        MaxResponseHeadersLength = 64, // KiB
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions = tls.Options(),
        UseCookies = false,
        UseProxy = false,
    };
}
