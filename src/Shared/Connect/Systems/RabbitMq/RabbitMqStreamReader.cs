using System.Globalization;
using DataIngestion.Contracts;
using RabbitMQ.Client;

namespace DataIngestion.Connect;

/// <summary>
/// Reads a stream by offsets. Acknowledging only lets the broker send on; what is read is decided by the position <c>{offset}</c> of the
/// last landed message, so reading continues exactly behind it.
/// </summary>
internal sealed class RabbitMqStreamReader(RabbitMqConnection connection, IChannel channel, RabbitMqConsumer consumer, SourceRead read, RabbitMqReadOptions options) : ISourceReader
{
    string Stream => read.Read.Object!;

    TimeProvider Time => connection.Site.Time;

    public static async Task<ISourceReader> OpenAsync(RabbitMqConnection connection, SourceRead read, RabbitMqReadOptions options, CancellationToken cancellationToken)
    {
        var stream = read.Read.Object!;
        object offset = PositionOf(connection, read) is { } last ? last + 1 : options.From == RabbitMqStart.Next ? "next" : "first";
        var channel = await connection.OpenChannelAsync(cancellationToken);
        try
        {
            var consumer = new RabbitMqConsumer(channel, connection.Site, stream);
            await connection.AskAsync($"the stream '{stream}' was looked up", () => channel.QueueDeclarePassiveAsync(stream, cancellationToken), cancellationToken);
            await connection.AskAsync(
                $"the stream '{stream}' was consumed",
                async () =>
                {
                    await channel.BasicQosAsync(0, (ushort)options.Prefetch, global: false, cancellationToken);
                    var arguments = new Dictionary<string, object?> { ["x-stream-offset"] = offset };
                    return await channel.BasicConsumeAsync(stream, autoAck: false, "", noLocal: false, exclusive: false, arguments, consumer, cancellationToken);
                },
                cancellationToken);
            return new RabbitMqStreamReader(connection, channel, consumer, read, options);
        }
        catch
        {
            await RabbitMqConnection.CloseAsync(channel);
            throw;
        }
    }

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var (lines, knownAt, began) = (new MessageLines(destination), Time.GetUtcNow(), Time.GetTimestamp());
        var (last, unacknowledged, headers) = (PositionOf(connection, read), 0, new Dictionary<string, string>());
        while (lines.Records < read.Read.WindowRecords && lines.Bytes < read.Read.ArtefactBytes)
        {
            var delivery = await consumer.NextAsync(read.Read.Window - Time.GetElapsedTime(began), cancellationToken);
            if (delivery is null)
                break;
            var offset = delivery.Offset
                ?? throw connection.Site.Fail("configuration-invalid", $"'{Stream}' is a queue and no stream: expected 'mode: queue'.", isTransient: false);
            if (++unacknowledged >= Math.Max(1, options.Prefetch / 2))
            {
                unacknowledged = 0;
                await connection.AskAsync($"more of '{Stream}' was asked for", async () => { await channel.BasicAckAsync(delivery.Tag, multiple: true, cancellationToken); return true; }, cancellationToken);
            }

            if (offset <= last)
                continue; // the broker begins with a chunk
            if (lines.Records == 0 && last is { } before && offset > before + 1)
                headers["gap"] = string.Create(CultureInfo.InvariantCulture, $"{offset - before - 1} messages behind offset {before} were removed by retention before they were read");
            lines.Add(delivery, RabbitMqLines.WriteMetadata, delivery.Body);
            last = offset;
            if (lines.IsFull)
                await lines.FlushAsync(cancellationToken);
        }

        await lines.FlushAsync(cancellationToken);
        return lines.Records == 0 ? null : new()
        {
            Name = $"{read.Dataset.Dataset}.ndjson",
            Position = string.Create(CultureInfo.InvariantCulture, $"{last}"),
            KnownAt = knownAt,
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
            Headers = headers,
        };
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => RabbitMqConnection.CloseAsync(channel);

    static long? PositionOf(RabbitMqConnection connection, SourceRead read) =>
        read.Position is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset
        : throw connection.Site.Fail("configuration-invalid", $"'{text}' is no offset in a stream: the dataset was read as a queue before. Reset its position.", isTransient: false);
}
