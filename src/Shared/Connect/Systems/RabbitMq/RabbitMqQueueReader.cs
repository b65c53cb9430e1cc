using DataIngestion.Contracts;
using RabbitMQ.Client;

namespace DataIngestion.Connect;

/// <summary>
/// Consumes a queue. A window ends by ending the deliveries, and holds everything that was delivered: so what the broker later calls
/// redelivered was either in a window that was landed or in one that was not, and never in between. It is acknowledged when it is
/// durable, and not before. The position is the digest of the last window; ADR 0029 says what is recognised by it.
/// </summary>
internal sealed class RabbitMqQueueReader(RabbitMqConnection connection, IChannel channel, SourceRead read, RabbitMqReadOptions options) : ISourceReader
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly long _limit = Math.Min(read.Read.WindowRecords, options.Prefetch);
    SourcePart? _part;
    ulong _lastTag;

    string Queue => read.Read.Object!;

    TimeProvider Time => connection.Site.Time;

    public static async Task<ISourceReader> OpenAsync(RabbitMqConnection connection, SourceRead read, RabbitMqReadOptions options, CancellationToken cancellationToken)
    {
        var channel = await connection.OpenChannelAsync(cancellationToken);
        var reader = new RabbitMqQueueReader(connection, channel, read, options);
        try
        {
            await reader.ReadyAsync(cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var (lines, knownAt, began) = (new MessageLines(destination), Time.GetUtcNow(), Time.GetTimestamp());
        var digest = WindowDigest.Parse(read.Position);
        var (identities, filter) = (new List<byte[]>(), new RedeliveryFilter<Delivery>(digest));
        var consumer = await ConsumeAsync(_limit + (digest?.BlockLength ?? 0), cancellationToken); // a block may be held back to be recognised
        while (lines.Records < _limit && lines.Bytes < read.Read.ArtefactBytes)
        {
            if (await consumer.NextAsync(read.Read.Window - Time.GetElapsedTime(began), cancellationToken) is not { } delivery)
                break;
            await AddAsync(delivery);
        }

        await StopAsync(consumer, cancellationToken);
        while (await consumer.NextAsync(Pause, cancellationToken) is { } delivery)
            await AddAsync(delivery);
        filter.Flush();
        await TakeAsync(filter, lines, identities, cancellationToken);
        await lines.FlushAsync(cancellationToken);
        return _part = lines.Records == 0 ? null : new()
        {
            Name = $"{read.Dataset.Dataset}.ndjson",
            Position = WindowDigest.ToText(identities),
            KnownAt = knownAt,
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
            Headers = new Dictionary<string, string> { ["recognised"] = $"{filter.Recognised}" },
        };

        async Task AddAsync(Delivery delivery)
        {
            if (delivery.Offset is not null)
                throw connection.Site.Fail("configuration-invalid", $"'{Queue}' is a stream: expected 'mode: stream'.", isTransient: false);

            // The last window was acknowledged, so this can be of it only if the broker lost that: a name of its own must prove it.
            filter.Add(delivery, delivery.Identity, delivery.Redelivered && delivery.Properties.MessageId is not null);
            await TakeAsync(filter, lines, identities, cancellationToken);
        }
    }

    public async Task LandedAsync(SourcePart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (ReferenceEquals(part, _part))
            await AcknowledgeAsync(_lastTag, multiple: true, cancellationToken);
        else if (WindowDigest.Parse(part.Position) is { } digest)
            await AcknowledgeAgainAsync(part, digest, cancellationToken);

        // The broker handles commands of a channel in order: its answer says that it has the acknowledgements.
        await ReadyAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => RabbitMqConnection.CloseAsync(channel);

    async Task TakeAsync(RedeliveryFilter<Delivery> filter, MessageLines lines, List<byte[]> identities, CancellationToken cancellationToken)
    {
        while (filter.TryTake(out var delivery, out var identity, out var landed))
        {
            if (landed)
            {
                await AcknowledgeAsync(delivery.Tag, multiple: false, cancellationToken);
                continue;
            }

            lines.Add(delivery, RabbitMqLines.WriteMetadata, delivery.Body);
            identities.Add(identity);
            _lastTag = delivery.Tag;
            if (lines.IsFull)
                await lines.FlushAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Acknowledges what is delivered again of a part of an earlier attempt. No more messages are taken than the part had: a queue hands
    /// out what it takes back before what is new, so either they are those of the part, or its acknowledgement had arrived.
    /// </summary>
    async Task AcknowledgeAgainAsync(SourcePart part, WindowDigest digest, CancellationToken cancellationToken)
    {
        var consumer = await ConsumeAsync(digest.Count, cancellationToken);
        var (again, began, idle) = (new List<Delivery>(), Time.GetTimestamp(), 0);
        while (again.Count < digest.Count && (again.Count == 0 || again[^1].Redelivered))
        {
            if (await consumer.NextAsync(Pause, cancellationToken) is { } delivery)
            {
                again.Add(delivery with { Body = [], Known = delivery.Identity });
                idle = 0;
            }
            else if (await ReadyAsync(cancellationToken) == 0 && !consumer.HasWaiting && ++idle == 2)
            {
                break; // all there is was delivered
            }
            else if (Time.GetElapsedTime(began) > connection.Site.Connection.Limits.AttemptTimeout)
            {
                throw connection.Site.Fail("timeout", $"The queue '{Queue}' does not deliver what was landed and not acknowledged: another consumer may be the active one.", isTransient: true);
            }
        }

        await StopAsync(consumer, cancellationToken);
        again.RemoveAll(d => !d.Redelivered);
        if (again.Count == digest.Count && WindowDigest.ToText(again.ConvertAll(d => d.Identity)) == part.Position)
        {
            await AcknowledgeAsync(again[^1].Tag, multiple: true, cancellationToken);
            return;
        }

        // Only some of it is left, which happens when a broker crashed: those with a name of their own are known for certain.
        var filter = new RedeliveryFilter<Delivery>(digest);
        foreach (var delivery in again.Where(d => d.Properties.MessageId is not null))
            filter.Add(delivery, delivery.Identity, redelivered: true);
        filter.Flush();
        while (filter.TryTake(out var delivery, out _, out var landed))
        {
            if (landed)
                await AcknowledgeAsync(delivery.Tag, multiple: false, cancellationToken);
        }
    }

    async Task<RabbitMqConsumer> ConsumeAsync(long prefetch, CancellationToken cancellationToken)
    {
        var consumer = new RabbitMqConsumer(channel, connection.Site, Queue);
        await connection.AskAsync(
            $"the queue '{Queue}' was consumed",
            async () =>
            {
                await channel.BasicQosAsync(0, (ushort)Math.Min(prefetch, ushort.MaxValue), global: false, cancellationToken);
                var arguments = options.Priority is { } priority ? new Dictionary<string, object?> { ["x-priority"] = priority } : null;
                return await channel.BasicConsumeAsync(Queue, autoAck: false, "", noLocal: false, options.Exclusive, arguments, consumer, cancellationToken);
            },
            cancellationToken);
        return consumer;
    }

    Task<bool> StopAsync(RabbitMqConsumer consumer, CancellationToken cancellationToken) => connection.AskAsync(
        $"the consumer of '{Queue}' was stopped",
        async () =>
        {
            await consumer.StopAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    Task<bool> AcknowledgeAsync(ulong tag, bool multiple, CancellationToken cancellationToken) => connection.AskAsync(
        $"messages of '{Queue}' were acknowledged",
        async () =>
        {
            await channel.BasicAckAsync(tag, multiple, cancellationToken);
            return true;
        },
        cancellationToken);

    async Task<uint> ReadyAsync(CancellationToken cancellationToken) =>
        (await connection.AskAsync($"the queue '{Queue}' was looked up", () => channel.QueueDeclarePassiveAsync(Queue, cancellationToken), cancellationToken)).MessageCount;
}
