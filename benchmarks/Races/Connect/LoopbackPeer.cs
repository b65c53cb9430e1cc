using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>A server in a process of its own, so that what is measured here is only the client: <c>ingest-bench connect peer</c>.</summary>
internal sealed class LoopbackPeer : IAsyncDisposable
{
    /// <summary>The word that makes this program the server.</summary>
    public const string Word = "peer";

    readonly Process _process;

    LoopbackPeer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts the server of this benchmark.</summary>
    public static Task<LoopbackPeer> StartAsync(CancellationToken cancellationToken) => StartAsync("connect", Word, cancellationToken);

    /// <summary>Starts this program as a server, which writes its address first.</summary>
    /// <param name="benchmark">The benchmark whose server it is.</param>
    /// <param name="word">The argument that makes it one.</param>
    /// <param name="cancellationToken">Stops the starting.</param>
    public static async Task<LoopbackPeer> StartAsync(string benchmark, string word, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(LoopbackPeer).Assembly.Location, benchmark, word])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return new(process, new(line ?? throw new InvalidOperationException("The server did not start.")));
    }

    /// <summary>Serves until the input ends.</summary>
    public static async Task ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var count = 0;

        // A body that goes on for ever, slowly: a connection that is held.
        app.MapGet("/held", async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("figures\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(2000, context.RequestAborted);
            }
        });

        // One in a hundred takes half a second.
        app.MapGet("/tail", async context =>
        {
            if (Interlocked.Increment(ref count) % 100 == 0)
                await Task.Delay(500, context.RequestAborted);
            await context.Response.WriteAsync("figures", context.RequestAborted);
        });
        app.MapGet("/quick", context => context.Response.WriteAsync("figures", context.RequestAborted));
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>A percentile of times, in milliseconds.</summary>
    public static double Percentile(IEnumerable<TimeSpan> times, double share)
    {
        var sorted = times.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(sorted.Length * share) - 1)].TotalMilliseconds;
    }
}
