using System.Collections.Concurrent;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect.Tests;

public sealed class SecretTests
{
    // Needs escaping in an address, so that the escaped form is looked for too.
    const string Secret = "s3cr3t/marked+value=é";
    static readonly string Basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"reader:{Secret}"));

    static readonly AuthenticationDefinition[] Ways =
    [
        new() { Kind = "api-key", Options = new Dictionary<string, string> { ["header"] = "X-Key", ["value"] = "${KEY}" } },
        new() { Kind = "api-key", Options = new Dictionary<string, string> { ["query"] = "apikey", ["value"] = "${KEY}" } },
        new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${KEY}" } },
        new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = "reader", ["value"] = "${KEY}" } },
    ];

    public static TheoryData<int> AllWays => [0, 1, 2, 3];

    [Theory, MemberData(nameof(AllWays))]
    public async Task The_secret_reaches_the_source(int way)
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        const string plain = "plain-ascii-key";
        await using var services = Sources.Services(settings: ("KEY", plain));

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: Ways[way]), new() { Path = "/data?a=1" });

        var request = Assert.Single(server.Received);
        Assert.Equal(
            way switch
            {
                0 => plain,
                1 => $"?a=1&apikey={plain}",
                2 => $"Bearer {plain}",
                _ => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"reader:{plain}"))}",
            },
            way switch { 0 => request.Headers["X-Key"], 1 => request.Query, _ => request.Headers["Authorization"] });
    }

    [Theory, MemberData(nameof(AllWays))]
    public async Task The_secret_is_in_no_log_no_exception_and_no_kept_header(int way)
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            // A source that says back what it was sent.
            var said = $"{context.Request.QueryString}{context.Request.Headers["X-Key"]}{context.Request.Headers.Authorization}";
            var code = n switch { 1 => 403, 2 => 503, _ => 200 };
            context.Response.StatusCode = code;
            context.Response.Headers.ETag = $"\"{Uri.EscapeDataString(Secret)}\"";
            context.Response.Headers.SetCookie = Uri.EscapeDataString(Secret);
            return context.Response.WriteAsync($"you said {said} which is {Secret} and {Uri.EscapeDataString(Secret)}");
        });
        using var logs = new CapturedLogs();
        await using var services = Sources.Services(logs: logs, settings: [("KEY", Secret), ("USER", "reader")]);
        var http = services.GetRequiredService<ISourceHttp>();
        var auth = way is 0 or 2 ? Ways[way] with { Options = new Dictionary<string, string>(Ways[way].Options) { ["value"] = "${ASCII}" } } : Ways[way];
        await using var withAscii = Sources.Services(logs: logs, settings: [("KEY", Secret), ("ASCII", "s3cr3t-marked-value")]);
        http = withAscii.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, auth: auth);
        var request = new SourceRequest { Path = "/data", Query = [new("token", "${KEY}")], Body = null };

        var refused = await Assert.ThrowsAsync<StepFailedException>(() => http.GetTextAsync(source, request));
        var headers = (await http.SendAsync(source, request, (response, _) => Task.FromResult(response.Headers), TestContext.Current.CancellationToken)).Value;

        var everything = $"{refused}\n{refused.Failure}\n{string.Join('\n', headers)}\n{string.Join('\n', logs.Lines)}";
        Assert.NotEmpty(logs.Lines);
        Assert.Contains("/data?token=${KEY}", refused.Message, StringComparison.Ordinal);
        foreach (var trace in new[] { "s3cr3t", "marked+value", Uri.EscapeDataString(Secret), Basic })
            Assert.DoesNotContain(trace, everything, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_secret_that_is_not_set_is_named_and_nothing_is_sent()
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: Ways[0])));

        Assert.Equal(("setting-missing", false), (failure.Code, failure.IsTransient));
        Assert.Contains("'KEY'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_line_break_in_a_secret_is_refused_without_showing_it()
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services(settings: ("KEY", "s3cr3t\r\nX-Other: 1"));

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: Ways[0])));

        Assert.Equal("setting-invalid", failure.Code);
        Assert.DoesNotContain("s3cr3t", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/data?page=2&apikey={0}", "/v1/data?page=2")]
    [InlineData("?page=2&token={0}&apikey={0}", "/v1/data?page=2&token=${KEY}")]
    [InlineData("?page=2", "/v1/data?page=2")]
    public async Task Links_come_back_with_references_instead_of_secrets(string target, string expected)
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services(settings: ("KEY", Secret));
        var source = Sources.At(server.Address, auth: Ways[1]);

        var (link, _, _) = await services.GetRequiredService<ISourceHttp>().SendAsync(
            source,
            new() { Path = "/v1/data", Query = [new("token", "${KEY}")] },
            (response, _) => Task.FromResult(response.ResolveLink(string.Format(target, Uri.EscapeDataString(Secret)))),
            TestContext.Current.CancellationToken);

        Assert.Equal(new Uri(server.Address, "/").ToString().TrimEnd('/') + expected, link);
        await services.GetRequiredService<ISourceHttp>().GetTextAsync(source, new() { Path = link });
        Assert.EndsWith($"apikey={Uri.EscapeDataString(Secret)}", server.Received.Last().Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example/next"), InlineData("//elsewhere.example/next"), InlineData("file:///etc/passwd"), InlineData("http://127.0.0.1:1/next")]
    public async Task Links_to_elsewhere_are_refused(string target)
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().SendAsync(
            Sources.At(server.Address), new() { Path = "/v1/data" }, (response, _) => Task.FromResult(response.ResolveLink(target)), TestContext.Current.CancellationToken));

        Assert.Equal(("link-refused", false), (failure.Code, failure.IsTransient));
    }

    sealed class CapturedLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
