using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>A request for a new instance.</summary>
internal sealed record NewInstance(string InstanceId, string Name, string? Input, DateTime? StartAt, IReadOnlySet<OrchestrationRuntimeStatus> NotReplaceable);

/// <summary>Changes to instances from outside their turns, in the caller's transaction.</summary>
internal static class InstanceCommands
{
    static readonly OrchestrationRuntimeStatus[] FinalStatuses =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>The default of the host: an instance that has not finished is not replaced, one that has is.</summary>
    static readonly HashSet<OrchestrationRuntimeStatus> Unfinished =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <exception cref="ArgumentException">A name is not a status.</exception>
    public static IReadOnlySet<OrchestrationRuntimeStatus> NotReplaceable(IReadOnlyList<string>? dedupeStatuses) => dedupeStatuses is null
        ? Unfinished
        : dedupeStatuses.Select(Parse).ToHashSet();

    /// <summary>Those of the statuses in which an instance can be purged; all of them for null.</summary>
    public static IEnumerable<OrchestrationRuntimeStatus> Final(IEnumerable<OrchestrationRuntimeStatus>? statuses)
    {
        var wanted = statuses?.ToArray();
        if (wanted is null or { Length: 0 })
            return FinalStatuses;
        var final = wanted.Intersect(FinalStatuses).ToArray();
        return final.Length > 0 ? final : [(OrchestrationRuntimeStatus)(-1)]; // none: an empty filter would mean all
    }

    /// <returns>With <see cref="CommitEffects.Applied"/> false if the id is taken.</returns>
    public static CommitEffects Create(WriteStatements store, NewInstance request, DateTime now)
    {
        var effects = new CommitEffects();
        if (store.Find(request.InstanceId) is { } existing)
        {
            if (request.NotReplaceable.Contains(existing.Status))
            {
                effects.Applied = false;
                return effects;
            }

            store.DeleteInstance(existing.Key);
        }

        var key = store.InsertInstance(request.InstanceId, request.Name, now, request.Input, parent: null);
        if (request.StartAt > now)
        {
            store.InsertTimer(key, 0, TurnCommit.StartTimer, request.StartAt.Value);
            effects.Due(request.StartAt.Value);
        }
        else
        {
            store.Post(key, 0, new(HistoryKind.ExecutionStarted, now, -1, request.Name, request.Input));
            effects.Ready.Add(key);
        }

        return effects;
    }

    /// <returns>How many instances were removed.</returns>
    public static int Purge(WriteStatements store, InstanceState instance, bool recursive)
    {
        var purged = 1;
        if (recursive)
            purged += store.Children(instance.Key).Where(child => child.IsFinal).Sum(child => Purge(store, child, recursive: true));
        store.DeleteInstance(instance.Key);
        return purged;
    }

    static OrchestrationRuntimeStatus Parse(string status) => Enum.TryParse<OrchestrationRuntimeStatus>(status, ignoreCase: true, out var parsed)
        ? parsed
        : throw new ArgumentException($"Invalid orchestration runtime status: '{status}' for deduplication.", nameof(status));
}
