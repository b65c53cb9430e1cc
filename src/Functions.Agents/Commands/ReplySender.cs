using DataIngestion.Contracts;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Commands;

/// <summary>Carries a reply to the manager that waits for it.</summary>
public sealed class ReplySender(ILogger<ReplySender> logger)
{
    /// <summary>Raises the reply as an external event named by the command's id.</summary>
    /// <param name="client">The task hub.</param>
    /// <param name="instanceId">The orchestration that waits.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task SendAsync(DurableTaskClient client, string instanceId, AgentReply reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(reply);
        try
        {
            await client.RaiseEventAsync(instanceId, reply.CommandId, reply, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The host refuses events for instances that have finished or never were, with an exception type of its own. Failing here
            // would repeat the whole command five times for nobody.
            if (await SomebodyWaitsAsync(client, instanceId, cancellationToken))
                throw;
            logger.LogDebug("Nobody waits for the reply to {Command}", reply.CommandId);
        }
    }

    static async Task<bool> SomebodyWaitsAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, cancellation: cancellationToken) is { IsCompleted: false };
}
