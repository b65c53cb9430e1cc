using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using DataIngestion.Contracts;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace DataIngestion.Connect;

/// <summary>
/// Opens every socket of the client through the address guard, encrypted where the address says so, those to nodes that a cluster or a
/// sentinel names as well, and remembers why one failed: the client tells only that it did.
/// </summary>
internal sealed class GuardedTunnel(SourceSite site) : Tunnel
{
    readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TlsPolicy? _tls = site.Address.Scheme == "rediss" ? site.Tls() : null;

    /// <summary>Why the last connection failed; null when none did.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Completes when a connection has failed.</summary>
    public Task Failed => _failed.Task;

    public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken) => new((EndPoint?)null);

    public override async ValueTask<Stream?> BeforeAuthenticateAsync(EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        var (host, port) = endpoint switch
        {
            DnsEndPoint dns => (dns.Host, dns.Port),
            IPEndPoint ip => (ip.Address.ToString(), ip.Port),
            _ => throw new StepFailedException(new() { Code = "address-refused", Message = $"'{endpoint}' is no address of a network." }),
        };
        try
        {
            var stream = new NetworkStream(await site.ConnectAsync(host, port, cancellationToken), ownsSocket: true);
            return _tls is null ? stream : await EncryptAsync(stream, host, _tls, cancellationToken);
        }
        catch (Exception fault) when (fault is SocketException or StepFailedException or IOException or AuthenticationException or TimeoutException)
        {
            Fault = TlsFailures.Of(fault, host, site.Connection.Tls) is { } refused ? new StepFailedException(refused) : fault;
            _failed.TrySetResult();
            throw;
        }
    }

    // A server without TLS may wait for the rest of what it takes for a command.
    async Task<Stream> EncryptAsync(NetworkStream stream, string host, TlsPolicy tls, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(stream);
        try
        {
            await encrypted.AuthenticateAsClientAsync(tls.Options(host), cancellationToken).WaitAsync(site.Connection.Limits.AttemptTimeout * 0.6, site.Time, cancellationToken);
            return encrypted;
        }
        catch (TimeoutException slow)
        {
            await encrypted.DisposeAsync();
            throw new TimeoutException("the server did not answer the TLS handshake: it may speak no TLS there", slow);
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
    }
}
