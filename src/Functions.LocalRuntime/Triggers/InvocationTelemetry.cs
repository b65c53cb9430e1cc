using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Spans and metrics of invocations, under the name <c>DataIngestion.LocalRuntime</c>.</summary>
internal static class InvocationTelemetry
{
    public const string Name = "DataIngestion.LocalRuntime";

    public static readonly ActivitySource Source = new(Name);

    static readonly Meter Meter = new(Name);

    static readonly Counter<long> Invocations = Meter.CreateCounter<long>("functions.invocations", "{invocation}", "Functions that ended.");

    static readonly Counter<long> Failures = Meter.CreateCounter<long>("functions.failures", "{invocation}", "Functions that threw.");

    static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("functions.duration", "s", "How long functions ran.");

    public static Activity? Begin(LocalFunctionContext context)
    {
        var function = context.Function;
        var activity = Source.StartActivity($"function {function.Name}", function.Trigger.Kind == "httpTrigger" ? ActivityKind.Server : ActivityKind.Consumer);
        activity?.SetTag("faas.name", function.Name)
            .SetTag("faas.trigger", function.Trigger.Kind)
            .SetTag("faas.invocation_id", context.InvocationId)
            .SetTag("service.name", function.App.Name);
        return activity;
    }

    public static void End(FunctionDescriptor function, Activity? activity, TimeSpan elapsed, Exception? failure)
    {
        var tags = new TagList { { "app", function.App.Name }, { "function", function.Name }, { "trigger", function.Trigger.Kind } };
        Invocations.Add(1, tags);
        Duration.Record(elapsed.TotalSeconds, tags);
        if (failure is null)
            return;
        Failures.Add(1, tags);
        activity?.AddException(failure);
        activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
    }
}
