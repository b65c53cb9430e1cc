using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers.EventHubs;

/// <summary>Runs one function for the events of a hub: partitions side by side, each in order, each with its checkpoint.</summary>
internal sealed class EventHubListener(FunctionInvoker invoker, EventHubTrigger trigger, RuntimeServices runtime) : ITriggerListener
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    readonly ILogger _logger = runtime.Loggers.CreateLogger<EventHubListener>();
    readonly int _batch = invoker.Function.App.HostJson.EventHubs.MaxEventBatchSize;
    readonly CancellationTokenSource _stop = new();
    Task _loops = Task.CompletedTask;

    public void Start()
    {
        var partitions = runtime.Events.PartitionsOf(trigger.Hub);
        _loops = Task.WhenAll(Enumerable.Range(0, partitions).Select(partition => Task.Run(() => RunAsync(partition))));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loops;
    }

    public void Dispose() => _stop.Dispose();

    async Task RunAsync(int partition)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var appended = runtime.Events.Appended;
                var events = runtime.Events.ReadNext(trigger.Hub, trigger.ConsumerGroup, partition, _batch);
                if (events.Count == 0)
                    await LocalEventLog.WaitAsync(appended, _stop.Token);
                else
                    await RunBatchAsync(partition, events);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                // The function's failures end in RunBatchAsync; this is the log's file, which may be full or locked.
                _logger.ListenerFailed(failure, $"hub {trigger.Hub}/{partition}");
                await Task.Delay(RetryAfter, runtime.StorageTime, CancellationToken.None);
            }
        }
    }

    async Task RunBatchAsync(int partition, IReadOnlyList<LoggedEvent> events)
    {
        if (trigger.IsBatched)
        {
            if (await TryAsync(TriggerPayload.Of(events), partition, events.Count))
                await CheckpointAsync(partition, events[^1].Sequence);
            return;
        }

        var done = 0L;
        foreach (var single in events)
        {
            if (_stop.IsCancellationRequested || !await TryAsync(EventHubTrigger.One(single), partition, 1))
                break;
            done = single.Sequence;
        }

        if (done > 0)
            await CheckpointAsync(partition, done);
    }

    Task CheckpointAsync(int partition, long sequence) => runtime.Events.CheckpointAsync(trigger.Hub, trigger.ConsumerGroup, partition, sequence);

    /// <summary>Runs the function. A failure is passed over, as Event Hubs does; false only if a stop cut it short, so that it runs again.</summary>
    async Task<bool> TryAsync(TriggerPayload payload, int partition, int count)
    {
        try
        {
            await invoker.InvokeAsync(payload);
        }
        catch (Exception) when (runtime.Invocations.Aborted.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception)
        {
            _logger.EventsPassedOver(invoker.Function.Name, count, trigger.Hub, partition);
        }

        return true;
    }
}
