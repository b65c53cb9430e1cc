using DataIngestion.Agents.Commands;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Agents;

/// <summary>Opens sources: is it there, and do we have access?</summary>
public sealed class DataConnectorAgent(CommandRunner runner, Connector connector)
{
    /// <summary>Takes commands from the queue.</summary>
    [Function(nameof(DataConnectorAgent))]
    public Task RunAsync(
        [QueueTrigger(Queues.DataConnector)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        runner.RunAsync(Services.DataConnector, Queues.DataConnector, message, client, new Dictionary<string, CommandHandler>
        {
            [CommandKinds.Connect] = async (call, stop) => await connector.CheckAsync(call.ArgumentsAs<ConnectArguments>(), stop),
        }, cancellationToken);
}
