using DataIngestion.Contracts;
using DataIngestion.Observe.Http;
using DataIngestion.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Orchestrators.Http;

/// <summary><c>/api/stamp</c>: which version this is, and whether it has work left; what a deployment asks before it takes a stamp away.</summary>
public sealed class StampApi(Stamp stamp, IConfiguration settings, RunRegister runs, MessageQueues queues)
{
    static readonly OrchestrationRuntimeStatus[] AtWork = [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended];

    /// <summary>The stamp with its share of the schedules, its open runs and the messages that wait.</summary>
    [Function("GetStamp")]
    public async Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "stamp")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);

        // A message becomes an instance before it is gone, and an instance's last message is there before the instance has ended: with the
        // queues looked at on both sides of the instances, nothing slips through between two looks.
        var before = await CountAsync(cancellationToken);
        var running = 0;
        await foreach (var _ in client.GetAllInstancesAsync(new(Statuses: AtWork)).WithCancellation(cancellationToken))
            running++;
        var after = await CountAsync(cancellationToken);
        var waiting = before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .ToDictionary(queue => queue, queue => Math.Max(before.GetValueOrDefault(queue), after.GetValueOrDefault(queue)));

        return HttpAnswers.Json(new StampState
        {
            Stamp = stamp.Name,
            Version = stamp.Version,
            Share = stamp.Name == Stamp.Local || settings[ScheduleShare.Setting] is { Length: > 0 } ? stamp.Share.ToString() : null, // it is the agents who follow it
            Running = running,
            Waiting = waiting,
            Drained = running == 0 && waiting.Count == 0,
        });
    }

    /// <summary>
    /// Asks anew for the open runs of a stamp whose task hub or queues are lost; <c>?from=</c> names it, otherwise it is this one. Steps that were done
    /// answer from what they stored. Asking twice is harmless; runs that this stamp's task hub knows are left alone.
    /// </summary>
    [Function("AdoptRuns")]
    public async Task<IActionResult> AdoptAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "stamp/adopt")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        var from = request.Query["from"].ToString() is { Length: > 0 } named ? named : stamp.Name;
        if (!ConfigurationId.IsValid(from))
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "That is not a stamp", $"'{from}': expected {ConfigurationId.Rule}.");

        var adopted = new List<string>();
        await foreach (var open in runs.OpenAsync(cancellationToken))
        {
            var run = open.Request.Run;
            if (open.Stamp != from || await client.GetInstanceAsync(run, cancellation: cancellationToken) is not null)
                continue;
            if (!await runs.TryMoveAsync(run, from, stamp.Name, cancellationToken))
                continue;
            await queues.SendAsync(Queues.IngestionRequests, open.Request, cancellationToken: cancellationToken);
            adopted.Add(run);
        }

        return HttpAnswers.Json(new { stamp = stamp.Name, from, adopted });
    }

    // Those that are empty are left out.
    async Task<Dictionary<string, int>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var queue in Queues.All.Concat(Queues.All.Select(q => q + Queues.PoisonSuffix)))
        {
            if (await queues.CountAsync(queue, cancellationToken) is var count and > 0)
                counts[queue] = count;
        }

        return counts;
    }
}
