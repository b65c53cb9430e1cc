using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>system: mqtt</c>: topics of an MQTT broker, through a session that it keeps.</summary>
internal sealed class MqttSystem : ISourceSystem
{
    public string Name => "mqtt";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Stream];

    public IReadOnlyList<string> Schemes => ["mqtt", "mqtts"];

    public IReadOnlyList<string> Authentication => ["basic"];

    public Type ConnectionOptions => typeof(MqttConnectionOptions);

    public Type ReadOptions => typeof(MqttReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Read is { } read && string.IsNullOrEmpty(read.Object))
            yield return new(read, nameof(ReadDefinition.Object), "MQTT needs 'object', a topic filter such as ticks/#.");
    }

    // A session belongs to a dataset: it is opened with its reader.
    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) => Task.FromResult<ISourceConnection>(new MqttConnection(site));
}
