using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a function an orchestrator. It takes a <c>TaskOrchestrationContext</c> and, if it likes, its input as a second parameter.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name; the function's name by default.</summary>
    public string? Orchestration { get; set; }
}

/// <summary>Makes a function an activity; the parameter is its input.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The activity's name; the function's name by default.</summary>
    public string? Activity { get; set; }
}

/// <summary>Gives a function a <c>DurableTaskClient</c>.</summary>
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>The task hub. The local runtime has one and ignores the name.</summary>
    public string? TaskHub { get; set; }

    /// <summary>Name of the setting that holds the connection. The local runtime has one store and ignores it.</summary>
    public string? ConnectionName { get; set; }
}
