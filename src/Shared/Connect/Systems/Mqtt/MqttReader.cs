using System.Buffers;
using System.Text.Json;
using DataIngestion.Contracts;
using MQTTnet;
using MQTTnet.Protocol;

namespace DataIngestion.Connect;

/// <summary>
/// Reads a session. Messages of QoS 1 and 2 are acknowledged when their window is durable. What the broker sends again after a crash
/// (DUP) and a part of this run knows by its digest, which is the position, is acknowledged and not landed; ADR 0029 says why.
/// </summary>
internal sealed class MqttReader : ISourceReader
{
    readonly MqttConnection _connection;
    readonly MqttSession _session;
    readonly SourceRead _read;
    readonly MqttReadOptions _options;
    readonly bool _hadSession;
    readonly List<MqttApplicationMessageReceivedEventArgs> _unacknowledged = [];
    SourcePart? _part;

    MqttReader(MqttConnection connection, MqttSession session, SourceRead read, MqttReadOptions options, bool hadSession) =>
        (_connection, _session, _read, _options, _hadSession) = (connection, session, read, options, hadSession);

    TimeProvider Time => _connection.Site.Time;

    public static async Task<ISourceReader> OpenAsync(MqttConnection connection, SourceRead read, MqttReadOptions options, CancellationToken cancellationToken)
    {
        var session = new MqttSession(connection.Site, options.ClientId ?? $"ingest-{connection.Site.Source.Source}-{read.Dataset.Dataset}");
        try
        {
            var had = await session.ConnectAsync(options.SessionExpiry, options.ReceiveMaximum, cancellationToken);
            if (!had || session.IsV5) // MQTT 3.1.1 would send what is retained with every subscription
                await session.SubscribeAsync([read.Read.Object!, .. options.Topics], options.Qos, options.Retained, cancellationToken);
            return new MqttReader(connection, session, read, options, had);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var (lines, knownAt, began, identities) = (new MessageLines(destination), Time.GetUtcNow(), Time.GetTimestamp(), new List<byte[]>());
        while (lines.Records < _read.Read.WindowRecords && _unacknowledged.Count < _options.ReceiveMaximum && lines.Bytes < _read.Read.ArtefactBytes)
        {
            if (await _session.NextAsync(_read.Read.Window - Time.GetElapsedTime(began), cancellationToken) is not { } message)
                break;
            if (message.ApplicationMessage.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce)
            {
                identities.Add(IdentityOf(message));
                _unacknowledged.Add(message);
            }

            if (message.ApplicationMessage.Retain && !_options.Retained)
                continue;
            lines.Add(message.ApplicationMessage, WriteMetadata, message.ApplicationMessage.Payload.ToArray());
            if (lines.IsFull)
                await lines.FlushAsync(cancellationToken);
        }

        await lines.FlushAsync(cancellationToken);
        return _part = lines.Records == 0 ? null : new()
        {
            Name = $"{_read.Dataset.Dataset}.ndjson",
            Position = WindowDigest.ToText(identities),
            KnownAt = knownAt,
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
            Headers = _read.Position is not null && !_hadSession
                ? new Dictionary<string, string> { ["gap"] = "the broker had no session of ours any more: what was published since the last run is missing" }
                : new Dictionary<string, string>(),
        };
    }

    public async Task LandedAsync(SourcePart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (!ReferenceEquals(part, _part))
            await TakeAgainAsync(part, cancellationToken);
        foreach (var message in _unacknowledged)
            await _session.AcknowledgeAsync(message, cancellationToken);
        _unacknowledged.Clear();
        await _session.PingAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    /// <summary>Takes what is sent again of a part of an earlier attempt; the rest stays in the session.</summary>
    async Task TakeAgainAsync(SourcePart part, CancellationToken cancellationToken)
    {
        if (!_hadSession || WindowDigest.Parse(part.Position) is not { } digest)
            return;
        var filter = new RedeliveryFilter<MqttApplicationMessageReceivedEventArgs>(digest);
        for (var idle = 0; idle < 2 && !filter.IsComplete;)
        {
            if (await _session.NextAsync(MqttSession.Pause, cancellationToken) is { } message)
            {
                idle = 0;
                if (!message.ApplicationMessage.Dup)
                    break; // what is sent again comes before what is new
                filter.Add(message, IdentityOf(message), redelivered: true);
            }
            else
            {
                await _session.PingAsync(cancellationToken);
                idle++;
            }
        }

        filter.Flush();
        while (filter.TryTake(out var message, out _, out var landed))
        {
            if (landed)
                _unacknowledged.Add(message);
        }
    }

    // The packet identifier stays while a message is not acknowledged, and no other has it meanwhile.
    static byte[] IdentityOf(MqttApplicationMessageReceivedEventArgs message) =>
        WindowDigest.IdentityOf(message.ApplicationMessage.Payload.ToArray(), $"{message.PacketIdentifier}", message.ApplicationMessage.Topic);

    static void WriteMetadata(Utf8JsonWriter json, MqttApplicationMessage message)
    {
        json.WriteString("_topic", message.Topic);
        json.WriteNumber("_qos", (int)message.QualityOfServiceLevel);
        json.WriteBoolean("_retain", message.Retain);
        if (message.ContentType is { Length: > 0 } type)
            json.WriteString("_content_type", type);
        if (message.ResponseTopic is { Length: > 0 } response)
            json.WriteString("_response_topic", response);
        if (message.CorrelationData is { Length: > 0 } correlation)
            json.WriteBase64String("_correlation_data", correlation);
        if (message.UserProperties is not { Count: > 0 } properties)
            return;
        json.WriteStartArray("_properties"); // names may repeat
        foreach (var property in properties)
        {
            json.WriteStartObject();
            json.WriteString("name", property.Name);
            json.WriteString("value", property.ValueBuffer.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
