using DataIngestion.Agents.Commands;
using DataIngestion.Contracts;
using DataIngestion.Retry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Agents;

/// <summary>Says what to do about a failed step.</summary>
public sealed class DataFetchRetryAgent(CommandRunner runner, RetryAdvisor advisor)
{
    /// <summary>Takes commands from the queue.</summary>
    [Function(nameof(DataFetchRetryAgent))]
    public Task RunAsync(
        [QueueTrigger(Queues.DataFetchRetry)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        runner.RunAsync(Services.DataFetchRetry, Queues.DataFetchRetry, message, client, new Dictionary<string, CommandHandler>
        {
            [CommandKinds.DecideRetry] = async (call, stop) => await advisor.DecideAsync(call.ArgumentsAs<RetryArguments>(), stop),
        }, cancellationToken);
}
