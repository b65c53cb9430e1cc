using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The HTTP management API under <c>/runtime/webhooks/durabletask</c>, with the status codes and names of the host's.</summary>
internal static class DurableManagementEndpoints
{
    const string Root = "/runtime/webhooks/durabletask";
    const string ContinuationToken = "x-ms-continuation-token";

    /// <summary>Seconds between two looks at a running instance.</summary>
    const int RetryAfterSeconds = 5;

    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Adds the routes. They carry no authorization of their own: guard them where the system key is known.</summary>
    public static void Map(IEndpointRouteBuilder routes, Func<DurableTaskClient> client)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(client);
        var group = routes.MapGroup(Root);
        group.MapGet("/instances", Answer(http => ListAsync(http, client())));
        group.MapDelete("/instances", Answer(http => PurgeAllAsync(http, client())));
        group.MapGet("/instances/{id}", Answer(http => GetAsync(http, client(), Route(http, "id"))));
        group.MapDelete("/instances/{id}", Answer(http => PurgeAsync(http, client(), Route(http, "id"))));
        group.MapPost("/instances/{id}/raiseEvent/{name}", Answer(http => RaiseAsync(http, client(), Route(http, "id"), Route(http, "name"))));
        group.MapPost("/instances/{id}/terminate", Steer((http, id, reason) => client().TerminateInstanceAsync(id, (object?)reason, http.RequestAborted)));
        group.MapPost("/instances/{id}/suspend", Steer((http, id, reason) => client().SuspendInstanceAsync(id, reason, http.RequestAborted)));
        group.MapPost("/instances/{id}/resume", Steer((http, id, reason) => client().ResumeInstanceAsync(id, reason, http.RequestAborted)));
        group.MapPost("/orchestrators/{name}/{id?}", Answer(http => StartAsync(http, client(), Route(http, "name"), http.GetRouteValue("id") as string)));
    }

    static async Task<IResult> ListAsync(HttpContext http, DurableTaskClient client)
    {
        var query = new OrchestrationQuery(
            Time(http, "createdTimeFrom"),
            Time(http, "createdTimeTo"),
            Statuses(http),
            InstanceIdPrefix: http.Request.Query["instanceIdPrefix"],
            PageSize: Number(http, "top") ?? OrchestrationQuery.DefaultPageSize,
            FetchInputsAndOutputs: true,
            ContinuationToken: http.Request.Headers[ContinuationToken]);
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages().WithCancellation(http.RequestAborted))
        {
            http.Response.Headers[ContinuationToken] = page.ContinuationToken ?? string.Empty;
            var showInput = Flag(http, "showInput", otherwise: true);
            return Results.Json(page.Values.Select(instance => InstanceStatus.From(instance, showInput, history: null)), Web);
        }

        return Results.Json(Array.Empty<InstanceStatus>(), Web);
    }

    static async Task<IResult> GetAsync(HttpContext http, DurableTaskClient client, string id)
    {
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, http.RequestAborted) is not { } instance)
            return Results.NotFound();

        var history = Flag(http, "showHistory", otherwise: false) && instance.ReadHistory is { } read
            ? InstanceStatus.Describe(read(), Flag(http, "showHistoryOutput", otherwise: false))
            : null;
        var status = InstanceStatus.From(instance, Flag(http, "showInput", otherwise: true), history);
        if (!instance.IsCompleted)
        {
            http.Response.Headers.Location = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}{http.Request.QueryString}";
            http.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
            return Results.Json(status, Web, statusCode: StatusCodes.Status202Accepted);
        }

        var failed = instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed && Flag(http, "returnInternalServerErrorOnFailure", otherwise: false);
        return Results.Json(status, Web, statusCode: failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
    }

    static async Task<IResult> PurgeAsync(HttpContext http, DurableTaskClient client, string id)
    {
        if (await client.GetInstanceAsync(id, http.RequestAborted) is null)
            return Results.NotFound();
        var purged = await client.PurgeInstanceAsync(id, http.RequestAborted);
        return Results.Json(new { instancesDeleted = purged.PurgedInstanceCount }, Web);
    }

    static async Task<IResult> PurgeAllAsync(HttpContext http, DurableTaskClient client)
    {
        if (Time(http, "createdTimeFrom") is not { } from)
            return Bad("Please provide value for 'createdTimeFrom' parameter.");
        var purged = await client.PurgeAllInstancesAsync(new(from, Time(http, "createdTimeTo"), Statuses(http)), http.RequestAborted);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Json(new { instancesDeleted = purged.PurgedInstanceCount }, Web);
    }

    static async Task<IResult> RaiseAsync(HttpContext http, DurableTaskClient client, string id, string name)
    {
        if (!http.Request.HasJsonContentType())
            return Bad("Only application/json request content is supported");
        await client.RaiseEventAsync(id, name, await ReadJsonAsync(http), http.RequestAborted);
        return Results.Accepted();
    }

    static RequestDelegate Steer(Func<HttpContext, string, string?, Task> steer) => Answer(async http =>
    {
        await steer(http, Route(http, "id"), http.Request.Query["reason"]);
        return Results.Accepted();
    });

    static async Task<IResult> StartAsync(HttpContext http, DurableTaskClient client, string name, string? id)
    {
        var input = http.Request.ContentLength is 0 or null ? null : await ReadJsonAsync(http);
        var instanceId = await client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id), http.RequestAborted);
        return DurableStartResponse.Accepted(http.Request, instanceId);
    }

    static async Task<JsonNode?> ReadJsonAsync(HttpContext http) =>
        await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);

    static RequestDelegate Answer(Func<HttpContext, Task<IResult>> handle) => async http =>
    {
        var result = await RunAsync(http, handle);
        await result.ExecuteAsync(http);
    };

    static async Task<IResult> RunAsync(HttpContext http, Func<HttpContext, Task<IResult>> handle)
    {
        try
        {
            return await handle(http);
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            return Results.NotFound();
        }
        catch (RpcException finished) when (finished.StatusCode == StatusCode.FailedPrecondition)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }
        catch (global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException taken)
        {
            return Results.Problem(taken.Message, http.Request.Path, StatusCodes.Status409Conflict);
        }
        catch (JsonException invalid)
        {
            return Bad($"Invalid JSON content: {invalid.Message}");
        }
        catch (ArgumentException wrong)
        {
            return Bad(wrong.Message);
        }
    }

    static string Route(HttpContext http, string name) => (string)http.GetRouteValue(name)!;

    static IResult Bad(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    static DateTimeOffset? Time(HttpContext http, string name)
    {
        if (http.Request.Query[name] is not [{ Length: > 0 } text])
            return null;
        return DateTimeOffset.TryParse(text, null, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ArgumentException($"'{text}' is not a time; expected something like 2026-01-31T00:00:00Z.", name);
    }

    static int? Number(HttpContext http, string name)
    {
        if (http.Request.Query[name] is not [{ Length: > 0 } text])
            return null;
        return int.TryParse(text, out var number) && number > 0 ? number : throw new ArgumentException($"'{text}' is not a positive number.", name);
    }

    static bool Flag(HttpContext http, string name, bool otherwise) => bool.TryParse(http.Request.Query[name], out var value) ? value : otherwise;

    static OrchestrationRuntimeStatus[]? Statuses(HttpContext http)
    {
        var named = http.Request.Query["runtimeStatus"].SelectMany(value => value!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        return named.Length == 0 ? null : [.. named.Select(Parse)];
    }

    static OrchestrationRuntimeStatus Parse(string status) => Enum.TryParse<OrchestrationRuntimeStatus>(status, ignoreCase: true, out var parsed)
        ? parsed
        : throw new ArgumentException($"'{status}' is not a runtime status; expected one of {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}.", nameof(status));
}
