using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function for events of a hub. The checkpoint moves after the function returned, also when it failed.</summary>
/// <param name="eventHubName">The hub, or <c>%Setting%</c>.</param>
public sealed class EventHubTriggerAttribute(string eventHubName) : TriggerBindingAttribute
{
    /// <summary>The hub as written.</summary>
    public string EventHubName { get; private set; } = eventHubName;

    /// <summary>The consumer group; <c>$Default</c> if null.</summary>
    public string? ConsumerGroup { get; set; }

    /// <summary>Name of the setting that holds the connection. The local runtime has one log and ignores it.</summary>
    public string? Connection { get; set; }

    /// <summary>Whether the parameter takes an array of events. Default true.</summary>
    public bool IsBatched { get; set; } = true;
}

/// <summary>Sends the value to a hub: a string as it is, a collection as one event an element, anything else as JSON.</summary>
/// <param name="eventHubName">The hub, or <c>%Setting%</c>.</param>
public sealed class EventHubOutputAttribute(string eventHubName) : OutputBindingAttribute
{
    /// <summary>The hub as written.</summary>
    public string EventHubName { get; private set; } = eventHubName;

    /// <summary>Name of the setting that holds the connection. The local runtime has one log and ignores it.</summary>
    public string? Connection { get; set; }
}
