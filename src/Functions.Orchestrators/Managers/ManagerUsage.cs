using DataIngestion.Contracts;
using DataIngestion.Storage.Usage;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>Says whom the executions of managers are for. It changes nothing that an orchestrator sees, so that a replay stays a replay.</summary>
internal static class ManagerUsage
{
    extension(TaskOrchestrationContext context)
    {
        /// <summary>To be called first, at every execution.</summary>
        /// <param name="run">The run that it works for.</param>
        /// <param name="isChild">Whether another orchestration gets its result.</param>
        public void IsUsedFor(string run, bool isChild = true) =>
            UsageScope.Attribute(UsageSubject.Of(run), context.IsReplaying ? 0 : isChild ? 2 : 1); // its beginning, and the message that brings its result

        /// <summary>To be called when a timer has woken it.</summary>
        public void TimerFired()
        {
            if (!context.IsReplaying)
                UsageScope.Current?.Add(new() { Actions = 1 });
        }
    }
}
