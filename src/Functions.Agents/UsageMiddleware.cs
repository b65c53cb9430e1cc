using DataIngestion.Observe.Cost;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace DataIngestion.Agents;

/// <summary>Measures what every invocation uses.</summary>
public sealed class UsageMiddleware(UsageMeter meter) : IFunctionsWorkerMiddleware
{
    /// <summary>Runs the invocation.</summary>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        return meter.MeasureAsync(context.InvocationId, () => next(context));
    }
}
