using DataIngestion.Agents.Commands;
using DataIngestion.Contracts;
using DataIngestion.Conversion.Runs;
using DataIngestion.Govern;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Agents;

/// <summary>Makes typed Parquet of raw artefacts and says whether it is good enough to publish.</summary>
public sealed class DataConverterAgent(CommandRunner runner, RunConverter converter, QualityGate gate)
{
    /// <summary>Takes commands from the queue.</summary>
    [Function(nameof(DataConverterAgent))]
    public Task RunAsync(
        [QueueTrigger(Queues.DataConverter)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        runner.RunAsync(Services.DataConverter, Queues.DataConverter, message, client, new Dictionary<string, CommandHandler>
        {
            [CommandKinds.Convert] = ConvertAsync,
            [CommandKinds.CheckQuality] = CheckAsync,
        }, cancellationToken);

    async Task<object> ConvertAsync(AgentCall call, CancellationToken cancellationToken)
    {
        var arguments = call.ArgumentsAs<ConvertArguments>();
        var (source, dataset) = (arguments.Source.Source, arguments.Dataset.Dataset);
        var result = await converter.ConvertAsync(arguments, RowRules.Of(arguments.Dataset), cancellationToken);
        call.Raise(LifecycleEventTypes.SchemaInferred, dataset, new { source, dataset, columns = DatasetSchema.Of(arguments.Dataset).ToJson() });
        call.Raise(LifecycleEventTypes.FormatConverted, dataset, new { source, dataset, result });
        return result;
    }

    async Task<object> CheckAsync(AgentCall call, CancellationToken cancellationToken)
    {
        var arguments = call.ArgumentsAs<QualityArguments>();
        var result = await gate.CheckAsync(arguments, cancellationToken);
        call.Raise(LifecycleEventTypes.QualityChecked, arguments.Dataset.Dataset, new { arguments.Source, dataset = arguments.Dataset.Dataset, result });
        return result;
    }
}
