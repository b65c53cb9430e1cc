using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

/// <summary>
/// Faults of the network and of servers as a single request meets them: retried how, reported what. What they mean for what is landed
/// is held in Collect.Tests.
/// </summary>
public sealed class HttpFaultTests
{
    static readonly LimitsDefinition Twice = Sources.Quick with { Attempts = 2, AttemptTimeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task A_host_that_refuses_is_asked_again_and_named()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("there"));
        await using var proxy = FaultProxy.Start(server.Address.Port);
        await using var services = Sources.Services();
        proxy.Refuse();

        var failure = await FailureAsync(services, At(proxy.Port));

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Contains("'127.0.0.1' failed", failure.Message, StringComparison.Ordinal);
        proxy.Pass();
        Assert.Equal("there", (await TextAsync(services, At(proxy.Port))).Value);
    }

    [Fact]
    public async Task A_name_without_an_address_is_looked_up_again_and_named()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("there"));
        var asked = 0;
        await using var services = Sources.Services(resolve: (_, _) => ++asked <= 2 ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var source = Sources.At(new($"http://vendor.example:{server.Address.Port}"), Twice);

        var failure = await FailureAsync(services, source);

        Assert.Equal(("source-unavailable", true, 2), (failure.Code, failure.IsTransient, asked));
        Assert.Contains("the host 'vendor.example' has no address", failure.Message, StringComparison.Ordinal);
        Assert.Equal("there", (await TextAsync(services, source)).Value);
    }

    [Theory, InlineData("reset"), InlineData("cut"), InlineData("stall"), InlineData("half-open")]
    public async Task An_answer_that_breaks_off_or_stands_still_is_asked_for_again(string fault)
    {
        var body = new string('x', 200_000);
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync(body));
        await using var proxy = FaultProxy.Start(server.Address.Port);
        await using var services = Sources.Services();
        Set(times: 1);

        var answer = await TextAsync(services, At(proxy.Port));
        Assert.Equal((body, 2), (answer.Value, answer.Requests));

        Set(times: 2);
        var failure = await FailureAsync(services, At(proxy.Port));
        var expected = fault is "stall" or "half-open" ? "timeout" : "source-unavailable";
        Assert.Equal((expected, true), (failure.Code, failure.IsTransient));
        Assert.Contains($"http://127.0.0.1:{proxy.Port}/data", failure.Message, StringComparison.Ordinal);

        void Set(int times)
        {
            proxy.ResetAll(); // no connection is left over to be used again
            _ = fault switch
            {
                "reset" => proxy.Reset(Flow.FromServer, 50_000, times),
                "cut" => proxy.Cut(Flow.FromServer, 50_000, times),
                "stall" => proxy.Stall(Flow.FromServer, 50_000, times),
                _ => proxy.Stall(Flow.ToServer, 1, times), // the server never gets the request
            };
        }
    }

    [Fact]
    public async Task A_slow_drip_ends_with_the_attempt()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync(new string('x', 100_000)));
        await using var proxy = FaultProxy.Start(server.Address.Port);
        await using var services = Sources.Services();
        var tap = proxy.Drip(Flow.FromServer, 10);
        tap.Let(100); // a kilobyte, and then nothing

        var failure = await FailureAsync(services, At(proxy.Port));

        Assert.Equal(("timeout", true), (failure.Code, failure.IsTransient));
        Assert.Contains("did not answer within 00:00:01 (2 attempts)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", null)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nshort\r\n0\r\n\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright and more than was said", "right")] // as HTTP has it; what follows belongs to no answer
    [InlineData("no HTTP at all\r\n\r\n", null)]
    public async Task A_wrong_length_is_noticed(string answer, string? taken)
    {
        await using var server = RawServer.Start(n => answer);
        await using var services = Sources.Services();

        if (taken is not null)
        {
            Assert.Equal(taken, (await TextAsync(services, At(server.Port))).Value);
            Assert.Equal(taken, (await TextAsync(services, At(server.Port))).Value); // on another connection
            Assert.Equal(2, server.Connections);
            return;
        }

        var failure = await FailureAsync(services, At(server.Port));
        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(400, "request-refused", false), InlineData(401, "unauthorized", false), InlineData(403, "forbidden", false), InlineData(404, "not-found", false), InlineData(408, "timeout", true)]
    [InlineData(409, "request-refused", false), InlineData(410, "not-found", false), InlineData(425, "source-unavailable", true), InlineData(429, "rate-limited", true)]
    [InlineData(500, "source-unavailable", true), InlineData(501, "source-error", false), InlineData(502, "source-unavailable", true), InlineData(503, "source-unavailable", true), InlineData(504, "source-unavailable", true)]
    public async Task A_status_says_whether_to_try_again(int status, string code, bool isTransient)
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = n == 3 ? 200 : status;
            return context.Response.WriteAsync(n == 3 ? "well again" : "what the vendor says");
        });
        await using var services = Sources.Services();
        var source = Sources.At(server.Address, Twice);

        var failure = await FailureAsync(services, source);

        Assert.Equal((code, isTransient, status), (failure.Code, failure.IsTransient, failure.HttpStatus));
        Assert.Equal(isTransient ? 2 : 1, server.Received.Count);
        Assert.Contains($"answered {status}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("It said: what the vendor says", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sun, 01 Mar 2026 10:00:00 GMT", "Sun, 01 Mar 2026 10:00:40 GMT")] // two hours behind
    [InlineData("Mon, 02 Mar 2026 12:00:00 GMT", "Mon, 02 Mar 2026 12:00:40 GMT")] // a day ahead
    [InlineData(null, "Sun, 01 Mar 2026 12:00:40 GMT")]
    public async Task A_date_to_wait_for_is_by_the_clock_of_the_source(string? theirs, string until)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var server = RawServer.Start(n => $"HTTP/1.1 503 Later\r\n{(theirs is null ? "" : $"Date: {theirs}\r\n")}Retry-After: {until}\r\nContent-Length: 0\r\n\r\n");
        await using var services = Sources.Services(time);

        var failure = await FailureAsync(services, At(server.Port, Twice with { Attempts = 1 }));

        Assert.Equal(time.GetUtcNow().AddSeconds(40), failure.RetryNotBefore);
    }

    [Fact]
    public async Task A_secret_that_was_changed_is_read_again_once()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("key");
        await File.WriteAllTextAsync(file, "old-key-1", TestContext.Current.CancellationToken);
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            if (context.Request.Headers.Authorization == "Bearer new-key-2")
                return context.Response.WriteAsync("there");
            context.Response.StatusCode = 401;
            File.WriteAllText(file, "new-key-2"); // changed while it is in use
            return Task.CompletedTask;
        });
        await using var services = Sources.Services(settings: ("Ingestion:SecretFolders", folder.Path));
        var source = Sources.At(server.Address, Twice, new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = $"${{file:{file}}}" } });

        var answer = await TextAsync(services, source);

        Assert.Equal(("there", 2), (answer.Value, answer.Requests));
        await File.WriteAllTextAsync(file, "wrong-key-3", TestContext.Current.CancellationToken);
        Assert.Equal(["Bearer old-key-1", "Bearer new-key-2"], server.Received.Select(r => r.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_redirect_loop_ends()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Redirect(context.Request.Path == "/data" ? "/other" : "/data");
            return Task.CompletedTask;
        });
        await using var services = Sources.Services();

        var failure = await FailureAsync(services, Sources.At(server.Address, Twice));

        Assert.Equal(("redirect-refused", false, 6), (failure.Code, failure.IsTransient, server.Received.Count));
    }

    [Fact]
    public async Task A_server_that_restarts_is_asked_again_on_a_new_connection()
    {
        await using var one = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("one"));
        await using var two = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("two"));
        await using var proxy = FaultProxy.Start(one.Address.Port);
        await using var services = Sources.Services();
        Assert.Equal("one", (await TextAsync(services, At(proxy.Port))).Value);

        proxy.SwapTo(two.Address.Port);
        proxy.ResetAll();

        Assert.Equal("two", (await TextAsync(services, At(proxy.Port))).Value);
    }

    [Fact]
    public async Task A_host_that_fails_over_is_found_at_its_other_address()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("there"));
        IPAddress[] addresses = [IPAddress.Loopback];
        await using var services = Sources.Services(resolve: (_, _) => Task.FromResult(addresses));
        var source = Sources.At(new($"http://vendor.example:{server.Address.Port}"), Twice);
        Assert.Equal("there", (await TextAsync(services, source)).Value);

        addresses = [IPAddress.Parse("127.0.0.99"), IPAddress.Loopback]; // nobody is at the first one any more
        Assert.Equal(("there", 1), await TextAsync(services, source) is var answer ? (answer.Value, answer.Requests) : default);
    }

    [Theory, InlineData("self-signed"), InlineData("expired"), InlineData("wrong host")]
    public async Task A_certificate_that_nobody_vouches_for_is_refused(string fault)
    {
        using var certificate = CertificateFor(fault == "wrong host" ? "other.example" : "vendor.example", fault == "expired" ? -1 : 1);
        await using var server = RawServer.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", certificate);
        await using var services = Sources.Services(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var failure = await FailureAsync(services, Sources.At(new($"https://vendor.example:{server.Port}"), Twice with { AttemptTimeout = TimeSpan.FromSeconds(20) }));

        Assert.Equal(("certificate-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains("vendor.example", failure.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (server.Connections, server.Requests)); // not asked twice, and told nothing
    }

    [Fact]
    public async Task A_server_that_speaks_only_broken_versions_of_tls_is_refused()
    {
        await using var server = RawServer.Start(_ => "\u0015\u0003\u0001\0\u0002\u0002\u0046"); // the alert "protocol version"
        await using var services = Sources.Services();

        var failure = await FailureAsync(services, Sources.At(new($"https://127.0.0.1:{server.Port}"), Twice));

        Assert.Equal(("certificate-refused", false), (failure.Code, failure.IsTransient));
    }

    static SourceDefinition At(int port, LimitsDefinition? limits = null) => Sources.At(new($"http://127.0.0.1:{port}"), limits ?? Twice);

    static Task<SourceExchange<string>> TextAsync(ServiceProvider services, SourceDefinition source) => services.GetRequiredService<ISourceHttp>().GetTextAsync(source);

    static Task<Failure> FailureAsync(ServiceProvider services, SourceDefinition source) => Sources.FailureOfAsync(() => TextAsync(services, source));

    internal static X509Certificate2 CertificateFor(string host, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(days));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
