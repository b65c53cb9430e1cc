using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Activities;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Orchestrators.Asking;

/// <summary>What the ledger knows about a command.</summary>
/// <param name="SilentFor">How long its agent has been silent; null when no agent has begun it.</param>
/// <param name="Reply">The stored reply, if there is one.</param>
public sealed record CommandSighting(TimeSpan? SilentFor, AgentReply? Reply);

/// <summary>Activity: looks a command up in the ledger.</summary>
public sealed class FindCommand(CommandLedger ledger, TimeProvider time)
{
    /// <summary>Looks it up.</summary>
    [Function(nameof(FindCommand))]
    public async Task<CommandSighting> RunAsync([ActivityTrigger] string commandId, CancellationToken cancellationToken)
    {
        UsageScope.Attribute(UsageSubject.Of(commandId.Split('/')[0]), ActivityUsage.Actions + 1); // a timer woke the manager that looks
        var state = await ledger.FindAsync(commandId, cancellationToken);
        return new(time.GetUtcNow() - state.LastBeat, state.Reply);
    }
}
