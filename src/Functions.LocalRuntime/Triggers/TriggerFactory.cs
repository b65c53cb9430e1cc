using DataIngestion.LocalRuntime.Triggers.Blobs;
using DataIngestion.LocalRuntime.Triggers.Durable;
using DataIngestion.LocalRuntime.Triggers.EventHubs;
using DataIngestion.LocalRuntime.Triggers.Http;
using DataIngestion.LocalRuntime.Triggers.Queues;
using DataIngestion.LocalRuntime.Triggers.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>The kinds of trigger the runtime knows.</summary>
internal static class TriggerFactory
{
    /// <summary>Null, after a fault, if the attribute is not known.</summary>
    public static TriggerBinding? TryCreate(TriggerBindingAttribute attribute, TriggerSite site)
    {
        switch (attribute)
        {
            case HttpTriggerAttribute http:
                return HttpTrigger.Create(http, site);
            case TimerTriggerAttribute timer:
                return TimerTrigger.Create(timer, site);
            case QueueTriggerAttribute queue:
                return QueueTrigger.Create(queue, site);
            case BlobTriggerAttribute blob:
                return BlobTrigger.Create(blob, site);
            case EventHubTriggerAttribute hub:
                return EventHubTrigger.Create(hub, site);
            case OrchestrationTriggerAttribute orchestration:
                return new OrchestrationTrigger(site.Resolve(orchestration.Orchestration ?? site.Function));
            case ActivityTriggerAttribute activity:
                return new ActivityTrigger(site.Resolve(activity.Activity ?? site.Function));
            default:
                site.Fault($"the trigger {attribute.GetType().Name} is not known here.");
                return null;
        }
    }
}
