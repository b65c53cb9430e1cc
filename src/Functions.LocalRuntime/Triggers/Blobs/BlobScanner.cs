using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DataIngestion.LocalRuntime.Triggers.Queues;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers.Blobs;

/// <summary>A message on the app's internal queue: run this function for this version of this blob. The shape is the Functions host's.</summary>
internal sealed record BlobTriggerMessage(string FunctionId, string BlobType, string ContainerName, string BlobName, string ETag);

/// <summary>
/// Finds new versions of the blobs of one function by listing its container. Each becomes a message first and a receipt second,
/// so a death in between repeats a message but loses none; the worker drops the repetition.
/// </summary>
internal sealed class BlobScanner(
    FunctionInvoker invoker, BlobTrigger trigger, BlobReceipts receipts, Func<BlobTriggerMessage, CancellationToken, Task> enqueue, RuntimeServices runtime)
    : ITriggerListener
{
    const int MaxParallel = 8;
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    readonly ILogger _logger = runtime.Loggers.CreateLogger<BlobScanner>();
    readonly BlobContainerClient _container = runtime.Storage.Blobs(trigger.Connection).GetBlobContainerClient(trigger.Pattern.Container);
    readonly CancellationTokenSource _stop = new();
    Dictionary<string, string>? _seen;
    Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    public void Dispose() => _stop.Dispose();

    async Task RunAsync()
    {
        var source = $"container {trigger.Pattern.Container}";
        var lost = false;
        while (!_stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await ScanAsync();
                if (lost)
                    _logger.StorageBack(source);
                lost = false;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                if (!QueueConsumer.IsOutage(failure))
                    _logger.ListenerFailed(failure, source);
                else if (!lost)
                    _logger.StorageLost(source, failure.Message);
                lost = true;
            }

            try
            {
                // A large container is listed seldom enough that listing takes a sixth of the time at most.
                await Task.Delay(Pause(Stopwatch.GetElapsedTime(started)), runtime.StorageTime, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
    }

    async Task ScanAsync()
    {
        var seen = _seen ??= await receipts.LoadAsync(_stop.Token);
        var listed = new Dictionary<string, string>(seen.Count, StringComparer.Ordinal);
        var fresh = new List<(string Name, string Version, BlobType? Type)>();
        try
        {
            var options = new GetBlobsOptions { Prefix = trigger.Pattern.Prefix.Length == 0 ? null : trigger.Pattern.Prefix };
            await foreach (var blob in _container.GetBlobsAsync(options, _stop.Token))
            {
                if (blob.Properties.ETag is not { } version || trigger.Pattern.Match(blob.Name) is null)
                    continue;
                var text = version.ToString("H");
                if (seen.TryGetValue(blob.Name, out var known) && known == text)
                    listed[blob.Name] = text;
                else
                    fresh.Add((blob.Name, text, blob.Properties.BlobType));
            }
        }
        catch (RequestFailedException missing) when (missing.ErrorCode is "ContainerNotFound" or "ContainerBeingDeleted")
        {
            _seen = listed;
            return;
        }

        await Parallel.ForEachAsync(fresh, new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = _stop.Token }, async (blob, cancellationToken) =>
        {
            await enqueue(new(invoker.Function.Id, (blob.Type ?? BlobType.Block).ToString(), trigger.Pattern.Container, blob.Name, blob.Version), cancellationToken);
            await receipts.MarkSeenAsync(blob.Name, blob.Version, CancellationToken.None);
            lock (seen)
                seen[blob.Name] = blob.Version;
        });

        // Blobs that have gone are forgotten, so that memory follows the container.
        foreach (var (name, version, _) in fresh)
            listed[name] = version;
        _seen = listed;
    }

    static TimeSpan Pause(TimeSpan scan) => (scan * 5) switch
    {
        var pause when pause < ShortestPause => ShortestPause,
        var pause when pause > LongestPause => LongestPause,
        var pause => pause,
    };
}
