using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using DataIngestion.Contracts;
using MQTTnet;

namespace DataIngestion.Connect;

/// <summary>A broker. Every reader has a session, and so a connection, of its own.</summary>
internal sealed class MqttConnection(SourceSite site) : ISourceConnection
{
    public SourceSite Site => site;

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        await using var session = new MqttSession(site, ProbeId);
        await session.ConnectAsync(sessionExpiry: null, receiveMaximum: 100, cancellationToken);
        await session.PingAsync(cancellationToken);
        return $"MQTT broker at {site.Address.Host}, version {site.Options<MqttConnectionOptions>().Version}";
    }

    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A broker lists nothing. What shows itself at once are the topics that hold a retained message.
        await using var session = new MqttSession(site, ProbeId);
        await session.ConnectAsync(sessionExpiry: null, receiveMaximum: 100, cancellationToken);
        await session.SubscribeAsync(["#"], 0, retained: true, cancellationToken);
        var topics = new SortedSet<string>(StringComparer.Ordinal);
        for (var idle = 0; idle < 2;)
        {
            if (await session.NextAsync(MqttSession.Pause, cancellationToken) is { } message)
            {
                idle = 0;
                if (message.ApplicationMessage.Retain)
                    topics.Add(message.ApplicationMessage.Topic);
            }
            else
            {
                await session.PingAsync(cancellationToken);
                idle++;
            }
        }

        foreach (var topic in topics.Where(t => pattern is null || FileSystemName.MatchesSimpleExpression(pattern, t, ignoreCase: false)))
            yield return new(topic, "topic", []);
    }

    public async Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        return await MqttReader.OpenAsync(this, read, OptionsBinder.Bind<MqttReadOptions>(read.Read.Options), cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    string ProbeId => $"ingest-{site.Source.Source}-probe";
}
