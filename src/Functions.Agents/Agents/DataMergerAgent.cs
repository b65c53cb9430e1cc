using DataIngestion.Agents.Commands;
using DataIngestion.Contracts;
using DataIngestion.Merge;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Agents;

/// <summary>Combines a run with what its dataset holds, publishes the result, and takes it back when asked to.</summary>
public sealed class DataMergerAgent(CommandRunner runner, Merger merger)
{
    /// <summary>Takes commands from the queue.</summary>
    [Function(nameof(DataMergerAgent))]
    public Task RunAsync(
        [QueueTrigger(Queues.DataMerger)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        runner.RunAsync(Services.DataMerger, Queues.DataMerger, message, client, new Dictionary<string, CommandHandler>
        {
            [CommandKinds.Merge] = MergeAsync,
            [CommandKinds.Withdraw] = async (call, stop) => await merger.WithdrawAsync(call.ArgumentsAs<WithdrawArguments>(), stop),
        }, cancellationToken);

    async Task<object> MergeAsync(AgentCall call, CancellationToken cancellationToken)
    {
        var arguments = call.ArgumentsAs<MergeArguments>();
        var result = await merger.MergeAsync(arguments, cancellationToken);
        call.Raise(LifecycleEventTypes.MergeCompleted, arguments.Dataset.Dataset, new { arguments.Source, arguments.Dataset.Dataset, result });
        return result;
    }
}
