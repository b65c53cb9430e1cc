using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using DataIngestion.Contracts;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace DataIngestion.Connect;

/// <summary>
/// Opens every socket of the client through the address guard, those to nodes that a cluster or a sentinel names as well, and remembers
/// why the last one failed: the client tells only that it did.
/// </summary>
internal sealed class GuardedTunnel(SourceSite site) : Tunnel
{
    Exception? _fault;
    string? _certificate;

    /// <summary>Why the last connection failed; null when none did.</summary>
    public Exception? Fault => _fault;

    /// <summary>What was wrong with the last certificate; null when it was trusted.</summary>
    public string? CertificateFault => _certificate;

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
            return new NetworkStream(await site.ConnectAsync(host, port, cancellationToken), ownsSocket: true);
        }
        catch (Exception fault) when (fault is SocketException or StepFailedException)
        {
            _fault = fault;
            throw;
        }
    }

    public bool IsCertificateTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        _certificate = $"{errors}{(chain is null ? "" : $": {string.Join(", ", chain.ChainStatus.Select(s => s.Status))}")}";
        return false;
    }
}
