using System.Globalization;
using System.Text;
using DataIngestion.Benchmarks.Connect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Benchmarks.Collect;

/// <summary>A vendor in a process of its own: pages of bars, and answers that are held back until many are asked for at once.</summary>
internal static class VendorPeer
{
    /// <summary>The word that makes this program the vendor.</summary>
    public const string Word = "peer";

    /// <summary>Bytes of a page of <c>/bars</c>, about.</summary>
    public const int PageBytes = 1 << 20;

    /// <summary>Starts it.</summary>
    public static Task<LoopbackPeer> StartAsync(CancellationToken cancellationToken) => LoopbackPeer.StartAsync("collect", Word, cancellationToken);

    /// <summary>A page of bars as a vendor writes it.</summary>
    public static byte[] Page(int bytes)
    {
        var page = new StringBuilder("{\"status\":\"OK\",\"data\":{\"bars\":[");
        for (var i = 0; page.Length < bytes; i++)
        {
            var price = 100 + (i % 997 * 0.01m);
            page.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{{\"date\":\"2026-03-{1 + (i % 28):00}\",\"symbol\":\"SYM{i:D6}\",\"open\":{price},\"high\":{price + 1},\"low\":{price - 1},\"close\":{price + 0.5m},\"volume\":{1000 + i}}}");
        }

        return Encoding.UTF8.GetBytes(page.Append("]}}").ToString());
    }

    /// <summary>Serves until the input ends.</summary>
    public static async Task ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var (page, small) = (Page(PageBytes), Page(4 << 10));
        var (under, most) = (0, 0);
        app.MapGet("/bars", context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = page.Length;
            return context.Response.Body.WriteAsync(page, context.RequestAborted).AsTask();
        });

        // A second each, so that as many are under way as the client lets be.
        app.MapGet("/slow", async context =>
        {
            var now = Interlocked.Increment(ref under);
            for (var seen = most; now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most)
            {
            }

            await Task.Delay(TimeSpan.FromSeconds(1), context.RequestAborted);
            Interlocked.Decrement(ref under);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(small, context.RequestAborted);
        });
        app.MapGet("/most", context => context.Response.WriteAsync(most.ToString(CultureInfo.InvariantCulture), context.RequestAborted));
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.In.ReadToEndAsync();
    }
}
