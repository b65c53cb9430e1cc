using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Asking;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>Runs the steps of one dataset of one run: asks the agent, and after a failure does what the fetch-retry agent advises.</summary>
internal sealed class StepRunner(TaskOrchestrationContext context, IngestionPlan plan, string dataset)
{
    // A decision is arithmetic and one small write; an agent that needs longer than this for it is down.
    static readonly TimeSpan DecisionDeadline = TimeSpan.FromMinutes(5);

    string Run => plan.Request.Run;

    /// <summary>Runs a step until it succeeds or the advice is to stop.</summary>
    /// <exception cref="StepGaveUpException">The advice is anything but to try again.</exception>
    public async Task<TResult> RunAsync<TResult>(string step, string queue, string kind, StepDefinition definition, object arguments)
    {
        var firstTriedAt = context.CurrentUtcDateTime;
        var uncounted = 0; // waits for a source at work or in announced maintenance: neither they nor their time use up the policy
        for (var attempt = 1; ; attempt++)
        {
            context.SetCustomStatus(new RunProgress(dataset, step, attempt));
            var ask = new AgentAsk(queue, kind, Run, dataset, AgentCommand.IdOf(Run, $"{dataset}-{step}", attempt), definition.Deadline, plan.Workflow.Heartbeat, plan.Request.TraceParent);
            var reply = await context.AskAgentAsync(ask, arguments);
            if (reply.Failure is null)
                return reply.ResultAs<TResult>();

            var decision = await DecideAsync(step, attempt, attempt - uncounted, firstTriedAt, definition.Retry, reply.Failure);
            if (decision.Action is not RetryAction.Retry)
                throw new StepGaveUpException(step, reply.Failure, decision);

            var again = decision.NotBefore?.UtcDateTime ?? context.CurrentUtcDateTime;
            context.SetCustomStatus(new RunProgress(dataset, step, attempt + 1, new(again, TimeSpan.Zero)));
            if (again > context.CurrentUtcDateTime)
            {
                await context.CreateTimer(again, CancellationToken.None);
                context.TimerFired();
            }

            if (!decision.Counts)
            {
                uncounted++;
                firstTriedAt = context.CurrentUtcDateTime;
            }
        }
    }

    /// <summary>Records a failure that no attempt can mend, and ends the step.</summary>
    public async Task<StepGaveUpException> GiveUpAsync(string step, Failure failure)
    {
        var decision = await DecideAsync(step, 1, 1, context.CurrentUtcDateTime, new() { Attempts = 1 }, failure);
        return new(step, failure, decision);
    }

    async Task<RetryDecision> DecideAsync(string step, int number, int attempt, DateTime firstTriedAt, RetryPolicyDefinition policy, Failure failure)
    {
        var ask = new AgentAsk(
            Queues.DataFetchRetry, CommandKinds.DecideRetry, Run, dataset, AgentCommand.IdOf(Run, $"{dataset}-{step}-retry", number), DecisionDeadline, plan.Workflow.Heartbeat, plan.Request.TraceParent);
        var reply = await context.AskAgentAsync(ask, new RetryArguments
        {
            Run = Run,
            Source = plan.Source.Source,
            Dataset = dataset,
            Step = step,
            Attempt = attempt,
            FirstTriedAt = new(firstTriedAt, TimeSpan.Zero),
            Failure = failure,
            Policy = policy,
            Maintenance = plan.Source.Connection?.Maintenance ?? [],
            Fallbacks = plan.Source.Fallbacks,
            Request = plan.Request with { Dataset = dataset },
        });
        return reply.Failure is { } unadvised
            ? new() { Action = RetryAction.DeadLetter, Reason = $"The fetch-retry agent could not be asked ({unadvised.Message}), so no dead letter was written; run the source again." }
            : reply.ResultAs<RetryDecision>();
    }
}
