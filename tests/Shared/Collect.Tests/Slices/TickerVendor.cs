using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests.Slices;

/// <summary>A vendor that is asked for one or several symbols, or for a day, and remembers what it was asked.</summary>
internal sealed class TickerVendor : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, List<(string Date, int Value)>> _bars = new(StringComparer.Ordinal);
    LoopbackServer _server = null!;
    int _atOnce;

    public Uri Address => _server.Address;

    /// <summary>Queries in the order of their arrival.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Validators that came, by query; <c>-</c> for none.</summary>
    public ConcurrentQueue<string> Conditions { get; } = [];

    /// <summary>Answers something else; null for the usual answer.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    /// <summary>Whether answers have an ETag, and a 304 is given.</summary>
    public bool HasTags { get; set; }

    /// <summary>Most requests that were there at once.</summary>
    public int MostAtOnce { get; private set; }

    public static async Task<TickerVendor> StartAsync()
    {
        var vendor = new TickerVendor();
        vendor._server = await LoopbackServer.StartAsync((context, _) => vendor.AnswerAsync(context));
        return vendor;
    }

    public TickerVendor Add(string symbol, string date, int value = 1)
    {
        var bars = _bars.GetOrAdd(symbol, _ => []);
        lock (bars)
            bars.Add((date, value));
        return this;
    }

    public IReadOnlyList<string> TakeAsked()
    {
        List<string> asked = [];
        while (Asked.TryDequeue(out var one))
            asked.Add(one);
        asked.Sort(StringComparer.Ordinal);
        return asked;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var now = Interlocked.Increment(ref _atOnce);
        lock (Asked)
            MostAtOnce = Math.Max(MostAtOnce, now);
        try
        {
            var query = context.Request.Query;
            Asked.Enqueue($"{context.Request.Path.Value!.TrimStart('/')}{context.Request.QueryString}");
            if (Instead is { } instead && await instead(context))
                return;
            var rows = query["symbol"].ToString().Split(',').SelectMany(symbol => _bars.GetValueOrDefault(symbol) is { } bars ? bars.ToArray().Select(b => (symbol, b.Date, b.Value)) : []);
            if (query["from"].ToString() is { Length: > 0 } from)
                rows = rows.Where(r => string.CompareOrdinal(r.Date, from) >= 0);
            if (query["day"].ToString() is { Length: > 0 } day)
                rows = rows.Where(r => r.Date.Replace("-", "", StringComparison.Ordinal) == day);
            var body = JsonSerializer.Serialize(rows.OrderBy(r => r.Date, StringComparer.Ordinal).Select(r => new { r.symbol, date = r.Date, value = r.Value }));
            if (HasTags)
            {
                var tag = $"\"{string.GetHashCode(body, StringComparison.Ordinal).ToString("x", CultureInfo.InvariantCulture)}\"";
                context.Response.Headers.ETag = tag;
                Conditions.Enqueue(context.Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known ? known == tag ? "same" : "other" : "-");
                if (context.Request.Headers.IfNoneMatch == tag)
                {
                    context.Response.StatusCode = 304;
                    return;
                }
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }
}
