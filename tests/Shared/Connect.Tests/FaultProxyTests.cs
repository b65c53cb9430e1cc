using System.Net;
using System.Net.Sockets;
using System.Text;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>The proxy of the fault tests does what those tests rely on.</summary>
public sealed class FaultProxyTests : IDisposable
{
    readonly TcpListener _server = new(IPAddress.Loopback, 0);
    readonly FaultProxy _proxy;

    public FaultProxyTests()
    {
        _server.Start();
        _proxy = FaultProxy.Start(((IPEndPoint)_server.LocalEndpoint).Port);
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_passes_both_ways_and_ends_with_either_side()
    {
        await using var proxy = _proxy;
        var (client, server) = await ConnectAsync();

        await client.SendAsync("ask"u8.ToArray(), Stop);
        Assert.Equal("ask", await TextAsync(server, 3));
        await server.SendAsync("answer"u8.ToArray(), Stop);
        Assert.Equal("answer", await TextAsync(client, 6));
        server.Dispose();
        Assert.Equal("", await TextAsync(client, 1));
        Assert.Equal((1, _proxy.Port), (_proxy.Connections, ((IPEndPoint)client.RemoteEndPoint!).Port));
    }

    [Fact]
    public async Task It_refuses_and_takes_connections_again()
    {
        await using var proxy = _proxy;
        _proxy.Refuse();
        var refused = await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);

        _proxy.Pass();
        var (client, server) = await ConnectAsync();
        await server.SendAsync("x"u8.ToArray(), Stop);
        Assert.Equal("x", await TextAsync(client, 1));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task It_ends_a_connection_after_so_many_bytes_as_often_as_asked(bool reset)
    {
        await using var proxy = _proxy;
        var struck = reset ? _proxy.Reset(Flow.FromServer, 4, times: 1) : _proxy.Cut(Flow.FromServer, 4, times: 1);
        var (client, server) = await ConnectAsync();

        await server.SendAsync("0123456789"u8.ToArray(), Stop);
        await struck.WaitAsync(Stop);
        if (reset)
            await Assert.ThrowsAsync<IOException>(async () => await TextAsync(client, 10)); // a reset may overtake the bytes before it
        else
            Assert.Equal("0123", await TextAsync(client, 10));

        (client, server) = await ConnectAsync();
        await server.SendAsync("0123456789"u8.ToArray(), Stop);
        Assert.Equal("0123456789", await TextAsync(client, 10));
    }

    [Fact]
    public async Task It_stalls_until_told_to_go_on()
    {
        await using var proxy = _proxy;
        var struck = _proxy.Stall(Flow.FromServer, 4);
        var (client, server) = await ConnectAsync();

        await server.SendAsync("0123456789"u8.ToArray(), Stop);
        Assert.Equal("0123", await TextAsync(client, 4));
        await struck.WaitAsync(Stop);
        server.Dispose();
        var rest = TextAsync(client, 10);
        Assert.False(rest.IsCompleted);
        _proxy.Pass();
        Assert.Equal("456789", await rest);
    }

    [Fact]
    public async Task It_drips()
    {
        await using var proxy = _proxy;
        var tap = _proxy.Drip(Flow.FromServer, 2);
        var (client, server) = await ConnectAsync();
        await server.SendAsync("012345"u8.ToArray(), Stop);

        tap.Let();
        Assert.Equal("01", await TextAsync(client, 2));
        tap.Let(2);
        Assert.Equal("2345", await TextAsync(client, 4));
    }

    [Fact]
    public async Task It_fails_over()
    {
        await using var proxy = _proxy;
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (client, server) = await ConnectAsync();

        _proxy.SwapTo(((IPEndPoint)other.LocalEndpoint).Port);
        _proxy.ResetAll();
        await Assert.ThrowsAsync<IOException>(async () => await TextAsync(client, 1));
        (client, _) = await ConnectAsync(other);
        await client.SendAsync("x"u8.ToArray(), Stop);
        await _proxy.ConnectionAsync(2, Stop);
        server.Dispose();
    }

    public void Dispose() => _server.Dispose();

    Task<(Socket Client, Socket Server)> ConnectAsync() => ConnectAsync(_server);

    async Task<(Socket Client, Socket Server)> ConnectAsync(TcpListener to)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, Stop);
        return (client, await to.AcceptSocketAsync(Stop));
    }

    static async Task<string> TextAsync(Socket socket, int bytes)
    {
        var buffer = new byte[bytes];
        await using var stream = new NetworkStream(socket);
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAtLeastAsync(buffer, bytes, throwOnEndOfStream: false, Stop));
    }
}
