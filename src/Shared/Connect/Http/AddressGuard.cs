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
    // Where the next address is tried; a host whose first address is dead is still reached within an attempt.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    static readonly IPNetwork[] Refused = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "3fff::/20");

    // Link-local addresses and what clouds tell their machines through: credentials lie there, and nobody's data.
    static readonly IPNetwork[] NeverMeant = Networks("169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128");

    static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");
    static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether an address is public.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var inner = Inside(address);
        return !IsNeverMeant(inner)
            && (inner.AddressFamily is AddressFamily.InterNetwork || Global.Contains(inner))
            && !Array.Exists(Refused, network => network.Contains(inner));
    }

    /// <summary>Whether an address is one that is never meant, whatever is allowed.</summary>
    public static bool IsNeverMeant(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var inner = Inside(address);
        return Array.Exists(NeverMeant, network => network.Contains(inner));
    }

    // Addresses that carry an IPv4 address lead to it.
    static IPAddress Inside(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        if (SixToFour.Contains(address))
            return new(bytes.AsSpan(2, 4));
        var isCompatible = bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && bytes.AsSpan(12).IndexOfAnyExcept((byte)0) is >= 0 and < 3; // long deprecated; not ::1
        return isCompatible || Nat64.Contains(address) || LocalNat64.Contains(address) || Translated.Contains(address) ? new(bytes.AsSpan(12)) : address;
    }

    static IPNetwork[] Networks(params string[] networks) => Array.ConvertAll(networks, network => IPNetwork.Parse(network));

    /// <summary>Connects to a host.</summary>
    /// <exception cref="StepFailedException">All its addresses are private and that is not allowed, or link-local (<c>address-refused</c>).</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellationToken) =>
        new NetworkStream(await ConnectSocketAsync(host, allowPrivate, cancellationToken), ownsSocket: true);

    /// <summary>Connects to a host.</summary>
    /// <exception cref="StepFailedException">All its addresses are private and that is not allowed, or link-local (<c>address-refused</c>).</exception>
    public async Task<Socket> ConnectSocketAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellationToken)
    {
        var allowed = await ResolveAsync(host.Host, allowPrivate, cancellationToken);
        for (var i = 0; ; i++)
        {
            var isLast = i == allowed.Length - 1;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (!isLast)
                patience.CancelAfter(Patience);
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(allowed[i], host.Port, patience.Token);
                return socket;
            }
            catch (Exception fault)
            {
                socket.Dispose();
                if (isLast || cancellationToken.IsCancellationRequested || fault is not (SocketException or OperationCanceledException))
                    throw;
            }
        }
    }

    /// <summary>The addresses of a host that may be connected to; at least one.</summary>
    /// <exception cref="StepFailedException">All its addresses are private and that is not allowed, or link-local (<c>address-refused</c>).</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, bool allowPrivate, CancellationToken cancellationToken)
    {
        var addresses = await resolve(host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => allowPrivate ? !IsNeverMeant(address) : IsPublic(address));
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            if (allowPrivate || Array.TrueForAll(addresses, IsNeverMeant))
            {
                throw new StepFailedException(new()
                {
                    Code = "address-refused",
                    Message = $"The host '{host}' has the address {addresses[0]}, which is link-local or belongs to the cloud's own services: no source is there.",
                });
            }

            throw new StepFailedException(new()
            {
                Code = "address-refused",
                Message = $"The host '{host}' is on this machine or a private network ({addresses[0]}): set 'allowPrivateNetwork' on the connection if that is meant.",
            });
        }

        return allowed.Length > 0 ? allowed : throw new SocketException((int)SocketError.HostNotFound);
    }
}
