using DataIngestion.Contracts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>Runs the members of a batch, a few at a time. Each is a run of its own, with its own id below the batch's request.</summary>
public static class BatchManager
{
    /// <summary>The orchestrator.</summary>
    [Function(nameof(BatchManager))]
    public static async Task<RunReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, IngestionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        context.IsUsedFor(plan.Request.Run);
        var startedAt = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        var waiting = new Queue<string>(plan.Source.Members);
        var running = new List<Task<RunReport>>();
        var reports = new List<RunReport>();
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (running.Count < plan.Source.MaxParallel && waiting.TryDequeue(out var member))
                running.Add(RunMemberAsync(context, plan, member, startedAt));

            context.SetCustomStatus(new RunProgress(null, $"{reports.Count} of {plan.Source.Members.Count} members", 1));
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            reports.Add(await ended);
        }

        var order = plan.Source.Members.Select((member, place) => (member, place)).ToDictionary(m => m.member, m => m.place);
        var inOrder = reports.OrderBy(r => order[r.Source]).ToList();
        var joined = RunReport.Of(plan.Request.Run, plan.Source.Source, startedAt, new(context.CurrentUtcDateTime, TimeSpan.Zero), [.. inOrder.SelectMany(r => r.Datasets)]);
        return inOrder.Any(r => r.Outcome is RunOutcome.Failed)
            ? joined with { Outcome = RunOutcome.Failed, Failure = inOrder.First(r => r.Outcome is RunOutcome.Failed).Failure }
            : joined;
    }

    static async Task<RunReport> RunMemberAsync(TaskOrchestrationContext context, IngestionPlan batch, string member, DateTimeOffset startedAt)
    {
        var run = RunId.From(member, startedAt, $"{batch.Request.Run} member");
        var plan = batch.Related[member];
        plan = plan with { Request = plan.Request with { Run = run } };
        try
        {
            return await context.CallSubOrchestratorAsync<RunReport>(nameof(IngestionManager), plan, new SubOrchestrationOptions(retry: null, instanceId: run));
        }
        catch (TaskFailedException failure)
        {
            return new()
            {
                Run = run,
                Source = member,
                Outcome = RunOutcome.Failed,
                Failure = new() { Code = "internal", Message = failure.FailureDetails.ErrorMessage, ErrorType = failure.FailureDetails.ErrorType },
            };
        }
    }
}
