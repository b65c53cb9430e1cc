using System.Net;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>Where the browser comes back to after the consent: an address of this machine, for as long as it is waited for (RFC 8252 §7.3).</summary>
internal sealed class LoopbackRedirect : IAsyncDisposable
{
    const string Path = "/callback";

    readonly TaskCompletionSource<string> _code = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly WebApplication _app;
    readonly byte[] _state;

    LoopbackRedirect(WebApplication app, string state) => (_app, _state) = (app, Encoding.ASCII.GetBytes(state));

    /// <summary>What the issuer is told to send the browser to.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The code that the browser brought.</summary>
    public Task<string> CodeAsync => _code.Task;

    /// <summary>Begins to listen.</summary>
    /// <param name="port">0 for any free one.</param>
    /// <param name="state">What the browser has to bring with it, so that nobody else's answer is taken.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<LoopbackRedirect> StartAsync(int port, string state, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders(); // addresses hold the code
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        var redirect = new LoopbackRedirect(builder.Build(), state);
        redirect._app.MapGet(Path, redirect.AnswerAsync);
        try
        {
            await redirect._app.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            await redirect.DisposeAsync();
            throw new StepFailedException(new() { Code = "port-taken", Message = $"The browser cannot come back to port {port} of this machine, which is taken: free it, or set 'redirectPort' to another one." }, taken);
        }

        var address = redirect._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        redirect.Address = new($"{address}{Path}");
        return redirect;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _code.TrySetCanceled();
    }

    async Task AnswerAsync(HttpContext context)
    {
        var (query, response) = (context.Request.Query, context.Response);
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.ContentType = "text/plain; charset=utf-8";
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(query["state"].ToString()), _state))
        {
            response.StatusCode = 400; // somebody else's; ours may still come
            await response.WriteAsync("This is not the answer that was waited for.");
            return;
        }

        var error = query["error"].ToString();
        await response.WriteAsync(error.Length > 0 ? "The consent was not given. You may close this page." : "Thank you. You may close this page.");
        await response.CompleteAsync();
        if (error.Length > 0)
            _code.TrySetException(Consents.Denied(TextQuote.Of(Encoding.UTF8.GetBytes(error), static text => text)));
        else if (query["code"].ToString() is { Length: > 0 } code)
            _code.TrySetResult(code);
        else
            _code.TrySetException(new StepFailedException(new() { Code = "protocol-error", Message = "The browser came back without a code: the issuer does not follow RFC 6749." }));
    }
}
