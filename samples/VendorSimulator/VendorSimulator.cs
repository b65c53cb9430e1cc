using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Samples;

/// <summary>
/// A market-data vendor on loopback, for demonstrations and tests. The same bars are served in four ways, so that every kind of
/// pagination can be tried against the same answer:
/// <c>/v1/bars</c> (page number), <c>/v1/bars/cursor</c>, <c>/v1/bars/link</c>, <c>/v1/bars/all</c> (one answer with <c>ETag</c>);
/// all take <c>symbols</c>, <c>from</c> and <c>size</c>. <c>/v1/stream/trades?after=N</c> never ends. <c>/v1/status</c> is cheap.
/// </summary>
public sealed class VendorSimulator : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly VendorOptions _options;
    readonly TimeProvider _time;
    readonly Bar[] _bars;
    readonly ConcurrentDictionary<string, EndpointCounters> _counters = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _lock = new();
    VendorFault _fault;
    int _faultsLeft;
    int _barRequests;
    long _trades;

    VendorSimulator(WebApplication app, VendorOptions options, TimeProvider time)
    {
        (_app, _options, _time, _trades) = (app, options, time, options.Trades);
        _bars = [.. options.Bars.OrderBy(b => b.Date).ThenBy(b => b.Symbol, StringComparer.Ordinal)];
        Through = options.Through;
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>Bars after this day are not published yet.</summary>
    public DateOnly? Through { get; set; }

    /// <summary>Trades published so far, for a stream without a rate.</summary>
    public long Trades
    {
        get => Interlocked.Read(ref _trades);
        set => Interlocked.Exchange(ref _trades, value);
    }

    /// <summary>What was asked and answered, by path.</summary>
    public IReadOnlyDictionary<string, EndpointCounters> Counters => _counters;

    /// <summary>All requests that arrived.</summary>
    public long Requests => _counters.Values.Sum(c => c.Requests);

    /// <summary>Starts a vendor.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="time">Clock of the stream; default the system's.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<VendorSimulator> StartAsync(VendorOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        var app = builder.Build();
        var vendor = new VendorSimulator(app, options, time ?? TimeProvider.System);
        app.Run(vendor.AnswerAsync);
        await app.StartAsync(cancellationToken);
        vendor.BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return vendor;
    }

    /// <summary>Misbehaves for the next requests.</summary>
    /// <param name="fault">How.</param>
    /// <param name="times">How many requests; default all from now on.</param>
    public void Inject(VendorFault fault, int times = int.MaxValue)
    {
        lock (_lock)
            (_fault, _faultsLeft) = (fault, times);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync(); // streams and silent answers would hold the server
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        Count(path, c => c with { Requests = c.Requests + 1 });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            await AnswerAsync(context, path, NextFault(), ending.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    async Task AnswerAsync(HttpContext context, string path, VendorFault fault, CancellationToken cancellationToken)
    {
        var response = context.Response;
        if (fault is VendorFault.NeverAnswers)
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
        if (fault is VendorFault.Unauthorized || !IsKeyRight(context.Request.Headers["X-Api-Key"].ToString()))
        {
            Count(path, c => c with { Refused = c.Refused + 1 });
            await RefuseAsync(response, 401, "the API key is not known");
        }
        else if (fault is VendorFault.ServerError)
        {
            await RefuseAsync(response, 500, "something broke");
        }
        else if (fault is VendorFault.HtmlBody)
        {
            response.ContentType = "text/html";
            await response.WriteAsync("<!DOCTYPE html><html><body>We will be back soon.</body></html>", cancellationToken);
        }
        else if (fault is VendorFault.ErrorBody)
        {
            response.ContentType = "application/json";
            await response.WriteAsync("""{"error":"please slow down"}""", cancellationToken);
        }
        else if (path is "/v1/status")
        {
            await SendAsync(context, path, """{"status":"ok"}"""u8.ToArray(), fault);
        }
        else if (path is "/v1/stream/trades")
        {
            await StreamAsync(context, path, cancellationToken);
        }
        else if (path is "/v1/bars" or "/v1/bars/cursor" or "/v1/bars/link" or "/v1/bars/all")
        {
            await AnswerBarsAsync(context, path, fault);
        }
        else
        {
            await RefuseAsync(response, 404, "there is no such endpoint");
        }
    }

    async Task AnswerBarsAsync(HttpContext context, string path, VendorFault fault)
    {
        var number = Interlocked.Increment(ref _barRequests);
        if (number == _options.UnavailableAt)
        {
            Count(path, c => c with { Unavailable = c.Unavailable + 1 });
            await RefuseAsync(context.Response, 503, "overloaded");
            return;
        }

        if (_options.RateLimitEvery > 0 && number % _options.RateLimitEvery == 0)
        {
            Count(path, c => c with { RateLimited = c.RateLimited + 1 });
            context.Response.Headers.RetryAfter = _options.RetryAfterSeconds.ToString();
            await RefuseAsync(context.Response, 429, "slow down");
            return;
        }

        if (BarQuery.Read(context.Request.Query, _options.MaxPageSize) is not { } query)
        {
            await RefuseAsync(context.Response, 400, "expected from as yyyy-MM-dd, and page, size and offset as whole numbers");
            return;
        }

        var bars = _bars
            .Where(b => (Through is null || b.Date <= Through) && b.Date >= query.From && (query.Symbols.Count == 0 || query.Symbols.Contains(b.Symbol)))
            .ToArray();
        var body = BarPages.Write(path, bars, query, fault is VendorFault.LoopingCursor, out var link);
        if (link is not null)
            context.Response.Headers.Link = link;
        if (path is "/v1/bars/all" && IsUnchanged(context, body, bars))
        {
            Count(path, c => c with { NotModified = c.NotModified + 1 });
            context.Response.StatusCode = 304;
            return;
        }

        await SendAsync(context, path, body, fault);
    }

    static bool IsUnchanged(HttpContext context, byte[] body, Bar[] bars)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\"";
        context.Response.Headers.ETag = tag;
        if (bars.Length > 0)
            context.Response.Headers.LastModified = bars[^1].Date.ToDateTime(new(22, 0), DateTimeKind.Utc).ToString("R");
        return context.Request.Headers.IfNoneMatch.Contains(tag);
    }

    async Task SendAsync(HttpContext context, string path, byte[] body, VendorFault fault)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        if (fault is VendorFault.TruncatedBody)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(body);
        Count(path, c => c with { Served = c.Served + 1 });
    }

    async Task StreamAsync(HttpContext context, string path, CancellationToken cancellationToken)
    {
        if (!long.TryParse(context.Request.Query["after"].FirstOrDefault() ?? "0", out var sequence))
        {
            await RefuseAsync(context.Response, 400, "expected after as a whole number");
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        await context.Response.StartAsync(cancellationToken);
        Count(path, c => c with { Served = c.Served + 1 });
        var beat = TimeSpan.FromMilliseconds(50);
        for (var due = 0d; ; due += _options.TradesPerSecond * beat.TotalSeconds)
        {
            var sent = 0;
            for (; _options.TradesPerSecond > 0 ? due >= 1 : sequence < Trades; due--, sent++)
                await context.Response.Body.WriteAsync(Trade.Line(_options.Seed, ++sequence), cancellationToken);
            if (sent > 0)
                await context.Response.Body.FlushAsync(cancellationToken);
            await Task.Delay(beat, _time, cancellationToken);
        }
    }

    static async Task RefuseAsync(HttpResponse response, int status, string why)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        await response.WriteAsync(JsonSerializer.Serialize(new { error = why }));
    }

    VendorFault NextFault()
    {
        lock (_lock)
        {
            if (_faultsLeft <= 0)
                return VendorFault.None;
            _faultsLeft -= _faultsLeft == int.MaxValue ? 0 : 1;
            return _fault;
        }
    }

    bool IsKeyRight(string key) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(_options.ApiKey));

    void Count(string path, Func<EndpointCounters, EndpointCounters> change) =>
        _counters.AddOrUpdate(path, _ => change(new(0, 0, 0, 0, 0, 0)), (_, counters) => change(counters));
}
