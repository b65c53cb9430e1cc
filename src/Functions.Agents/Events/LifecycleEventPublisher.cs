using DataIngestion.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Events;

/// <summary>Drains the outbox into the event stream.</summary>
public static class LifecycleEventPublisher
{
    /// <summary>Publishes one event; the message leaves the outbox when the stream has it.</summary>
    [Function(nameof(LifecycleEventPublisher))]
    [EventHubOutput(EventStreams.Lifecycle, Connection = "EventHubs")]
    public static string Run([QueueTrigger(Queues.LifecycleEvents)] string lifecycleEvent) => lifecycleEvent;
}
