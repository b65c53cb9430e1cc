using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Activities;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Orchestrators.Asking;

/// <summary>A command and the queue it goes to.</summary>
/// <param name="Queue">The agent's queue.</param>
/// <param name="Command">The command.</param>
public sealed record CommandToSend(string Queue, AgentCommand Command);

/// <summary>Activity: puts a command on an agent's queue; arguments too large for a message go to a blob first.</summary>
public sealed class SendCommand(MessageQueues queues, BlobStore blobs)
{
    // Leaves room for the command's other fields within the message limit.
    const int MaxInlineBytes = MessageQueues.MaxMessageBytes - (4 << 10);

    /// <summary>Sends it.</summary>
    [Function(nameof(SendCommand))]
    public async Task RunAsync([ActivityTrigger] CommandToSend send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(send);
        var command = send.Command;
        UsageScope.Attribute(command.UsageSubject(), ActivityUsage.Actions);
        if (command.Arguments is { } arguments && JsonSerializer.SerializeToUtf8Bytes(arguments, ContractJson.Options).Length > MaxInlineBytes)
        {
            var at = new LakePath(Containers.Control, $"arguments/{command.Id}.json");
            await blobs.WriteJsonOnceAsync(at, arguments, cancellationToken);
            command = command with { Arguments = null, ArgumentsAt = at };
        }

        // Here and not in the manager, whose code is replayed and has no moment of its own. Durable Functions put this activity into the run's trace; the local runtime does not.
        await queues.SendAsync(send.Queue, command with { TraceParent = RunTrace.Within(command.TraceParent) }, cancellationToken: cancellationToken);
    }
}
