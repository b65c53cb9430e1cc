using System.Net;
using System.Net.Sockets;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class ResilienceTests
{
    [Theory]
    [InlineData(408), InlineData(425), InlineData(429), InlineData(500), InlineData(502), InlineData(503), InlineData(504)]
    public async Task A_passing_fault_is_asked_again(int status)
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = n <= 2 ? status : 200;
            return context.Response.WriteAsync("figures");
        });
        await using var services = Sources.Services();

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address));

        Assert.Equal(("figures", 3, 2), (answer.Value, answer.Requests, answer.Retries));
    }

    [Theory]
    [InlineData(400, "request-refused"), InlineData(401, "unauthorized"), InlineData(403, "forbidden"), InlineData(404, "not-found"), InlineData(410, "not-found")]
    [InlineData(422, "request-refused"), InlineData(501, "source-error"), InlineData(505, "source-error")]
    public async Task A_lasting_fault_is_not_asked_again(int status, string code)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("{\"message\":\n\"no such\tthing\"}");
        });
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address)));

        Assert.Equal((code, false, status), (failure.Code, failure.IsTransient, failure.HttpStatus));
        Assert.Contains("It said: {\"message\": \"no such thing\"}", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task After_all_attempts_the_last_fault_is_told()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Sources.Quick with { Attempts = 3 })));

        Assert.Equal(("source-unavailable", true, 503), (failure.Code, failure.IsTransient, failure.HttpStatus));
        Assert.Equal(3, server.Received.Count);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Retry_after_is_waited_for_as_seconds_and_as_a_date(bool asDate)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = n == 1 ? 429 : 200;
            context.Response.Headers.Date = "Sun, 01 Mar 2026 11:58:00 GMT"; // its clock is slow
            context.Response.Headers.RetryAfter = asDate ? "Sun, 01 Mar 2026 11:58:40 GMT" : "40";
            return Task.CompletedTask;
        });
        await using var services = Sources.Services(time);
        var asking = services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Sources.Quick with { AttemptTimeout = TimeSpan.FromHours(1), TotalTimeout = TimeSpan.FromHours(20) }));

        await UntilAsync(() => services.GetRequiredService<ISourceConnections>().States is [{ Retries: 1 }]);
        time.Advance(TimeSpan.FromSeconds(39));
        Assert.Single(server.Received);
        await AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), asking);

        Assert.Equal(2, (await asking).Requests);
        Assert.Equal(1, services.GetRequiredService<ISourceConnections>().States[0].RateLimited);
    }

    [Fact]
    public async Task A_wait_longer_than_the_total_timeout_is_left_to_the_caller()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        await using var services = Sources.Services(time);
        var http = services.GetRequiredService<ISourceHttp>();

        var first = await Sources.FailureOfAsync(() => http.GetTextAsync(Sources.At(server.Address)));
        var second = await Sources.FailureOfAsync(() => http.GetTextAsync(Sources.At(server.Address)));

        Assert.Equal(("rate-limited", true, time.GetUtcNow().AddHours(1)), (first.Code, first.IsTransient, first.RetryNotBefore));
        Assert.Equal(("rate-limited", true, time.GetUtcNow().AddHours(1)), (second.Code, second.IsTransient, second.RetryNotBefore));
        Assert.Single(server.Received); // nobody else bothers a source that asked to be left alone
    }

    [Fact]
    public async Task A_source_that_never_answers_runs_into_the_attempt_timeout()
    {
        await using var server = await LoopbackServer.StartAsync((_, _, stopped) => Task.Delay(Timeout.Infinite, stopped));
        await using var services = Sources.Services();
        var limits = Sources.Quick with { AttemptTimeout = TimeSpan.FromMilliseconds(100), Attempts = 2 };

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, limits)));

        Assert.Equal(("timeout", true), (failure.Code, failure.IsTransient));
        Assert.Equal(2, services.GetRequiredService<ISourceConnections>().States[0].Requests);
    }

    [Fact]
    public async Task A_body_that_stops_coming_runs_into_the_attempt_timeout()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, n, stopped) =>
        {
            await context.Response.WriteAsync("fig", stopped);
            await context.Response.Body.FlushAsync(stopped);
            if (n == 1) // later answers may be slow on a busy machine, but they end
                await Task.Delay(Timeout.Infinite, stopped);
            await context.Response.WriteAsync("ures", stopped);
        });
        await using var services = Sources.Services();

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Sources.Quick with { AttemptTimeout = TimeSpan.FromMilliseconds(300) }));

        Assert.Equal("figures", answer.Value);
        Assert.True(answer.Requests >= 2, "the first answer never ended");
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_truncated_body_is_noticed_and_asked_again(bool announced)
    {
        await using var server = await LoopbackServer.StartAsync(async (context, n) =>
        {
            if (announced)
                context.Response.ContentLength = 10_000;
            await context.Response.Body.WriteAsync(new byte[n == 1 ? 4000 : 10_000]);
            await context.Response.Body.FlushAsync();
            if (n == 1)
                context.Abort();
        });
        await using var services = Sources.Services();

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address));

        Assert.Equal((10_000, 2), (answer.Value.Length, answer.Requests));
    }

    [Fact]
    public async Task A_refused_connection_is_transient()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(address, Sources.Quick with { Attempts = 2 })));

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Equal(2, services.GetRequiredService<ISourceConnections>().States[0].Requests);
    }

    [Fact]
    public async Task The_breaker_opens_refuses_and_lets_one_through_after_its_time()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var isDown = true;
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = isDown ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var services = Sources.Services(time);
        var http = services.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, Sources.Quick with { Attempts = 1, BreakerMinimumThroughput = 4, BreakerDuration = TimeSpan.FromMinutes(1) });
        CircuitStatus Circuit() => services.GetRequiredService<ISourceConnections>().States[0].Circuit;

        for (var i = 0; i < 4; i++)
            await Sources.FailureOfAsync(() => http.GetTextAsync(source));
        Assert.Equal(CircuitStatus.Open, Circuit());

        var refused = await Sources.FailureOfAsync(() => http.GetTextAsync(source));
        Assert.Equal(("source-unavailable", true), (refused.Code, refused.IsTransient));
        Assert.Equal(time.GetUtcNow().AddMinutes(1), refused.RetryNotBefore);
        Assert.Equal(4, server.Received.Count);

        isDown = false;
        time.Advance(TimeSpan.FromSeconds(61));
        await http.GetTextAsync(source);
        Assert.Equal(CircuitStatus.Closed, Circuit());
    }

    [Fact]
    public async Task No_more_requests_than_allowed_are_under_way()
    {
        var (now, most) = (0, 0);
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            var mine = Interlocked.Increment(ref now);
            for (var seen = Volatile.Read(ref most); mine > seen; seen = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, mine, seen);
            await context.Response.WriteAsync(new string('x', 20_000));
            Interlocked.Decrement(ref now);
        });
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, Sources.Quick with { MaxConcurrent = 3 });

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => http.GetTextAsync(source)));

        Assert.InRange(most, 1, 3);
        Assert.Equal((40, 0), (services.GetRequiredService<ISourceConnections>().States[0].Requests, services.GetRequiredService<ISourceConnections>().States[0].InFlight));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task An_answer_over_the_limit_is_refused(bool announced)
    {
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            if (announced)
                context.Response.ContentLength = 5001;
            await context.Response.Body.WriteAsync(new byte[5001]);
        });
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Sources.Quick with { MaxResponseBytes = 5000 })));

        Assert.Equal(("response-too-large", false), (failure.Code, failure.IsTransient));
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task Compressed_answers_are_read_and_their_limit_is_of_the_text()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new System.IO.Compression.GZipStream(context.Response.Body, System.IO.Compression.CompressionLevel.Fastest);
            await gzip.WriteAsync(new byte[100_000]);
        });
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();

        Assert.Equal(100_000, (await http.GetTextAsync(Sources.At(server.Address))).Value.Length);
        var bomb = await Sources.FailureOfAsync(() => http.GetTextAsync(Sources.At(server.Address, Sources.Quick with { MaxResponseBytes = 50_000 })));
        Assert.Equal("response-too-large", bomb.Code);
        Assert.Contains("gzip", server.Received.First().Headers["Accept-Encoding"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compressed_bytes_that_break_off_are_noticed()
    {
        using var whole = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(whole, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Enumerable.Range(0, 50_000).Select(i => (byte)(i * 31 % 251)).ToArray(), TestContext.Current.CancellationToken);
        await using var server = await LoopbackServer.StartAsync(async (context, n) =>
        {
            // Framed correctly, so that only the compression itself can tell.
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(whole.ToArray().AsMemory(0, n == 1 ? (int)whole.Length / 2 : (int)whole.Length));
        });
        await using var services = Sources.Services();

        var answer = await services.GetRequiredService<ISourceHttp>().SendAsync(
            Sources.At(server.Address),
            new() { Path = "/data" },
            async (response, attempt) =>
            {
                using var body = new MemoryStream();
                await response.Body.CopyToAsync(body, attempt);
                return body.Length;
            },
            TestContext.Current.CancellationToken);

        Assert.Equal((50_000, 2), (answer.Value, answer.Requests));
    }

    [Fact]
    public async Task Cancelling_is_no_failure_of_the_source()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await LoopbackServer.StartAsync(async (_, _, stopped) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, stopped);
        });
        await using var services = Sources.Services();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address), stop: stop.Token));
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); !condition(); await Task.Delay(5, TestContext.Current.CancellationToken))
            Assert.True(DateTime.UtcNow < deadline, "the condition did not come true within 20 s");
    }

    static async Task AdvanceUntilAsync(FakeTimeProvider time, TimeSpan step, Task task)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); !task.IsCompleted; await Task.Delay(5, TestContext.Current.CancellationToken))
        {
            Assert.True(DateTime.UtcNow < deadline, "the task did not end within 20 s");
            time.Advance(step);
        }
    }
}
