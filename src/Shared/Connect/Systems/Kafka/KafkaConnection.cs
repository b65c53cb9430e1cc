using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A connection to a cluster.</summary>
internal sealed class KafkaConnection(KafkaClient client) : ISourceConnection
{
    const int TopicsAtOnce = 200;

    public bool CanBeReused => !client.IsBroken;

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        var cluster = await client.DescribeAsync(cancellationToken);
        return $"Kafka cluster {cluster.ClusterId}, brokers: {cluster.Nodes.Count}";
    }

    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var metadata = await client.TopicsAsync(cancellationToken);
        var topics = metadata.Topics
            .Where(t => !t.Error.IsError && (pattern is null ? !t.Topic.StartsWith("__", StringComparison.Ordinal) : FileNamePattern.IsMatch(pattern, t.Topic)))
            .OrderBy(t => t.Topic, StringComparer.Ordinal);
        foreach (var some in topics.Chunk(TopicsAtOnce))
        {
            var partitions = some.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p.PartitionId))).ToList();
            var first = await client.OffsetsAsync(partitions, OffsetSpec.Earliest(), cancellationToken);
            var next = await client.OffsetsAsync(partitions, OffsetSpec.Latest(), cancellationToken);
            foreach (var topic in some)
                yield return new(topic.Topic, $"topic, partitions: {topic.Partitions.Count}", []) { Size = next.Where(o => o.Key.Topic == topic.Topic).Sum(o => o.Value - first[o.Key]) };
        }
    }

    public async Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var reader = new KafkaReader(client, read);
        try
        {
            await reader.StartAsync(cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
