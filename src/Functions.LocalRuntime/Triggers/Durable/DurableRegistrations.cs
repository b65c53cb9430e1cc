using DataIngestion.LocalRuntime.Durable;

namespace DataIngestion.LocalRuntime.Triggers.Durable;

/// <summary>The orchestrators and activities among the functions, as the engine takes them.</summary>
internal static class DurableRegistrations
{
    public static (List<OrchestratorRegistration> Orchestrators, List<ActivityRegistration> Activities) From(IReadOnlyList<FunctionInvoker> functions)
    {
        var orchestrators = new List<OrchestratorRegistration>();
        var activities = new List<ActivityRegistration>();
        foreach (var invoker in functions)
        {
            switch (invoker.Function.Trigger)
            {
                case OrchestrationTrigger orchestration:
                    orchestrators.Add(new(orchestration.Name, invoker.ReplayAsync));
                    break;
                case ActivityTrigger activity:
                    activities.Add(new(activity.Name, (call, cancellationToken) => invoker.InvokeAsync(Payload(call), cancellationToken: cancellationToken)));
                    break;
            }
        }

        return (orchestrators, activities);
    }

    static TriggerPayload Payload(ActivityCall call) =>
        new(call, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = call.InstanceId });
}
