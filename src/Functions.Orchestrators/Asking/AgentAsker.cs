using System.Text.Json;
using DataIngestion.Contracts;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Asking;

/// <summary>
/// Lets a manager ask an agent: sends a command to the agent's queue and awaits the reply, an external event named by the command's
/// id. An agent that falls silent gets the same command again; a reply that got lost is read from the ledger; when the deadline
/// has passed the answer is a failure. It always returns.
/// </summary>
internal static class AgentAsker
{
    /// <summary>Asks once; every attempt of a step is a command of its own.</summary>
    /// <param name="context">The manager's context.</param>
    /// <param name="ask">What to ask whom, and how patiently.</param>
    /// <param name="arguments">Of the type that belongs to the command's kind.</param>
    public static async Task<AgentReply> AskAgentAsync(this TaskOrchestrationContext context, AgentAsk ask, object arguments)
    {
        var deadline = context.CurrentUtcDateTime + ask.Deadline;
        var command = new AgentCommand
        {
            Id = ask.CommandId,
            Run = ask.Run,
            Dataset = ask.Dataset,
            Kind = ask.Kind,
            ReplyTo = context.InstanceId,
            Deadline = new(deadline, TimeSpan.Zero),
            TraceParent = ask.TraceParent,
            Arguments = JsonSerializer.SerializeToElement(arguments, arguments.GetType(), ContractJson.Options),
        };

        // The waiter stands before the command leaves, so that the order of waiters is the order of commands.
        var answered = context.WaitForExternalEvent<AgentReply>(command.Id);
        var send = new CommandToSend(ask.Queue, command);
        await context.CallActivityAsync(nameof(SendCommand), send, Retries.Persistent);

        var patience = new Patience(ask.Heartbeat, context.CurrentUtcDateTime);
        while (true)
        {
            using var cancel = new CancellationTokenSource();
            var now = context.CurrentUtcDateTime;
            var wake = context.CreateTimer(now + ask.Heartbeat < deadline ? now + ask.Heartbeat : deadline, cancel.Token);
            if (await Task.WhenAny(answered, wake) == answered)
            {
#pragma warning disable CA1849, MA0042 // CancelAsync leaves the orchestrator's thread, which a replay cannot repeat
                cancel.Cancel();
#pragma warning restore CA1849, MA0042
                return await answered;
            }

            var seen = await context.CallActivityAsync<CommandSighting>(nameof(FindCommand), command.Id, Retries.Persistent);
            if (seen.Reply is { } reply)
                return reply;
            if (context.CurrentUtcDateTime >= deadline)
                return DeadlinePassed(ask, command);
            if (patience.IsExhausted(seen, context.CurrentUtcDateTime))
                await context.CallActivityAsync(nameof(SendCommand), send, Retries.Persistent);
        }
    }

    static AgentReply DeadlinePassed(AgentAsk ask, AgentCommand command) => new()
    {
        CommandId = command.Id,
        FinishedAt = command.Deadline,
        Failure = new()
        {
            Code = "deadline",
            Message = $"The agent behind '{ask.Queue}' did not finish '{ask.Kind}' within {ask.Deadline}: see whether the source answers, or give the step a longer 'deadline' in the workflow.",
            IsTransient = true,
        },
    };
}

/// <summary>What to ask whom, and how patiently.</summary>
/// <param name="Queue">The agent's queue.</param>
/// <param name="Kind">See <see cref="CommandKinds"/>.</param>
/// <param name="Run">The run.</param>
/// <param name="Dataset">The dataset that it is about.</param>
/// <param name="CommandId">See <see cref="AgentCommand.IdOf"/>.</param>
/// <param name="Deadline">Time for the answer.</param>
/// <param name="Heartbeat">Silence after which the command is sent again.</param>
/// <param name="TraceParent">The run's trace.</param>
internal sealed record AgentAsk(string Queue, string Kind, string Run, string Dataset, string CommandId, TimeSpan Deadline, TimeSpan Heartbeat, string? TraceParent = null);
