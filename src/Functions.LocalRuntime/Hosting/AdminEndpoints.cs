using DataIngestion.LocalRuntime.Triggers;
using DataIngestion.LocalRuntime.Triggers.Http;
using DataIngestion.LocalRuntime.Triggers.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>What an operator may ask of the host, with the master key: its functions, and to run a timer now.</summary>
internal sealed class AdminEndpoints(IReadOnlyList<FunctionMetadata> functions, ILogger logger)
{
    readonly Dictionary<string, List<TimerListener>> _timers = new(StringComparer.OrdinalIgnoreCase);

    public void AddTimer(string name, TimerListener listener)
    {
        if (!_timers.TryGetValue(name, out var listeners))
            _timers.Add(name, listeners = []);
        listeners.Add(listener);
    }

    public void Map(IEndpointRouteBuilder routes, HostKeys keys)
    {
        routes.MapMethods("/admin/host/status", ["GET"], Guarded(http => http.Response.WriteAsJsonAsync(new { state = "Running", functions = functions.Count })));
        routes.MapMethods("/admin/functions", ["GET"], Guarded(http => http.Response.WriteAsJsonAsync(functions)));
        routes.MapMethods("/admin/functions/{name}", ["GET"], Guarded(ShowAsync));
        routes.MapMethods("/admin/functions/{name}", ["POST"], Guarded(RunAsync));

        RequestDelegate Guarded(RequestDelegate handle) => http => keys.Admit(http.Request, AuthorizationLevel.Admin)
            ? handle(http)
            : Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "Administration asks for the master key, in the header x-functions-key or the query parameter code.");
    }

    Task ShowAsync(HttpContext http)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        return functions.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } function
            ? http.Response.WriteAsJsonAsync(function)
            : Problem.WriteAsync(http, StatusCodes.Status404NotFound, $"There is no function '{name}'.");
    }

    /// <summary>Accepts at once, as the Functions host does; how it went is in the log.</summary>
    Task RunAsync(HttpContext http)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        if (!_timers.TryGetValue(name, out var listeners))
        {
            return functions.Any(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ? Problem.WriteAsync(http, StatusCodes.Status400BadRequest, $"'{name}' is not a timer; only timers are run by hand.")
                : Problem.WriteAsync(http, StatusCodes.Status404NotFound, $"There is no function '{name}'.");
        }

        foreach (var listener in listeners)
            _ = RunLoggedAsync(listener, name);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    async Task RunLoggedAsync(TimerListener listener, string name)
    {
        try
        {
            await listener.RunByHandAsync();
        }
        catch (Exception failure)
        {
            logger.LogDebug(failure, "{Function}, run by hand, failed", name);
        }
    }
}
