using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers.Queues;

/// <summary>
/// Runs one message: decodes it, keeps its lease while the handler runs, then deletes it, lets it come back, or moves it to the poison queue.
/// Leases are short, so that the messages of a killed process come back in seconds (the Functions host takes ten minutes).
/// </summary>
/// <param name="poison">Null for a queue that is a poison queue itself.</param>
/// <param name="exhausted">Runs before a message that failed for the last time moves to the poison queue; may replace the text that is put there.</param>
internal sealed class QueueMessageRunner(
    QueueClient queue,
    QueueClient? poison,
    QueueSettings settings,
    Func<QueueMessage, CancellationToken, Task> handle,
    RuntimeServices runtime,
    Func<QueueMessage, string, string>? exhausted = null)
{
    /// <summary>How long a failed message of a poison queue stays hidden, as observed on the Functions host.</summary>
    static readonly TimeSpan PoisonPause = TimeSpan.FromMinutes(10);

    readonly ILogger _logger = runtime.Loggers.CreateLogger<QueueMessageRunner>();
    readonly FailureCounts _failures = new();

    /// <summary>How long a message stays hidden without a sign of life; renewed at a third.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    public async Task RunAsync(QueueMessage raw)
    {
        await using var lease = new MessageLease(queue, raw, Lease, runtime.StorageTime, _logger);
        try
        {
            await SettleAsync(raw, lease);
        }
        catch (Exception outage) when (QueueConsumer.IsOutage(outage))
        {
            _logger.MessageNotSettled(raw.MessageId, queue.Name, outage.Message);
        }
    }

    async Task SettleAsync(QueueMessage raw, MessageLease lease)
    {
        var text = raw.Body.ToString();
        if (!QueueText.TryDecode(text, settings.Base64, out var body))
        {
            await PoisonAsync(raw, lease, text, "its text is not Base64, which host.json asks for (extensions.queues.messageEncoding)");
            return;
        }

        if (raw.DequeueCount > (long)settings.MaxDequeueCount * FailureCounts.DeathsPerFailure && poison is not null)
        {
            await PoisonAsync(raw, lease, text, $"it was taken {raw.DequeueCount} times without an end");
            return;
        }

        var message = QueuesModelFactory.QueueMessage(
            raw.MessageId, raw.PopReceipt, body, raw.DequeueCount, raw.NextVisibleOn, raw.InsertedOn, raw.ExpiresOn);
        try
        {
            await handle(message, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // The function's own failure has been logged where it was thrown.
            await FailAsync(raw, lease, text, failure);
            return;
        }

        _failures.Forget(raw.MessageId);
        await lease.DeleteAsync();
    }

    async Task FailAsync(QueueMessage raw, MessageLease lease, string text, Exception failure)
    {
        if (runtime.Invocations.Aborted.IsCancellationRequested)
        {
            await lease.ReleaseAsync(TimeSpan.Zero); // cut short by a stop: that is not the message's fault
            return;
        }

        var count = _failures.Add(raw.MessageId);
        if (count < settings.MaxDequeueCount)
        {
            await lease.ReleaseAsync(settings.VisibilityTimeout);
            runtime.Wakeups.Signal(queue.Name);
        }
        else if (poison is null)
        {
            _logger.PoisonFunctionFailed(raw.MessageId, queue.Name, count, PoisonPause);
            await lease.ReleaseAsync(PoisonPause);
        }
        else
        {
            await PoisonAsync(raw, lease, text, $"it failed {count} times, last with {failure.GetType().Name}: {failure.Message}");
        }
    }

    async Task PoisonAsync(QueueMessage raw, MessageLease lease, string text, string reason)
    {
        if (poison is null)
        {
            _logger.PoisonFunctionFailed(raw.MessageId, queue.Name, raw.DequeueCount, PoisonPause);
            await lease.ReleaseAsync(PoisonPause);
            return;
        }

        if (exhausted is not null)
            text = exhausted(raw, text);
        _logger.MessagePoisoned(raw.MessageId, queue.Name, poison.Name, reason);
        await poison.SendCreatingAsync(text, CancellationToken.None);
        _failures.Forget(raw.MessageId);
        await lease.DeleteAsync();
    }
}

/// <summary>Keeps a message hidden until it is settled or the process dies.</summary>
internal sealed class MessageLease : IAsyncDisposable
{
    readonly QueueClient _queue;
    readonly QueueMessage _message;
    readonly TimeSpan _length;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly CancellationTokenSource _stop = new();
    readonly Task _renewal;
    string _receipt;

    public MessageLease(QueueClient queue, QueueMessage message, TimeSpan length, TimeProvider time, ILogger logger)
    {
        (_queue, _message, _length, _time, _logger) = (queue, message, length, time, logger);
        _receipt = message.PopReceipt;
        _renewal = RenewAsync();
    }

    public async Task DeleteAsync()
    {
        await StopRenewingAsync();
        try
        {
            await _queue.DeleteMessageAsync(_message.MessageId, _receipt, CancellationToken.None);
        }
        catch (RequestFailedException gone) when (IsGone(gone))
        {
            _logger.LeaseLost(_message.MessageId, _queue.Name);
        }
    }

    /// <summary>Lets the message come back after <paramref name="delay"/>.</summary>
    public async Task ReleaseAsync(TimeSpan delay)
    {
        await StopRenewingAsync();
        try
        {
            await _queue.UpdateMessageAsync(_message.MessageId, _receipt, visibilityTimeout: delay, cancellationToken: CancellationToken.None);
        }
        catch (RequestFailedException gone) when (IsGone(gone))
        {
            _logger.LeaseLost(_message.MessageId, _queue.Name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopRenewingAsync();
        _stop.Dispose();
    }

    async Task StopRenewingAsync()
    {
        await _stop.CancelAsync();
        await _renewal;
    }

    async Task RenewAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(_length / 3, _time, _stop.Token);
                // Not cancelled: a renewal that was cut short might have changed the receipt that the deletion needs.
                var updated = await _queue.UpdateMessageAsync(
                    _message.MessageId, _receipt, visibilityTimeout: _length, cancellationToken: CancellationToken.None);
                _receipt = updated.Value.PopReceipt;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (RequestFailedException gone) when (IsGone(gone))
            {
                _logger.LeaseLost(_message.MessageId, _queue.Name);
                return;
            }
            catch (Exception outage) when (QueueConsumer.IsOutage(outage))
            {
                // Storage is away; the next renewal may find it again before the lease runs out.
            }
        }
    }

    static bool IsGone(RequestFailedException failure) => failure.ErrorCode is "MessageNotFound" or "PopReceiptMismatch" or "QueueNotFound";
}
