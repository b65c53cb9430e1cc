using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Observe.Http;
using DataIngestion.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Orchestrators.Http;

/// <summary><c>/api/ingestions</c>: ask for a run, see how it goes, list runs.</summary>
public sealed class IngestionsApi(PlatformConfiguration configuration, BlobStore blobs, MessageQueues queues, RunRegister runs, TimeProvider time)
{
    const int MaxPage = 500;
    const long MaxBodyBytes = 64 << 10;

    /// <summary>Asks for a run. The body is an <see cref="IngestionOrder"/>; answers 202 with the run's id and address.</summary>
    /// <remarks>With an <c>Idempotency-Key</c> header the same order sent again within the same day names the same run.</remarks>
    [Function("StartIngestionOverHttp")]
    public async Task<IActionResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ingestions")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.ContentLength > MaxBodyBytes)
            return HttpAnswers.Problem(StatusCodes.Status413PayloadTooLarge, "The order is too large", $"Expected at most {MaxBodyBytes} bytes.");

        IngestionOrder? order;
        try
        {
            order = await JsonSerializer.DeserializeAsync<IngestionOrder>(request.Body, ContractJson.Options, cancellationToken);
        }
        catch (JsonException fault)
        {
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "The order is not readable", $"{fault.Path ?? "body"}: {fault.Message}");
        }

        if (order is not null && WrongReplay(order) is { } wrong)
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "The order cannot be replayed", wrong);
        var source = order?.Replay is { } replayed && RunId.TryParse(replayed, out var itsSource, out _) ? itsSource : order?.Source;
        if (string.IsNullOrEmpty(source))
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "The order names no source", "Expected {\"source\": \"…\"}.");

        var now = time.GetUtcNow();
        var ingestion = new IngestionRequest
        {
            Run = "",
            Source = source,
            Dataset = order!.Dataset,
            Cause = order.Replay is null ? IngestionCause.Request : IngestionCause.Replay,
            Window = order.Window,
            FullRefresh = order.FullRefresh,
            ReplayOf = order.Replay,
            RequestedAt = now,
        };
        try
        {
            _ = IngestionPlan.Create(configuration, ingestion); // an unknown source is the caller's fault, not the queue's
        }
        catch (StepFailedException unknown)
        {
            return HttpAnswers.Problem(StatusCodes.Status404NotFound, "There is no such source", unknown.Message);
        }

        if (order.Replay is null && configuration.Sources[source] is { Kind: SourceKind.File, Connection: null })
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "A file source is started by a file", $"Put the file into the container '{Containers.Drop}' below '{source}/'.");
        if (order.Replay is not null && configuration.Sources[source] is { Kind: SourceKind.Batch })
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "The order cannot be replayed", $"'{source}' is a batch, which lands nothing itself: replay the runs of its members.");

        ingestion = ingestion with { Run = NameRun(request, source, now) };
        await blobs.WriteJsonOnceAsync(RequestOf(ingestion.Run), ingestion, cancellationToken);
        await queues.SendAsync(Queues.IngestionRequests, ingestion with { TraceParent = RunTrace.Current }, cancellationToken: cancellationToken);

        var status = $"{request.Scheme}://{request.Host}/api/ingestions/{ingestion.Run}";
        request.HttpContext.Response.Headers.RetryAfter = "1";
        return new AcceptedResult(status, new { run = ingestion.Run, statusUrl = status });
    }

    /// <summary>One run: queued, running, completed or failed, with its report.</summary>
    [Function("GetIngestion")]
    public async Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "ingestions/{run}")] HttpRequest request,
        string run,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (!RunId.TryParse(run, out var source, out var startedAt))
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "That is not a run id", $"'{run}': expected {{source}}-{{yyyyMMddTHHmmssZ}}-{{6 characters}}.");

        var instance = await client.GetInstanceAsync(run, getInputsAndOutputs: true, cancellationToken);
        if (instance is null)
        {
            if (await runs.FindAsync(run, cancellationToken) is { } elsewhere)
                return HttpAnswers.Json(StatusReader.Read(elsewhere)); // another stamp's, or of a task hub that is gone
            return await blobs.FindAsync(RequestOf(run), cancellationToken) is null
                ? HttpAnswers.Problem(StatusCodes.Status404NotFound, "There is no such run", $"'{run}' was never asked for.")
                : HttpAnswers.Json(new IngestionStatus { Run = run, Source = source, Status = RunState.Queued, StartedAt = startedAt });
        }

        var movement = instance.IsCompleted
            ? null
            : await client.GetInstanceAsync(Managers.IngestionManager.MovementOf(run), getInputsAndOutputs: true, cancellationToken);
        return HttpAnswers.Json(StatusReader.Read(instance, movement));
    }

    /// <summary>Runs, newest instance ids last, paged by <c>?continuation=</c>; <c>?source=</c> narrows.</summary>
    [Function("ListIngestions")]
    public static async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "ingestions")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        string? source = request.Query["source"];
        if (!string.IsNullOrEmpty(source) && !ConfigurationId.IsValid(source))
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "That is not a source id", $"'{source}': expected {ConfigurationId.Rule}.");
        var size = int.TryParse(request.Query["limit"], out var limit) ? Math.Clamp(limit, 1, MaxPage) : 100;

        var query = new OrchestrationQuery(
            InstanceIdPrefix: string.IsNullOrEmpty(source) ? null : source + "-",
            PageSize: size,
            FetchInputsAndOutputs: true,
            ContinuationToken: request.Query["continuation"]);
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(query.ContinuationToken, size).WithCancellation(cancellationToken))
        {
            var runs = page.Values.Where(i => RunId.TryParse(i.InstanceId, out _, out _)).Select(i => StatusReader.Read(i, movement: null));
            return HttpAnswers.Json(new { runs, continuation = page.ContinuationToken });
        }

        return HttpAnswers.Json(new { runs = Array.Empty<IngestionStatus>(), continuation = (string?)null });
    }

    static string? WrongReplay(IngestionOrder order)
    {
        if (order.Replay is not { } run)
            return null;
        if (!RunId.TryParse(run, out var source, out _))
            return $"'{run}' is not a run id: expected {{source}}-{{yyyyMMddTHHmmssZ}}-{{6 characters}}.";
        if (order.Source is { Length: > 0 } named && named != source)
            return $"'{run}' is a run of '{source}', not of '{named}': leave 'source' out.";
        return order.Window is not null || order.FullRefresh ? "A replay covers what the run landed: leave 'window' and 'fullRefresh' out." : null;
    }

    static string NameRun(HttpRequest request, string source, DateTimeOffset now)
    {
        string? key = request.Headers["Idempotency-Key"];
        return string.IsNullOrEmpty(key) ? RunId.New(source, now, Random.Shared) : RunId.From(source, new(now.UtcDateTime.Date, TimeSpan.Zero), key);
    }

    static LakePath RequestOf(string run) => new(Containers.Control, $"requests/{run}.json");
}

/// <summary>The body of <c>POST /api/ingestions</c>.</summary>
/// <param name="Source">Source id; may be left out of a replay.</param>
/// <param name="Dataset">One of its datasets; null for all.</param>
/// <param name="Window">Only this window, leaving the live cursor alone.</param>
/// <param name="FullRefresh">Fetch everything and set the cursor anew.</param>
/// <param name="Replay">An earlier run to be done again from what it landed; nothing is asked of the source.</param>
public sealed record IngestionOrder(string? Source, string? Dataset = null, TimeWindow? Window = null, bool FullRefresh = false, string? Replay = null);
