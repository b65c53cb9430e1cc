using System.Net.Sockets;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers.Queues;

/// <summary>Receives the messages of one queue and hands them to a function, as the Functions host's queue listener does.</summary>
internal sealed class QueueConsumer : ITriggerListener
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(400);
    static readonly TimeSpan LongestOutageDelay = TimeSpan.FromSeconds(2);

    readonly QueueClient _queue;
    readonly QueueSettings _settings;
    readonly QueueMessageRunner _runner;
    readonly Wakeup _wakeup;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly TimeSpan _longestDelay;
    readonly CancellationTokenSource _stop = new();
    readonly Lock _lock = new();
    TaskCompletionSource _slot = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _running;
    Task _loop = Task.CompletedTask;

    public QueueConsumer(QueueClient queue, QueueSettings settings, QueueMessageRunner runner, RuntimeServices runtime)
    {
        (_queue, _settings, _runner) = (queue, settings, runner);
        _wakeup = runtime.Wakeups.Of(queue.Name);
        _time = runtime.StorageTime;
        _logger = runtime.Loggers.CreateLogger<QueueConsumer>();
        _longestDelay = settings.MaxPollingInterval is { } wanted && wanted < LongestDelay ? wanted : LongestDelay;
    }

    public void Start() => _loop = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        while (true)
        {
            Task slot;
            lock (_lock)
            {
                if (_running == 0)
                    break;
                slot = _slot.Task;
            }

            await slot;
        }
    }

    public void Dispose() => _stop.Dispose();

    async Task RunAsync()
    {
        var delay = FirstDelay;
        var lost = false;
        while (!_stop.IsCancellationRequested)
        {
            await WaitForRoomAsync();
            var woken = _wakeup.Next;
            var found = 0;
            try
            {
                found = await ReceiveAsync();
                if (lost)
                    _logger.StorageBack($"queue {_queue.Name}");
                if (lost || found > 0)
                    delay = FirstDelay;
                lost = false;
            }
            catch (Exception outage) when (IsOutage(outage))
            {
                if (!lost)
                    _logger.StorageLost($"queue {_queue.Name}", outage.Message);
                lost = true;
            }

            if (found == 0)
                delay = await PauseAsync(woken, delay, lost ? LongestOutageDelay : _longestDelay);
        }
    }

    /// <summary>Receiving is not cancelled by a stop: messages the service has already handed out are run, not left to their leases.</summary>
    async Task<int> ReceiveAsync()
    {
        try
        {
            var response = await _queue.ReceiveMessagesAsync(_settings.BatchSize, _runner.Lease, CancellationToken.None);
            foreach (var message in response.Value)
            {
                lock (_lock)
                    _running++;
                _ = Task.Run(() => RunOneAsync(message));
            }

            return response.Value.Length;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == "QueueNotFound")
        {
            return 0;
        }
    }

    async Task RunOneAsync(QueueMessage message)
    {
        try
        {
            await _runner.RunAsync(message);
        }
        catch (Exception unexpected)
        {
            // The runner handles what functions and storage throw; this keeps one odd failure from losing the slot.
            _logger.ListenerFailed(unexpected, $"queue {_queue.Name}");
        }
        finally
        {
            lock (_lock)
            {
                _running--;
                _slot.TrySetResult();
                _slot = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    async Task WaitForRoomAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Task slot;
            lock (_lock)
            {
                if (_running <= _settings.NewBatchThreshold)
                    return;
                slot = _slot.Task;
            }

            try
            {
                await slot.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Waits for the delay, a wake-up or the stop, and returns the next delay.</summary>
    async Task<TimeSpan> PauseAsync(Task woken, TimeSpan delay, TimeSpan longest)
    {
        try
        {
            await woken.WaitAsync(delay, _time, _stop.Token);
            return FirstDelay;
        }
        catch (TimeoutException)
        {
            var next = delay * 2;
            return next < longest ? next : longest;
        }
        catch (OperationCanceledException)
        {
            return delay;
        }
    }

    internal static bool IsOutage(Exception failure) => failure switch
    {
        RequestFailedException or IOException or HttpRequestException or SocketException or OperationCanceledException => true,
        AggregateException many => many.InnerExceptions.All(IsOutage),
        _ => false,
    };
}
