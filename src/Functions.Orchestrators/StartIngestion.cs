using System.Diagnostics;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Orchestrators;

/// <summary>Starts a run for every request on the queue. A request delivered twice, or to two stamps, starts one run.</summary>
public sealed class StartIngestion(PlatformConfiguration configuration, RunRegister runs, Stamp stamp, ILogger<StartIngestion> logger)
{
    /// <summary>Spans of starts.</summary>
    public const string SpanSource = "DataIngestion.Orchestrators";

    static readonly ActivitySource Spans = new(SpanSource);

    /// <summary>Starts it.</summary>
    [Function(nameof(StartIngestion))]
    public async Task RunAsync(
        [QueueTrigger(Queues.IngestionRequests)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var request = MessageReader.Read<IngestionRequest>(message, Queues.IngestionRequests, IngestionRequest.CurrentSchemaVersion);
        UsageScope.Attribute(UsageSubject.Of(request.Run));
        if (await client.GetInstanceAsync(request.Run, cancellation: cancellationToken) is not null)
        {
            logger.LogDebug("{Run} has been started already", request.Run);
            return;
        }

        using var span = RunTrace.Begin(Spans, "ingestion start", request.TraceParent);
        span?.SetTag("ingestion.run", request.Run).SetTag("ingestion.source", request.Source);
        var plan = IngestionPlan.Create(configuration, request with { TraceParent = span?.Id ?? request.TraceParent });
        if (!await runs.TryBeginAsync(request, stamp.Name, cancellationToken))
        {
            logger.LogInformation("{Run} has ended or is another stamp's: it is not begun here", request.Run);
            return;
        }

        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Managers.IngestionManager), plan, new StartOrchestrationOptions(request.Run), cancellationToken);
    }
}
