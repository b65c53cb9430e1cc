using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Cli.Sampling;

/// <summary>Plays providers: a server on this machine that answers what the script of the moment says, and 400 to everything else.</summary>
internal sealed class SampleSimulator : IAsyncDisposable
{
    /// <summary>Header in which <see cref="SampleTransport"/> says whom a request was meant for.</summary>
    public const string OriginHeader = "Ingest-Sample-Origin";

    readonly WebApplication _app;
    SampleScript? _script;

    SampleSimulator(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts one.</summary>
    public static async Task<SampleSimulator> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = null;
            server.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var simulator = new SampleSimulator(app);
        app.Run(simulator.AnswerAsync);
        await app.StartAsync(cancellationToken);
        return simulator;
    }

    /// <summary>Plays a script from now on; null for none.</summary>
    public void Play(SampleScript? script) => Volatile.Write(ref _script, script);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    async Task AnswerAsync(HttpContext context)
    {
        var script = Volatile.Read(ref _script);
        var seen = await ReadAsync(context.Request, context.RequestAborted);
        if (script?.Answer(seen) is not { } response)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync($"The sample has no answer to {seen}.", context.RequestAborted);
            return;
        }

        var body = await script.BodyAsync(response, context.RequestAborted);
        context.Response.StatusCode = response.Status;
        context.Response.Headers.Date = script.Now.ToString("R");
        foreach (var (name, value) in response.Headers)
            context.Response.Headers[name] = value;
        if (response.Headers.Any(h => h.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase) && h.Value == "gzip") && body is not [0x1f, 0x8b, ..])
            body = Compress(body);
        if (response.Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return;
        if (string.IsNullOrEmpty(context.Response.ContentType) && body.Length > 0)
            context.Response.ContentType = TypeOf(response.File, body);
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    static async Task<SeenRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(cancellationToken);
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget; // as it was written
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return new(
            request.Method, request.Headers[OriginHeader].ToString(), Uri.UnescapeDataString(mark < 0 ? target : target[..mark]), SeenRequest.QueryOf(mark < 0 ? "" : target[mark..]),
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body);
    }

    static byte[] Compress(byte[] body)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body);
        return bytes.ToArray();
    }

    static string TypeOf(string? file, ReadOnlySpan<byte> body) => Path.GetExtension(file) switch
    {
        ".json" => "application/json",
        ".csv" => "text/csv",
        ".xml" => "application/xml",
        ".zip" => "application/zip",
        ".gz" => "application/gzip",
        ".html" => "text/html",
        _ => body.TrimStart(" \r\n\t"u8) switch
        {
            [(byte)'{' or (byte)'[', ..] => "application/json",
            [(byte)'<', ..] => "application/xml",
            _ when file is null or { Length: > 4 } && file?.EndsWith(".txt", StringComparison.Ordinal) is not false => "text/plain",
            _ => "application/octet-stream",
        },
    };
}
