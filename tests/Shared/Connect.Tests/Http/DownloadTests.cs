using System.Security.Cryptography;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace DataIngestion.Connect.Tests;

public sealed class DownloadTests
{
    static readonly byte[] File = RandomBytes(3 << 20);
    static readonly DateTimeOffset Modified = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_continues_where_it_broke_off_as_often_as_it_takes()
    {
        await using var server = await ServeAsync(_ => new("\"v1\""));
        await using var proxy = FaultProxy.Start(server.Address.Port);
        _ = proxy.Cut(Flow.FromServer, 600 << 10); // every connection
        await using var services = Sources.Services();

        var (bytes, exchange) = await DownloadAsync(services, At(proxy.Port, new() { Attempts = 2, Backoff = TimeSpan.FromMilliseconds(1), RequestsPerSecond = 1000, Burst = 1000 }));

        Assert.Equal(File, bytes);
        Assert.True(exchange.Requests >= 6, $"{exchange.Requests}: more breaks than the attempts that one without progress gets");
        Assert.Equal(exchange.Requests, server.Received.Count);
        Assert.All(server.Received.Skip(1), r => Assert.Equal(("\"v1\"", "identity"), (r.Headers["If-Range"], r.Headers["Accept-Encoding"])));
        var starts = server.Received.Skip(1).Select(r => long.Parse(r.Headers["Range"]["bytes=".Length..^1])).ToList();
        Assert.Equal(starts.Order().Distinct(), starts); // further each time
        Assert.Equal(("\"v1\"", "application/x-thing"), (exchange.Value.Headers["ETag"], exchange.Value.ContentType));
    }

    [Theory]
    [InlineData("W/\"v1\"", false), InlineData(null, false), InlineData(null, true)]
    public async Task What_only_a_strong_validator_allows_is_not_done_with_less(string? tag, bool isOldEnough)
    {
        await using var server = await ServeAsync(_ => new(tag, isOldEnough ? Modified : tag is null ? DateTimeOffset.UtcNow : null));
        await using var proxy = FaultProxy.Start(server.Address.Port);
        _ = proxy.Cut(Flow.FromServer, 1 << 20, times: 1);
        await using var services = Sources.Services();

        var (bytes, _) = await DownloadAsync(services, At(proxy.Port));

        Assert.Equal(File, bytes);
        Assert.Equal([false, isOldEnough], server.Received.Select(r => r.Headers.ContainsKey("Range")));
        if (isOldEnough)
            Assert.Equal(Modified.ToString("R"), server.Received.Last().Headers["If-Range"]);
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_is_fetched_anew()
    {
        var newer = RandomBytes(2 << 20);
        await using var server = await ServeAsync(n => n == 1 ? new("\"v1\"") : new("\"v2\"") { Bytes = newer });
        await using var proxy = FaultProxy.Start(server.Address.Port);
        _ = proxy.Reset(Flow.FromServer, 1 << 20, times: 1);
        await using var services = Sources.Services();

        var (bytes, exchange) = await DownloadAsync(services, At(proxy.Port));

        Assert.Equal(newer, bytes);
        Assert.Equal("\"v2\"", exchange.Value.Headers["ETag"]);
    }

    [Theory]
    [InlineData("bytes 0-99/100"), InlineData("bytes 5-6/3145728"), InlineData("pages 1-2/3"), InlineData(null), InlineData("416")]
    public async Task A_part_that_was_not_asked_for_is_not_taken(string? contentRange)
    {
        await using var server = await ServeAsync(n => new("\"v1\"") { Instead = n != 2 ? null : Wrong });
        await using var proxy = FaultProxy.Start(server.Address.Port);
        _ = proxy.Reset(Flow.FromServer, 1 << 20, times: 1);
        await using var services = Sources.Services();

        var (bytes, exchange) = await DownloadAsync(services, At(proxy.Port));

        Assert.Equal(File, bytes);
        Assert.Equal(3, exchange.Requests);
        Assert.DoesNotContain("Range", server.Received.Last().Headers.Keys);

        Task Wrong(HttpContext context)
        {
            context.Response.StatusCode = contentRange == "416" ? 416 : 206;
            if (contentRange is not (null or "416"))
                context.Response.Headers.ContentRange = contentRange;
            return context.Response.WriteAsync("wrong");
        }
    }

    [Theory]
    [InlineData("Content-MD5", "md5", "{0}"), InlineData("x-ms-blob-content-md5", "md5", "{0}")]
    [InlineData("Repr-Digest", "sha256", "sha-512=:nonsense:, sha-256=:{0}:"), InlineData("Digest", "sha256", "SHA-256={0}")]
    [InlineData("x-goog-hash", "crc32c", "crc32c={0},md5=short"), InlineData("x-amz-checksum-sha256", "sha256", "{0}"), InlineData("x-amz-checksum-crc32c", "crc32c", "{0}")]
    public async Task A_checksum_is_compared_across_all_parts(string header, string algorithm, string format)
    {
        var right = algorithm switch { "md5" => Md5(File), "sha256" => SHA256.HashData(File), _ => Crc32C(File) };
        var value = string.Format(format, Convert.ToBase64String(right));
        await using var server = await ServeAsync(_ => new("\"v1\"") { Headers = { [header] = value } });
        await using var proxy = FaultProxy.Start(server.Address.Port);
        _ = proxy.Reset(Flow.FromServer, 1 << 20, times: 1);
        await using var services = Sources.Services();
        Assert.Equal(File, (await DownloadAsync(services, At(proxy.Port))).Bytes);

        right[0]++;
        var wrong = string.Format(format, Convert.ToBase64String(right));
        await using var other = await ServeAsync(_ => new("\"v1\"") { Headers = { [header] = wrong } });
        var failure = await Sources.FailureOfAsync(() => DownloadAsync(services, At(other.Address.Port)));

        Assert.Equal(("checksum-mismatch", true), (failure.Code, failure.IsTransient));
        Assert.Contains($"'{header}'", failure.Message, StringComparison.Ordinal);
        Assert.All(other.Received, r => Assert.False(r.Headers.ContainsKey("Range"))); // wrong bytes are no start
    }

    [Fact]
    public async Task A_page_is_compared_with_its_checksum_too()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.Headers["Content-MD5"] = Convert.ToBase64String(Md5("right"u8.ToArray()));
            return context.Response.WriteAsync(n == 1 ? "wrong" : "right");
        });
        await using var services = Sources.Services();

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address));

        Assert.Equal(("right", 2), (answer.Value, answer.Requests));
    }

    [Fact]
    public async Task Silence_ends_an_attempt_and_slowness_does_not()
    {
        await using var server = await ServeAsync(_ => new("\"v1\""));
        await using var proxy = FaultProxy.Start(server.Address.Port);
        var stalled = proxy.Stall(Flow.FromServer, 1 << 20, times: 1);
        await using var services = Sources.Services();

        var downloading = DownloadAsync(services, At(proxy.Port, Sources.Quick with { AttemptTimeout = TimeSpan.FromMilliseconds(400), TotalTimeout = TimeSpan.FromSeconds(1) }));
        await stalled;
        var (bytes, exchange) = await downloading;

        Assert.Equal(File, bytes);
        Assert.Equal(2, exchange.Requests);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_limit_of_size_holds_with_and_without_a_length(bool hasLength)
    {
        await using var server = await ServeAsync(_ => hasLength ? new("\"v1\"") : new("\"v1\"") { Instead = context => context.Response.Body.WriteAsync(File).AsTask() });
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => DownloadAsync(services, At(server.Address.Port, Sources.Quick with { MaxResponseBytes = 1 << 20 })));

        Assert.Equal(("response-too-large", false), (failure.Code, failure.IsTransient));
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task It_gives_up_when_nothing_comes_of_it()
    {
        await using var server = await ServeAsync(_ => new("\"v1\""));
        await using var proxy = FaultProxy.Start(server.Address.Port);
        _ = proxy.Reset(Flow.FromServer, 2000);
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => DownloadAsync(services, At(proxy.Port, Sources.Quick with { Attempts = 3 })));

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.InRange(server.Received.Count, 3, 9);
    }

    [Fact]
    public async Task A_source_that_redirects_to_its_storage_is_continued_there()
    {
        await using var storage = await ServeAsync(_ => new("\"v1\""));
        await using var proxy = FaultProxy.Start(storage.Address.Port);
        _ = proxy.Reset(Flow.FromServer, 1 << 20, times: 1);
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Redirect($"http://127.0.0.1:{proxy.Port}/signed?x=1");
            return Task.CompletedTask;
        });
        await using var services = Sources.Services(settings: ("KEY", "abcdef"));
        var source = Sources.At(server.Address, auth: new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${KEY}" } });

        var (bytes, _) = await DownloadAsync(services, source);

        Assert.Equal(File, bytes);
        Assert.Equal([false, true], storage.Received.Select(r => r.Headers.ContainsKey("Range")));
        Assert.All(storage.Received, r => Assert.DoesNotContain("Authorization", r.Headers.Keys));
        Assert.All(server.Received, r => Assert.Equal("Bearer abcdef", r.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_part_that_nobody_asked_for_is_no_answer()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = n == 1 ? 206 : 200;
            return context.Response.WriteAsync(n == 1 ? "par" : "whole");
        });
        await using var services = Sources.Services();

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address));

        Assert.Equal(("whole", 2), (answer.Value, answer.Requests));
    }

    static SourceDefinition At(int port, LimitsDefinition? limits = null) => Sources.At(new($"http://127.0.0.1:{port}"), limits);

    static async Task<(byte[] Bytes, SourceExchange<SourceResponse> Exchange)> DownloadAsync(ServiceProvider services, SourceDefinition source)
    {
        using var destination = new MemoryStream();
        var exchange = await services.GetRequiredService<ISourceHttp>().DownloadAsync(source, new() { Path = "/file" }, destination, TestContext.Current.CancellationToken);
        return (destination.ToArray(), exchange);
    }

    static Task<LoopbackServer> ServeAsync(Func<int, Version> version) => LoopbackServer.StartAsync(async (context, n) =>
    {
        var now = version(n);
        foreach (var (name, value) in now.Headers)
            context.Response.Headers[name] = value;
        if (now.Instead is { } instead)
            await instead(context);
        else
            await Results.Bytes(now.Bytes, "application/x-thing", enableRangeProcessing: true, lastModified: now.Modified, entityTag: now.Tag is null ? null : EntityTagHeaderValue.Parse(now.Tag)).ExecuteAsync(context);
    });

    static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(42 + length).NextBytes(bytes);
        return bytes;
    }

    static byte[] Md5(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }

    // Bit by bit, as the specification has it (RFC 9260, appendix A).
    static byte[] Crc32C(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        var big = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(big, ~crc);
        return big;
    }

    /// <summary>The file as it is when it is asked for.</summary>
    sealed record Version(string? Tag, DateTimeOffset? Modified = null)
    {
        public byte[] Bytes { get; init; } = File;

        public Dictionary<string, string> Headers { get; } = [];

        public Func<HttpContext, Task>? Instead { get; init; }
    }
}
