using System.Net;
using System.Net.Sockets;
using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>What a service that issues credentials answered.</summary>
/// <param name="Status">Any status.</param>
/// <param name="Body">The whole body.</param>
/// <param name="Message">Headers; its content is spent.</param>
internal sealed record CredentialAnswer(HttpStatusCode Status, string Body, HttpResponseMessage Message)
{
    /// <summary>A 2xx.</summary>
    public bool IsSuccess => Message.IsSuccessStatusCode;
}

/// <summary>
/// HTTP to services that issue credentials (STS, identity providers). Requests hold secrets: no logger, no trace and no redirect sees them,
/// and answers are small.
/// </summary>
internal sealed class CredentialHttp(IHttpClientFactory clients)
{
    const string Public = "credentials";
    const string Private = "private-credentials";
    const int LongestAnswer = 1 << 20;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Registers it and its clients.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<CredentialHttp>();
        foreach (var name in (string[])[Public, Private])
        {
            services.AddHttpClient(name, client => (client.Timeout, client.MaxResponseContentBufferSize) = (Patience, LongestAnswer))
                .ConfigurePrimaryHttpMessageHandler(provider => Sockets(provider.GetRequiredService<AddressGuard>(), allowPrivate: name == Private))
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // PooledConnectionLifetime follows changes of DNS
                .RemoveAllLoggers();
        }
    }

    /// <summary>Sends a request; any status is an answer.</summary>
    /// <param name="request">To an absolute http or https address.</param>
    /// <param name="allowPrivate">Whether it may lead to a private network.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">There was no answer; the message names the host only.</exception>
    public async Task<CredentialAnswer> SendAsync(HttpRequestMessage request, bool allowPrivate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var host = request.RequestUri!.IdnHost;
        try
        {
            using var message = await clients.CreateClient(allowPrivate ? Private : Public).SendAsync(request, cancellationToken);
            return new(message.StatusCode, await message.Content.ReadAsStringAsync(cancellationToken), message);
        }
        catch (HttpRequestException fault)
        {
            throw Known(fault) ?? Unavailable($"'{host}', which issues the credentials, could not be asked: {(fault.InnerException is SocketException socket ? socket.Message : fault.HttpRequestError)}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable($"'{host}', which issues the credentials, did not answer within {Patience}.");
        }
    }

    static SocketsHttpHandler Sockets(AddressGuard guard, bool allowPrivate) => new()
    {
        ActivityHeadersPropagator = null, // no trace of these
        AllowAutoRedirect = false,
        ConnectCallback = (context, cancellationToken) => guard.ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        UseProxy = false,
    };

    static StepFailedException? Known(Exception? fault) => fault is null ? null : fault as StepFailedException ?? Known(fault.InnerException);

    static StepFailedException Unavailable(string message) => new(new() { Code = "source-unavailable", Message = message, IsTransient = true });
}
