using DataIngestion.LocalRuntime.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Triggers.Http;

/// <summary>Answers requests to one function: key, parameters, function, result.</summary>
internal sealed class HttpFunctionHandler(FunctionInvoker invoker, HttpTrigger trigger, HostKeys keys)
{
    readonly OutputBinding? _result = invoker.Function.Outputs.FirstOrDefault(o => o.Kind == "http");

    // With output bindings the rest of the returned value is not a response.
    readonly bool _returnsResponse = invoker.Function.Outputs.Count == 0;

    public async Task HandleAsync(HttpContext http)
    {
        if (!keys.Admit(http.Request, trigger.Level))
        {
            await Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "This function asks for a key, in the header x-functions-key or the query parameter code.");
            return;
        }

        var services = http.RequestServices;
        try
        {
            await invoker.InvokeAsync(
                new(http, new Dictionary<string, object?>(http.Request.RouteValues, StringComparer.OrdinalIgnoreCase)),
                context =>
                {
                    context.Items[FunctionContextExtensions.HttpContextKey] = http;
                    http.RequestServices = context.InstanceServices;
                },
                context => WriteAsync(http, context.Result),
                http.RequestAborted);
        }
        catch (BindingException wrong)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, wrong.Message);
        }
        catch (BadHttpRequestException wrong)
        {
            await Problem.WriteAsync(http, wrong.StatusCode, wrong.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
        catch (Exception)
        {
            // Logged by the invoker. What went wrong inside is not the caller's to read.
            await Problem.WriteAsync(http, StatusCodes.Status500InternalServerError, "The function failed; the host's log has the reason.");
        }
        finally
        {
            http.RequestServices = services;
        }
    }

    Task WriteAsync(HttpContext http, object? returned)
    {
        var value = _result is not null ? _result.ValueOf(returned) : _returnsResponse ? returned : null;
        switch (value)
        {
            case IActionResult result:
                return result.ExecuteResultAsync(Context(http));
            case IResult result:
                return result.ExecuteAsync(http);
            case null:
                if (!http.Response.HasStarted && http.Response.ContentLength is null && http.Response.ContentType is null)
                    http.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case string text:
                return new ContentResult { Content = text, ContentType = "text/plain; charset=utf-8" }.ExecuteResultAsync(Context(http));
            default:
                return new ObjectResult(value).ExecuteResultAsync(Context(http));
        }
    }

    static ActionContext Context(HttpContext http) => new(http, http.GetRouteData(), new ActionDescriptor());
}
