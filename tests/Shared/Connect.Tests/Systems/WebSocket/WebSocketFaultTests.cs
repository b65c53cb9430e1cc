using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

/// <summary>
/// The fault matrix of WebSockets, with a vendor that can replay: what stays is reported and lands nothing, what passes costs
/// connections; nothing lost, nothing twice. Close codes, handshakes and silence are in <see cref="WebSocketTests"/>.
/// </summary>
public sealed class WebSocketFaultTests
{
    static readonly long[] All = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData("refused", "source-unavailable", true, "'127.0.0.1' failed"), InlineData("no address", "source-unavailable", true, "'vendor.example' failed")]
    [InlineData("reset in the handshake", "source-unavailable", true, "'127.0.0.1' failed"), InlineData("stalled handshake", "timeout", true, "was not open within")]
    [InlineData("private network", "address-refused", false, "allowPrivateNetwork"), InlineData("self-signed", "certificate-refused", false, "vendor.example")]
    [InlineData("broken tls", "certificate-refused", false, "127.0.0.1"), InlineData("no http", "source-unavailable", true, "failed")]
    public async Task What_stays_is_reported_and_lands_nothing(string fault, string code, bool isTransient, string said)
    {
        await using var server = await VendorAsync();
        await using var proxy = FaultProxy.Start(server.Address.Port);
        using var certificate = HttpFaultTests.CertificateFor("vendor.example", 1);
        await using var raw = RawServer.Start(_ => fault == "broken tls" ? "\u0015\u0003\u0001\0\u0002\u0002\u0046" : "no HTTP at all\r\n\r\n", fault == "self-signed" ? certificate : null);
        await using var services = Sources.Services(resolve: (host, _) => fault == "no address" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var address = fault switch
        {
            "no address" => new Uri("ws://vendor.example"),
            "self-signed" => new($"wss://vendor.example:{raw.Port}"),
            "broken tls" => new($"wss://127.0.0.1:{raw.Port}"),
            "no http" => new($"ws://127.0.0.1:{raw.Port}"),
            _ => new($"ws://127.0.0.1:{proxy.Port}"),
        };
        if (fault == "refused")
            proxy.Refuse();
        _ = fault switch
        {
            "reset in the handshake" => proxy.Reset(Flow.ToServer, 10),
            "stalled handshake" => proxy.Stall(Flow.ToServer, 10),
            _ => Task.CompletedTask,
        };
        await using var harness = Harness(address, services, fault != "private network");

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Landed);
        if (!address.Port.Equals(proxy.Port) || fault == "private network")
            return;
        proxy.Pass();
        proxy.ResetAll();
        await harness.RunAsync(); // the same run goes on when it is over
        harness.AssertExactly(All, r => r.GetProperty("seq").GetInt64());
    }

    [Theory, InlineData("reset"), InlineData("cut"), InlineData("restart")]
    public async Task What_passes_costs_connections_and_no_messages(string fault)
    {
        await using var server = await VendorAsync();
        await using var proxy = FaultProxy.Start(server.Address.Port);
        await using var other = await VendorAsync();
        _ = fault switch
        {
            "reset" => proxy.Reset(Flow.FromServer, 200, times: 2), // in the middle of a message
            "cut" => proxy.Cut(Flow.FromServer, 200, times: 2),
            _ => proxy.Stall(Flow.FromServer, 200, times: 1).ContinueWith(
                _ =>
                {
                    proxy.SwapTo(other.Address.Port);
                    proxy.ResetAll();
                },
                TaskScheduler.Default),
        };
        await using var services = Sources.Services();
        await using var harness = Harness(new($"ws://127.0.0.1:{proxy.Port}"), services);

        var part = Assert.Single(await harness.RunAsync());

        harness.AssertExactly(All, r => r.GetProperty("seq").GetInt64());
        Assert.Equal(fault == "restart" ? "1" : "2", part.Part.Headers["reconnects"]);
        Assert.False(part.Part.Headers.ContainsKey("gaps"));
    }

    [Fact]
    public async Task A_secret_that_was_changed_is_read_again_once()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("key");
        await File.WriteAllTextAsync(file, "old-key-1", TestContext.Current.CancellationToken);
        await using var server = await VendorAsync(authorization =>
        {
            if (authorization == "Bearer new-key-2")
                return true;
            File.WriteAllText(file, "new-key-2");
            return false;
        });
        await using var services = Sources.Services(settings: ("Ingestion:SecretFolders", folder.Path));
        await using var harness = Harness(server.Socket(), services, auth: new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = $"${{file:{file}}}" } });

        await harness.RunAsync();

        harness.AssertExactly(All, r => r.GetProperty("seq").GetInt64());
        Assert.Equal(["Bearer old-key-1", "Bearer new-key-2"], server.Received.Select(r => r.Headers["Authorization"]));
    }

    // Sends what comes behind the position it is asked for.
    static Task<LoopbackServer> VendorAsync(Func<string?, bool>? letsIn = null) => SocketServer.StartAsync(
        async (vendor, _, stop) =>
        {
            var asked = JsonElement.Parse((await vendor.HearAsync(stop))!);
            foreach (var number in All.Where(n => n > asked.GetProperty("after").GetInt64()))
                await vendor.SendNumberAsync(number, stop);
            await vendor.HearAsync(stop);
        },
        (http, _) =>
        {
            var isLetIn = letsIn?.Invoke(http.Request.Headers.Authorization) ?? true;
            http.Response.StatusCode = isLetIn ? 200 : 401;
            return !isLetIn;
        });

    static ReaderHarness Harness(Uri address, ServiceProvider services, bool allowPrivate = true, AuthenticationDefinition? auth = null) => new(
        new()
        {
            Source = "vendor",
            Kind = SourceKind.Stream,
            Connection = new()
            {
                System = "websocket",
                BaseUrl = address.ToString(),
                AllowPrivateNetwork = allowPrivate,
                Auth = auth,
                Limits = Sources.Quick with { Attempts = 2, AttemptTimeout = TimeSpan.FromSeconds(1) },
                Options = new Dictionary<string, string> { ["compression"] = "false" },
            },
            Datasets =
            [
                new()
                {
                    Dataset = "ticks",
                    Read = new()
                    {
                        Window = TimeSpan.FromSeconds(30),
                        WindowRecords = All.Length,
                        Options = new Dictionary<string, string> { ["subscribe"] = "{\"after\":0}", ["resumeMessage"] = "{\"after\":{position}}", ["sequence"] = "seq", ["reconnects"] = "2" },
                    },
                },
            ],
        },
        services);
}
