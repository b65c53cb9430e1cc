using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.TestServers;

/// <summary>What arrived at a <see cref="LoopbackServer"/>.</summary>
internal sealed record ReceivedRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A real HTTP server on a free port of 127.0.0.1 that answers as a test says.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly CancellationTokenSource _stopping = new();

    LoopbackServer(WebApplication app) => _app = app;

    public ConcurrentQueue<ReceivedRequest> Received { get; } = [];

    public Uri Address { get; private set; } = null!;

    public static async Task<LoopbackServer> StartAsync(Func<HttpContext, int, CancellationToken, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new LoopbackServer(app);
        var count = 0;
        app.Run(async context =>
        {
            context.Request.EnableBuffering(); // the answer may want to read it too
            using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
            server.Received.Enqueue(new(
                context.Request.Method,
                context.Request.Path,
                context.Request.QueryString.Value ?? "",
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await reader.ReadToEndAsync()));
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, server._stopping.Token);
            try
            {
                await answer(context, Interlocked.Increment(ref count), ending.Token);
            }
            catch (OperationCanceledException)
            {
                context.Abort();
            }
        });
        await app.StartAsync();
        server.Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    public static Task<LoopbackServer> StartAsync(Func<HttpContext, int, Task> answer) => StartAsync((context, n, _) => answer(context, n));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }
}
