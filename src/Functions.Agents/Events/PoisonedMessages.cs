using System.Text.Json;
using DataIngestion.Agents.Commands;
using DataIngestion.Agents.Drops;
using DataIngestion.Contracts;
using DataIngestion.Retry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Events;

/// <summary>
/// Takes what could not be delivered: each message becomes a dead letter that a person can see and replay, and the manager that waits
/// for a poisoned command gets a failed reply instead of waiting for its deadline.
/// </summary>
public sealed class PoisonedMessages(DeadLetterStore letters, ReplySender replies, TimeProvider time, ILogger<PoisonedMessages> logger)
{
    /// <summary>Requests for runs.</summary>
    [Function("PoisonedIngestionRequest")]
    public Task IngestionRequestAsync([QueueTrigger(Queues.IngestionRequests + Queues.PoisonSuffix)] BinaryData message, [DurableClient] DurableTaskClient client) =>
        BuryAsync(Queues.IngestionRequests, message, client);

    /// <summary>Commands for the connector.</summary>
    [Function("PoisonedDataConnector")]
    public Task ConnectorAsync([QueueTrigger(Queues.DataConnector + Queues.PoisonSuffix)] BinaryData message, [DurableClient] DurableTaskClient client) =>
        BuryAsync(Queues.DataConnector, message, client);

    /// <summary>Commands for the collector.</summary>
    [Function("PoisonedDataCollector")]
    public Task CollectorAsync([QueueTrigger(Queues.DataCollector + Queues.PoisonSuffix)] BinaryData message, [DurableClient] DurableTaskClient client) =>
        BuryAsync(Queues.DataCollector, message, client);

    /// <summary>Commands for the converter.</summary>
    [Function("PoisonedDataConverter")]
    public Task ConverterAsync([QueueTrigger(Queues.DataConverter + Queues.PoisonSuffix)] BinaryData message, [DurableClient] DurableTaskClient client) =>
        BuryAsync(Queues.DataConverter, message, client);

    /// <summary>Commands for the merger.</summary>
    [Function("PoisonedDataMerger")]
    public Task MergerAsync([QueueTrigger(Queues.DataMerger + Queues.PoisonSuffix)] BinaryData message, [DurableClient] DurableTaskClient client) =>
        BuryAsync(Queues.DataMerger, message, client);

    /// <summary>Commands for fetch-retry.</summary>
    [Function("PoisonedDataFetchRetry")]
    public Task FetchRetryAsync([QueueTrigger(Queues.DataFetchRetry + Queues.PoisonSuffix)] BinaryData message, [DurableClient] DurableTaskClient client) =>
        BuryAsync(Queues.DataFetchRetry, message, client);

    /// <summary>Lifecycle events.</summary>
    [Function("PoisonedLifecycleEvent")]
    public Task LifecycleEventAsync([QueueTrigger(Queues.LifecycleEvents + Queues.PoisonSuffix)] BinaryData message, [DurableClient] DurableTaskClient client) =>
        BuryAsync(Queues.LifecycleEvents, message, client);

    /// <summary>Notices of dropped files.</summary>
    [Function("PoisonedDroppedFile")]
    public Task DroppedFileAsync([QueueTrigger(Queues.DroppedFiles + Queues.PoisonSuffix)] BinaryData message, [DurableClient] DurableTaskClient client) =>
        BuryAsync(Queues.DroppedFiles, message, client);

    // A message that fails in a poison function would come back for ever, hidden for ten minutes each time, so nothing may escape here.
    async Task BuryAsync(string queue, BinaryData message, DurableTaskClient client)
    {
        var reason = Explain(queue, message, out var command);
        try
        {
            var letter = await letters.AddAsync(queue, message.ToMemory(), reason, CancellationToken.None);
            logger.LogError("A message on '{Queue}' could not be processed and became the dead letter {DeadLetter}: {Reason}", queue, letter.Id, reason);
            if (command is not null)
                await ReplyAsync(command, reason, letter.Id, client);
        }
#pragma warning disable CA1031 // see above
        catch (Exception failure)
#pragma warning restore CA1031
        {
            logger.LogCritical(failure, "A message on '{Queue}' could not even be kept as a dead letter. Its content: {Message}", queue, Excerpt(message));
        }
    }

    Task ReplyAsync(AgentCommand command, string reason, string letter, DurableTaskClient client) => replies.SendAsync(
        client,
        command.ReplyTo,
        new()
        {
            CommandId = command.Id,
            FinishedAt = time.GetUtcNow(),
            Failure = new() { Code = "poisoned", Message = $"{reason} The message is kept as the dead letter '{letter}'." },
        },
        CancellationToken.None);

    static string Explain(string queue, BinaryData message, out AgentCommand? command)
    {
        command = null;
        try
        {
            if (queue is Queues.IngestionRequests)
                MessageReader.Read<IngestionRequest>(message.ToString(), queue, IngestionRequest.CurrentSchemaVersion);
            else if (queue is Queues.DroppedFiles)
                BlobCreatedEvent.Read(message.ToString());
            else if (queue is not Queues.LifecycleEvents)
                command = MessageReader.Read<AgentCommand>(message.ToString(), queue, AgentCommand.CurrentSchemaVersion);
            return $"The message is readable, but processing it failed every time; the log of '{queue}' says why.";
        }
        catch (UnreadableMessageException fault)
        {
            command = queue is Queues.DroppedFiles ? null : Salvage(message);
            return fault.Message;
        }
    }

    // A command of an unknown version still says who waits for it.
    static AgentCommand? Salvage(BinaryData message)
    {
        try
        {
            return message.ToObjectFromJson<AgentCommand>(ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string Excerpt(BinaryData message)
    {
        var text = message.ToString();
        return text.Length <= 500 ? text : text[..500] + "…";
    }
}
