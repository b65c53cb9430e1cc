using DataIngestion.Agents.Commands;
using DataIngestion.Collect;
using DataIngestion.Contracts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Agents;

/// <summary>Fetches what is new into landing.</summary>
public sealed class DataCollectorAgent(CommandRunner runner, Collector collector)
{
    /// <summary>Takes commands from the queue.</summary>
    [Function(nameof(DataCollectorAgent))]
    public Task RunAsync(
        [QueueTrigger(Queues.DataCollector)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        runner.RunAsync(Services.DataCollector, Queues.DataCollector, message, client, new Dictionary<string, CommandHandler>
        {
            [CommandKinds.Collect] = (call, stop) =>
            {
                var arguments = call.ArgumentsAs<CollectArguments>();
                return CollectAsync(call, arguments.Source.Source, arguments.Dataset, () => collector.CollectAsync(arguments, call.Run, cancellationToken: stop));
            },
            [CommandKinds.Replay] = (call, stop) =>
            {
                var arguments = call.ArgumentsAs<ReplayArguments>();
                return CollectAsync(call, arguments.Source.Source, arguments.Dataset, () => collector.ReplayAsync(arguments, call.Run, cancellationToken: stop));
            },
            [CommandKinds.LandFile] = (call, stop) =>
            {
                var arguments = call.ArgumentsAs<LandFileArguments>();
                return CollectAsync(call, arguments.Source.Source, arguments.Dataset, () => collector.LandFileAsync(arguments, call.Run, cancellationToken: stop));
            },
        }, cancellationToken);

    static async Task<object> CollectAsync(AgentCall call, string source, string dataset, Func<Task<CollectResult>> collect)
    {
        call.Raise(LifecycleEventTypes.CollectionStarted, dataset, new { source, dataset });
        try
        {
            var result = await collect();
            call.BytesLanded = result.Bytes;
            call.Raise(LifecycleEventTypes.CollectionCompleted, dataset, new { source, dataset, result.Artefacts, result.Bytes, result.Requests, result.Retries, result.Manifest });
            return result;
        }
        catch (StepFailedException failed) when (!failed.Failure.IsWaiting)
        {
            call.Raise(LifecycleEventTypes.CollectionFailed, dataset, new { source, dataset, failed.Failure });
            throw;
        }
    }
}
