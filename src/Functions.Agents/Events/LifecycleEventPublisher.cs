using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Events;

/// <summary>Drains the outbox into the event stream.</summary>
public static class LifecycleEventPublisher
{
    /// <summary>Publishes one event; the message leaves the outbox when the stream has it.</summary>
    [Function(nameof(LifecycleEventPublisher))]
    [EventHubOutput(EventStreams.Lifecycle, Connection = "EventHubs")]
    public static string Run([QueueTrigger(Queues.LifecycleEvents)] string lifecycleEvent)
    {
        if (UsageScope.Current is not null && RunOf(lifecycleEvent) is { } run)
            UsageScope.Attribute(UsageSubject.Of(run));
        return lifecycleEvent;
    }

    static string? RunOf(string lifecycleEvent)
    {
        try
        {
            return JsonSerializer.Deserialize<Subject>(lifecycleEvent, ContractJson.Options)?.Run;
        }
        catch (JsonException)
        {
            return null; // published all the same: whoever reads it says what is wrong
        }
    }

    sealed record Subject([property: System.Text.Json.Serialization.JsonPropertyName("subject")] string? Run);
}
