using System.Diagnostics;

namespace DataIngestion.Contracts;

/// <summary>W3C trace context in messages: what one process began, another continues in the same trace.</summary>
public static class RunTrace
{
    /// <summary>The <c>traceparent</c> of what is going on here; null when nobody records it.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: var id } ? id : null;

    /// <summary>What is going on here if it belongs to a trace, or if there is no trace; else the trace's own beginning.</summary>
    public static string? Within(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, out var parent) && Activity.Current?.TraceId != parent.TraceId ? traceParent : Current;

    /// <summary>Begins a span that a message asked for.</summary>
    /// <param name="source">Whose span it is.</param>
    /// <param name="name">Its name, of few kinds.</param>
    /// <param name="traceParent">From the message; anything that is none begins a trace, or goes on with the one that is here.</param>
    /// <returns>Null when nobody records it.</returns>
    public static Activity? Begin(ActivitySource source, string name, string? traceParent)
    {
        ArgumentNullException.ThrowIfNull(source);
        var here = Activity.Current?.Context;
        if (!ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent))
            return source.StartActivity(name, ActivityKind.Consumer);
        return source.StartActivity(name, ActivityKind.Consumer, parent, links: here is { } around && around.TraceId != parent.TraceId ? [new(around)] : null);
    }
}
