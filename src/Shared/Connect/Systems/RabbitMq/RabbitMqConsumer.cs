using System.Threading.Channels;
using DataIngestion.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace DataIngestion.Connect;

/// <summary>A message as it was delivered.</summary>
internal sealed record Delivery(ulong Tag, bool Redelivered, string Exchange, string RoutingKey, IReadOnlyBasicProperties Properties, byte[] Body)
{
    /// <summary>The message's place in a stream; null in a queue.</summary>
    public long? Offset => Properties.Headers?.TryGetValue("x-stream-offset", out var offset) == true ? offset as long? : null;

    /// <summary>The identity, where it is known already and the body is let go.</summary>
    public byte[]? Known { get; init; }

    /// <summary>What stays the same of a message when it is delivered again.</summary>
    public byte[] Identity => Known ?? WindowDigest.IdentityOf(
        Body, Exchange, RoutingKey, Properties.MessageId, Properties.CorrelationId, Properties.Type, Properties.IsTimestampPresent() ? $"{Properties.Timestamp.UnixTime}" : null);
}

/// <summary>Takes what the broker sends. The broker sends no more than the prefetch, so what waits here is bounded by it.</summary>
internal sealed class RabbitMqConsumer(IChannel channel, SourceSite site, string queue) : AsyncDefaultBasicConsumer(channel)
{
    readonly Channel<Delivery> _deliveries = System.Threading.Channels.Channel.CreateUnbounded<Delivery>(new() { SingleReader = true, SingleWriter = true });

    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether something waits that was delivered.</summary>
    public bool HasWaiting => _deliveries.Reader.TryPeek(out _);

    /// <summary>The next message; null when none comes in that time, or none can come after <see cref="StopAsync"/>.</summary>
    /// <exception cref="StepFailedException">The broker ended it, or the connection broke.</exception>
    public async Task<Delivery?> NextAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (_deliveries.Reader.TryRead(out var waiting))
            return waiting;
        if (limit <= TimeSpan.Zero)
            return null;
        using var timeout = new CancellationTokenSource(limit, site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _deliveries.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException closed)
        {
            return closed.InnerException is StepFailedException failed ? throw failed : null;
        }
    }

    /// <summary>Ends the deliveries. What was delivered until then can still be read, and everything of it is there when this returns.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var tag in ConsumerTags)
            await Channel.BasicCancelAsync(tag, noWait: false, cancellationToken);
        await _ended.Task.WaitAsync(site.Connection.Limits.AttemptTimeout, site.Time, cancellationToken); // its answer comes behind the last delivery
    }

    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default) =>
        await _deliveries.Writer.WriteAsync(new(deliveryTag, redelivered, exchange, routingKey, properties, body.ToArray()), cancellationToken); // the client reuses its memory

    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        End(site.Fail("source-unavailable", $"RabbitMQ cancelled the consumer of '{queue}': the queue was deleted, or its node fails over.", isTransient: true));
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    public override Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        End(null);
        return base.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
    }

    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        End(RabbitMqFailures.Of(reason, site, $"'{queue}' was consumed", reason.Exception));
        return base.HandleChannelShutdownAsync(channel, reason);
    }

    void End(StepFailedException? failure)
    {
        _deliveries.Writer.TryComplete(failure);
        _ended.TrySetResult();
    }
}
