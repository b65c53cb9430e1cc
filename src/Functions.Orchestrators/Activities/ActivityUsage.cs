namespace DataIngestion.Orchestrators.Activities;

/// <summary>What an activity costs at the task scheduler.</summary>
internal static class ActivityUsage
{
    /// <summary>Messages that the task scheduler dispatches for one: its beginning and its result (https://learn.microsoft.com/azure/durable-task/scheduler/durable-task-scheduler-billing).</summary>
    public const int Actions = 2;
}
