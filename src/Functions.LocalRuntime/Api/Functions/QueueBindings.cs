using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function for a message of a storage queue. After <c>maxDequeueCount</c> failures the message goes to <c>{queue}-poison</c>.</summary>
/// <param name="queueName">The queue, or <c>%Setting%</c>.</param>
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue as written.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>Name of the setting that holds the connection string; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }
}

/// <summary>Sends the value to a storage queue: a string as it is, a collection as one message an element, anything else as JSON.</summary>
/// <param name="queueName">The queue, or <c>%Setting%</c>; created if missing.</param>
public sealed class QueueOutputAttribute(string queueName) : OutputBindingAttribute
{
    /// <summary>The queue as written.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>Name of the setting that holds the connection string; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }
}
