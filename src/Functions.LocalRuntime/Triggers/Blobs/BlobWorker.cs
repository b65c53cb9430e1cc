using Azure;
using Azure.Storage.Queues.Models;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.LocalRuntime.Triggers.Queues;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers.Blobs;

/// <summary>
/// The blob triggers of one app and one storage account: a scanner for each function, and one internal queue through which found blobs are run,
/// which gives them leases, retries and the poison queue.
/// </summary>
internal sealed class BlobWorker : ITriggerListener
{
    public const string PoisonQueue = "webjobs-blobtrigger-poison";

    readonly Dictionary<string, Target> _targets;
    readonly List<BlobScanner> _scanners = [];
    readonly QueueConsumer _consumer;
    readonly KeyedLock _locks = new();
    readonly RuntimeServices _runtime;
    readonly ILogger _logger;

    public BlobWorker(HostedApp app, string connection, IReadOnlyList<(FunctionInvoker Invoker, BlobTrigger Trigger)> functions, RuntimeServices runtime)
    {
        _runtime = runtime;
        _logger = runtime.Loggers.CreateLogger<BlobWorker>();
        var hosts = runtime.Storage.Blobs(connection).GetBlobContainerClient("azure-webjobs-hosts");
        var queue = runtime.Storage.Queue(connection, $"azure-webjobs-blobtrigger-{app.HostId}");
        var base64 = app.HostJson.Queues.Base64;
        _targets = functions.ToDictionary(
            f => f.Invoker.Function.Id,
            f => new Target(f.Invoker, f.Trigger, new(hosts, app.HostId, f.Invoker.Function.Name, f.Trigger.Pattern.Container)),
            StringComparer.Ordinal);
        foreach (var target in _targets.Values)
        {
            _scanners.Add(new(target.Invoker, target.Trigger, target.Receipts, (message, cancellationToken) =>
                queue.SendCreatingAsync(QueueText.Encode(BinaryData.FromObjectAsJson(message), base64), cancellationToken), runtime));
        }

        var settings = Settings(app.HostJson);
        var runner = new QueueMessageRunner(queue, runtime.Storage.Queue(connection, PoisonQueue), settings, RunAsync, runtime, Exhausted);
        _consumer = new(queue, settings, runner, runtime);
    }

    public void Start()
    {
        _consumer.Start();
        _scanners.ForEach(s => s.Start());
    }

    public async Task StopAsync()
    {
        await Task.WhenAll(_scanners.Select(s => s.StopAsync()));
        await _consumer.StopAsync();
    }

    public void Dispose()
    {
        _consumer.Dispose();
        _scanners.ForEach(s => s.Dispose());
    }

    async Task RunAsync(QueueMessage queued, CancellationToken cancellationToken)
    {
        var message = queued.Body.ToObjectFromJson<BlobTriggerMessage>() ?? throw new InvalidOperationException("The internal blob message is empty.");
        if (!_targets.TryGetValue(message.FunctionId, out var target))
            throw new InvalidOperationException($"The function '{message.FunctionId}' that blob '{message.ContainerName}/{message.BlobName}' was found for is no longer there.");

        using var one = await _locks.EnterAsync($"{message.FunctionId}\n{message.BlobName}");
        if (await target.Receipts.IsDoneAsync(message.BlobName, message.ETag, cancellationToken))
            return; // a repeated message

        var blob = _runtime.Storage.Blobs(target.Trigger.Connection).GetBlobContainerClient(message.ContainerName).GetBlobClient(message.BlobName);
        if (await VersionAsync(blob, cancellationToken) != message.ETag)
            return; // gone, or replaced by a version that is found by itself

        try
        {
            await target.Invoker.InvokeAsync(Payload(target, message, blob), cancellationToken: cancellationToken);
        }
        catch (RequestFailedException replaced) when (replaced.ErrorCode is "ConditionNotMet" && replaced.Status == 412)
        {
            if (await VersionAsync(blob, cancellationToken) != message.ETag)
                return;
            throw;
        }

        await target.Receipts.MarkDoneAsync(message.BlobName, message.ETag, cancellationToken);
    }

    static TriggerPayload Payload(Target target, BlobTriggerMessage message, Azure.Storage.Blobs.BlobClient blob)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["BlobTrigger"] = $"{message.ContainerName}/{message.BlobName}",
            ["Uri"] = blob.Uri,
        };
        foreach (var (name, value) in target.Trigger.Pattern.Match(message.BlobName)!)
            data[name] = value;
        return new(new TriggeringBlob(blob, new ETag(message.ETag)), data);
    }

    string Exhausted(QueueMessage raw, string text)
    {
        if (QueueText.TryDecode(text, base64: !text.StartsWith('{'), out var body) && body.ToObjectFromJson<BlobTriggerMessage>() is { } message)
            _logger.BlobPoisoned($"{message.ContainerName}/{message.BlobName}", raw.DequeueCount, message.FunctionId, PoisonQueue);
        return text;
    }

    static async Task<string?> VersionAsync(Azure.Storage.Blobs.BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
            return properties.Value.ETag.ToString("H");
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    static QueueSettings Settings(HostJson host)
    {
        var parallel = host.Blobs.MaxDegreeOfParallelism;
        var batch = Math.Clamp(parallel / 2, 1, 32);
        return new()
        {
            BatchSize = batch,
            NewBatchThreshold = Math.Max(0, parallel - batch),
            MaxDequeueCount = host.Blobs.PoisonBlobThreshold,
            MaxPollingInterval = host.Queues.MaxPollingInterval,
            Base64 = host.Queues.Base64,
        };
    }

    sealed record Target(FunctionInvoker Invoker, BlobTrigger Trigger, BlobReceipts Receipts);
}
