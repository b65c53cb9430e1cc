using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Cli.Shipping.Starting;

/// <summary>
/// The side of the Functions host that a worker process sees when it starts: one gRPC stream. It asks the worker to initialise and for its functions,
/// as the host does, and nothing more.
/// </summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    // Fields of the protocol's envelope.
    const int WorkerInitRequest = 17, WorkerInitResponse = 16, StartStream = 20, MetadataRequest = 29, MetadataResponse = 30;

    readonly WebApplication _app;
    readonly Channel<(int Content, byte[] Message)> _received = Channel.CreateUnbounded<(int, byte[])>();
    readonly SemaphoreSlim _sending = new(1);
    Stream? _toWorker;

    WorkerHost(WebApplication app) => _app = app;

    /// <summary>What workers are told with <c>--functions-uri</c>.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>Listens on a free port.</summary>
    public static async Task<WorkerHost> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var host = new WorkerHost(builder.Build());
        host._app.MapPost("/AzureFunctionsRpcMessages.FunctionRpc/EventStream", host.ConverseAsync);
        await host._app.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Lets the worker initialise and tell its functions.</summary>
    /// <param name="folder">The app's folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many functions it has.</returns>
    public async Task<int> MeetAsync(string folder, CancellationToken cancellationToken)
    {
        await ReceiveAsync(StartStream, cancellationToken);
        await SendAsync(WorkerInitRequest, [WireMessage.Text(1, "4.0.0"), WireMessage.Text(4, folder), WireMessage.Text(5, folder)], cancellationToken);
        await ReceiveAsync(WorkerInitResponse, cancellationToken);
        await SendAsync(MetadataRequest, [WireMessage.Text(1, folder)], cancellationToken);
        return WireMessage.FieldsOf(await ReceiveAsync(MetadataResponse, cancellationToken)).Count(f => f.Field == 1);
    }

    /// <summary>Hangs up.</summary>
    public async ValueTask DisposeAsync()
    {
        _received.Writer.TryComplete();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        try
        {
            await _app.StopAsync(atOnce.Token);
        }
        catch (OperationCanceledException)
        {
            // The worker's stream was still open, which is as it should be.
        }

        await _app.DisposeAsync();
        _sending.Dispose();
    }

    async Task ConverseAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.StartAsync(context.RequestAborted);
        _toWorker = context.Response.Body;
        try
        {
            while (await WireMessage.ReadFrameAsync(context.Request.Body, context.RequestAborted) is { } envelope)
            {
                foreach (var (field, content) in WireMessage.FieldsOf(envelope).Where(f => f.Field != 1))
                    _received.Writer.TryWrite((field, content));
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The worker was stopped.
        }
    }

    async Task SendAsync(int content, IEnumerable<byte[]> parts, CancellationToken cancellationToken)
    {
        byte[] envelope = [.. WireMessage.Text(1, Guid.NewGuid().ToString()), .. WireMessage.Field(content, parts)];
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _toWorker!.WriteAsync(WireMessage.Frame(envelope), cancellationToken);
            await _toWorker.FlushAsync(cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    async Task<byte[]> ReceiveAsync(int content, CancellationToken cancellationToken)
    {
        // Its log comes in between.
        await foreach (var (field, message) in _received.Reader.ReadAllAsync(cancellationToken))
        {
            if (field == content)
                return message;
        }

        throw new CommandFailedException(ExitCodes.Failed, "The worker hung up while it started.");
    }
}
