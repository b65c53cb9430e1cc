using System.Diagnostics;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Commands;

/// <summary>
/// What all agents do around the one call that is their own: read the command, answer from the stored result if it was done before,
/// show that they are alive while at work, publish events, record what it used, store the result and reply.
/// </summary>
public sealed class CommandRunner(
    CommandLedger ledger, BlobStore blobs, EventOutbox outbox, ReplySender replies, UsageMeter usage, StepMetrics metrics, StepBaselines baselines, TimeProvider time,
    ILogger<CommandRunner> logger)
{
    /// <summary>Spans of commands.</summary>
    public const string SpanSource = "DataIngestion.Agents";

    static readonly ActivitySource Spans = new(SpanSource);

    /// <summary>Time between two heartbeats.</summary>
    internal static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    // An agent that missed two beats is taken for dead, and its command may be begun anew.
    static readonly TimeSpan Alive = Beat * 2.5;

    /// <summary>Carries out the command in a queue message.</summary>
    /// <param name="service">The agent, see <see cref="Services"/>.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="message">The message's text.</param>
    /// <param name="client">Carries the reply to the manager.</param>
    /// <param name="handlers">What the agent can do, by kind.</param>
    /// <param name="cancellationToken">The host is stopping: the message goes back to its queue.</param>
    /// <exception cref="UnreadableMessageException">The message is not a command of this agent; it belongs in the poison queue.</exception>
    public async Task RunAsync(
        string service, string queue, string message, DurableTaskClient client, IReadOnlyDictionary<string, CommandHandler> handlers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        var command = MessageReader.Read<AgentCommand>(message, queue, AgentCommand.CurrentSchemaVersion);
        if (!handlers.TryGetValue(command.Kind, out var handler))
            throw new UnreadableMessageException($"The command '{command.Id}' on '{queue}' is of kind '{command.Kind}': expected one of {string.Join(", ", handlers.Keys)}.");

        using var span = RunTrace.Begin(Spans, $"{service} {command.Kind}", command.TraceParent);
        span?.SetTag("ingestion.run", command.Run).SetTag("ingestion.command", command.Id).SetTag("ingestion.service", service);
        UsageScope.Attribute(command.UsageSubject(), actions: 1); // the reply is an external event
        var state = await ledger.FindAsync(command.Id, cancellationToken);
        if (state.Reply is { } stored)
        {
            span?.SetTag("ingestion.repeated", true);
            await replies.SendAsync(client, command.ReplyTo, stored, cancellationToken);
            return;
        }

        if (state.LastBeat is { } beat && time.GetUtcNow() - beat < Alive)
        {
            logger.LogDebug("{Command} is under way elsewhere; this copy is dropped", command.Id);
            return;
        }

        var reply = await WorkAsync(service, command, handler, cancellationToken);
        if (reply.Failure is { } failure) // its code alone: a message quotes what a source said
            span?.SetTag("error.type", failure.Code).SetStatus(ActivityStatusCode.Error, failure.Code);
        await replies.SendAsync(client, command.ReplyTo, reply, cancellationToken);
    }

    async Task<AgentReply> WorkAsync(string service, AgentCommand command, CommandHandler handler, CancellationToken cancellationToken)
    {
        var (startedAt, began) = (time.GetUtcNow(), time.GetTimestamp());
        await ledger.BeginAsync(command.Id, cancellationToken);
        var call = new AgentCall(await WithArgumentsAsync(command, cancellationToken), service, time);

        using var limit = new CancellationTokenSource(Remaining(command), time);
        using var work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await using var heart = Heartbeat.Start(ledger, command.Id, Beat, time, logger);

        var reply = new AgentReply { CommandId = command.Id, StartedAt = startedAt };
        try
        {
            var result = await handler(call, work.Token);
            reply = reply with { Result = JsonSerializer.SerializeToElement(result, result.GetType(), ContractJson.Options) };
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not UnreadableMessageException)
        {
            var described = FailureOf.Exception(failure, command, limit.IsCancellationRequested);
            if (described.Code == FailureOf.Internal)
                logger.LogError(failure, "{Command} failed", command.Id);
            reply = reply with { Failure = described };
        }

        // Events first: a crash here repeats them with the same ids; the other order could lose them.
        await outbox.AppendAsync(call.Events, cancellationToken);
        UsageScope.Current?.Add(new() { Events = call.Events.Count, BytesLanded = call.BytesLanded });
        await usage.RecordAsync(command.Id, cancellationToken);
        var duration = time.GetElapsedTime(began);
        var finished = await ledger.FinishAsync(reply with { FinishedAt = time.GetUtcNow() }, cancellationToken);
        await MeasureAsync(service, StepName.Of(command), reply, duration, cancellationToken);
        return finished;
    }

    async Task MeasureAsync(string service, StepName step, AgentReply reply, TimeSpan duration, CancellationToken cancellationToken)
    {
        metrics.Ended(service, step, reply, duration);
        if (reply.Failure is null && step.Step is not CommandKinds.DecideRetry && await baselines.CompareAsync(step, duration, cancellationToken) is { } slowness)
            metrics.Compared(service, step, slowness);
    }

    async Task<AgentCommand> WithArgumentsAsync(AgentCommand command, CancellationToken cancellationToken)
    {
        if (command.ArgumentsAt is not { } at)
            return command;
        await using var content = await blobs.OpenReadAsync(at, cancellationToken);
        return command with { Arguments = await JsonSerializer.DeserializeAsync<JsonElement>(content, ContractJson.Options, cancellationToken) };
    }

    TimeSpan Remaining(AgentCommand command)
    {
        var remaining = command.Deadline - time.GetUtcNow();
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
