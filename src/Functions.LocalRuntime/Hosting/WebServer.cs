using System.Net;
using DataIngestion.LocalRuntime.Durable;
using DataIngestion.LocalRuntime.Triggers;
using DataIngestion.LocalRuntime.Triggers.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>The one web server of the host: functions, durable management, administration.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    readonly WebApplication _app;

    WebServer(WebApplication app) => _app = app;

    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1/");

    public static WebServer Build(
        int port,
        long maxBody,
        TimeSpan drain,
        IReadOnlyList<FunctionInvoker> functions,
        HostKeys keys,
        AdminEndpoints admin,
        Func<DurableTaskClient> durable,
        ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = maxBody;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drain);

        var app = builder.Build();
        app.Use(RefuseOtherHosts);
        app.Use(ExplainEmptyErrors);
        app.Use((http, next) => GuardExtensions(http, next, keys));
        app.UseRouting();
        foreach (var invoker in functions)
            MapFunction(app, invoker, keys);
        DurableManagementEndpoints.Map(app, durable);
        admin.Map(app, keys);
        return new(app);
    }

    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        BaseAddress = new(addresses.First());
    }

    /// <summary>Accepts nothing more and waits for the requests that run.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    static void MapFunction(IEndpointRouteBuilder routes, FunctionInvoker invoker, HostKeys keys)
    {
        if (invoker.Function.Trigger is not HttpTrigger trigger)
            return;
        RequestDelegate handle = new HttpFunctionHandler(invoker, trigger, keys).HandleAsync;
        var endpoint = trigger.Methods.Count == 0 ? routes.Map(trigger.Route, handle) : routes.MapMethods(trigger.Route.RawText!, trigger.Methods, handle);
        endpoint.WithDisplayName(invoker.Function.Id);
    }

    /// <summary>The server listens on loopback only; a page in a browser must not reach it under a name of its own.</summary>
    static Task RefuseOtherHosts(HttpContext http, RequestDelegate next) =>
        http.Request.Host.Host is "127.0.0.1" or "localhost" or "[::1]"
            ? next(http)
            : Problem.WriteAsync(http, StatusCodes.Status400BadRequest, $"The host '{http.Request.Host.Host}' is not served; use 127.0.0.1 or localhost.");

    /// <summary>Requests that no endpoint answers get problem details instead of an empty body.</summary>
    static async Task ExplainEmptyErrors(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response.HasStarted || http.Response.ContentLength is not null || http.Response.ContentType is not null)
            return;
        var allow = http.Response.Headers.Allow;
        if (http.Response.StatusCode == StatusCodes.Status404NotFound && http.GetEndpoint() is null)
        {
            await Problem.WriteAsync(http, StatusCodes.Status404NotFound, $"There is nothing at '{http.Request.Path}'.");
        }
        else if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed && allow.Count > 0)
        {
            var write = Problem.WriteAsync;
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.Allow = allow;
                return Task.CompletedTask;
            });
            await write(http, StatusCodes.Status405MethodNotAllowed, $"'{http.Request.Path}' does not answer {http.Request.Method}; {allow} was expected.");
        }
    }

    /// <summary>The endpoints of extensions take a system key, as in Azure.</summary>
    static Task GuardExtensions(HttpContext http, RequestDelegate next, HostKeys keys) =>
        http.Request.Path.StartsWithSegments("/runtime/webhooks", StringComparison.OrdinalIgnoreCase) && !keys.Admit(http.Request, AuthorizationLevel.System)
            ? Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "The endpoints of extensions ask for a system key, in the header x-functions-key or the query parameter code.")
            : next(http);
}
