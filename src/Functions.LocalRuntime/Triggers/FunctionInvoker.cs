using System.Diagnostics;
using System.Reflection;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Runs one function: scope, middleware, parameters, method, outputs.</summary>
internal sealed class FunctionInvoker
{
    readonly FunctionDescriptor _function;
    readonly RuntimeServices _runtime;
    readonly ILogger _logger;
    readonly FunctionExecutionDelegate _pipeline;
    readonly OutputWriter _outputs;
    readonly Func<object?, ValueTask<object?>> _unwrap;
    readonly Func<IServiceProvider, object>? _create;

    public FunctionInvoker(FunctionDescriptor function, RuntimeServices runtime)
    {
        _function = function;
        _runtime = runtime;
        _logger = runtime.Loggers.CreateLogger($"Function.{function.Name}");
        _outputs = new(function, runtime);
        _unwrap = ResultUnwrapper.For(function.Method);
        _create = function.Method.IsStatic ? null : Factory(function);

        FunctionExecutionDelegate pipeline = ExecuteAsync;
        foreach (var layer in function.App.Middleware.Reverse())
            pipeline = layer(pipeline);
        _pipeline = pipeline;
    }

    public FunctionDescriptor Function => _function;

    /// <summary>Runs the function and its outputs; what the function threw comes out as it was.</summary>
    /// <param name="prepare">Runs before the function, with its context.</param>
    /// <param name="complete">Runs after the outputs while the scope is open, such as writing an HTTP response.</param>
    public async Task<object?> InvokeAsync(
        TriggerPayload payload,
        Action<LocalFunctionContext>? prepare = null,
        Func<LocalFunctionContext, Task>? complete = null,
        CancellationToken cancellationToken = default)
    {
        _runtime.Invocations.Begin();
        try
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _runtime.Invocations.Aborted);
            if (_function.App.HostJson.FunctionTimeout is { } limit)
                cancel.CancelAfter(limit);
            await using var scope = _function.App.Services.CreateAsyncScope();
            var context = new LocalFunctionContext(_function, payload, scope.ServiceProvider, _runtime.Durable, cancel.Token);
            prepare?.Invoke(context);
            return await MeasureAsync(context, complete);
        }
        finally
        {
            _runtime.Invocations.End();
        }
    }

    /// <summary>Runs one replay of an orchestrator, on the caller's thread and without measuring, because replays are not runs.</summary>
    public async Task<object?> ReplayAsync(TaskOrchestrationContext orchestration)
    {
        await using var scope = _function.App.Services.CreateAsyncScope();
        var context = new LocalFunctionContext(
            _function, TriggerPayload.Of(orchestration), scope.ServiceProvider, _runtime.Durable, _runtime.Invocations.Aborted);
        await _pipeline(context);
        return context.Result;
    }

    async Task<object?> MeasureAsync(LocalFunctionContext context, Func<LocalFunctionContext, Task>? complete)
    {
        using var activity = InvocationTelemetry.Begin(context);
        using var logs = _logger.BeginScope("{Function} {InvocationId}", _function.Name, context.InvocationId);
        var started = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            await _pipeline(context);
            await _outputs.WriteAsync(context.Result, context.CancellationToken);
            if (complete is not null)
                await complete(context);
            return context.Result;
        }
        catch (Exception thrown)
        {
            failure = thrown;
            throw;
        }
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            InvocationTelemetry.End(_function, activity, elapsed, failure);
            if (failure is null)
                _logger.FunctionRan(_function.Name, context.InvocationId, elapsed.TotalMilliseconds);
            else
                _logger.FunctionFailed(failure, _function.Name, context.InvocationId, elapsed.TotalMilliseconds);
        }
    }

    async Task ExecuteAsync(FunctionContext functionContext)
    {
        var context = (LocalFunctionContext)functionContext;
        var arguments = new object?[_function.Parameters.Count];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = await _function.Parameters[i](context);

        var instance = _create?.Invoke(context.InstanceServices);
        try
        {
            var returned = _function.Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
            context.Result = await _unwrap(returned);
        }
        finally
        {
            await DisposeArgumentsAsync(arguments);
        }
    }

    /// <summary>Streams that were opened for the function end with it.</summary>
    static async ValueTask DisposeArgumentsAsync(object?[] arguments)
    {
        foreach (var stream in arguments.OfType<Stream>())
            await stream.DisposeAsync();
    }

    static Func<IServiceProvider, object> Factory(FunctionDescriptor function)
    {
        var type = function.Method.DeclaringType!;
        if (function.App.Services.GetRequiredService<IServiceProviderIsService>().IsService(type))
            return services => services.GetRequiredService(type);
        var create = ActivatorUtilities.CreateFactory(type, []);
        return services => create(services, null);
    }
}
