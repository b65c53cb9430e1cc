using System.Net;
using System.Net.Sockets;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Turns a host name into its addresses.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>
/// Opens connections to public addresses only. The check is on the very address that is connected to, after name resolution and
/// for every new connection, so neither a redirect nor a name that changes its address gets around it.
/// </summary>
internal sealed class AddressGuard(ResolveHost resolve)
{
    static readonly IPNetwork[] Refused = Array.ConvertAll(
        (string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ],
        network => IPNetwork.Parse(network));

    static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether an address is public.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily is AddressFamily.InterNetworkV6)
        {
            // Addresses that carry an IPv4 address lead to it.
            var bytes = address.GetAddressBytes();
            if (Nat64.Contains(address))
                return IsPublic(new(bytes.AsSpan(12)));
            if (SixToFour.Contains(address))
                return IsPublic(new(bytes.AsSpan(2, 4)));
            if (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0)
                return false; // IPv4-compatible, long deprecated
        }

        return !Array.Exists(Refused, network => network.Contains(address));
    }

    /// <summary>Connects to a host.</summary>
    /// <exception cref="StepFailedException">All its addresses are private and that is not allowed (<c>address-refused</c>).</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellationToken) =>
        new NetworkStream(await ConnectSocketAsync(host, allowPrivate, cancellationToken), ownsSocket: true);

    /// <summary>Connects to a host.</summary>
    /// <exception cref="StepFailedException">All its addresses are private and that is not allowed (<c>address-refused</c>).</exception>
    public async Task<Socket> ConnectSocketAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellationToken)
    {
        var allowed = await ResolveAsync(host.Host, allowPrivate, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses of a host that may be connected to; at least one.</summary>
    /// <exception cref="StepFailedException">All its addresses are private and that is not allowed (<c>address-refused</c>).</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, bool allowPrivate, CancellationToken cancellationToken)
    {
        var addresses = await resolve(host, cancellationToken);
        var allowed = allowPrivate ? addresses : Array.FindAll(addresses, IsPublic);
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new StepFailedException(new()
            {
                Code = "address-refused",
                Message = $"The host '{host}' is on this machine or a private network ({addresses[0]}): set 'allowPrivateNetwork' on the connection if that is meant.",
            });
        }

        return allowed.Length > 0 ? allowed : throw new SocketException((int)SocketError.HostNotFound);
    }
}
