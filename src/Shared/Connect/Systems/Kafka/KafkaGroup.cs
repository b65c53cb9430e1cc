using Confluent.Kafka;

namespace DataIngestion.Connect;

/// <summary>
/// Membership in a consumer group. Partitions that are taken away are given away only when what was read of them is landed and
/// committed: the rebalance waits for that inside librdkafka's callback.
/// </summary>
internal sealed class KafkaGroup(KafkaClient client, KafkaReadOptions options, Dictionary<int, KafkaMark> marks)
{
    readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly HashSet<int> _read = [];
    readonly HashSet<int> _owned = [];
    volatile bool _isAssigned;
    volatile bool _hasLost;

    /// <summary>Done when the group wants partitions back that were read from.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Whether partitions have been given away: the window is over.</summary>
    public bool HasHandedOver => _asked.Task.IsCompleted;

    /// <summary>Whether the group has given partitions to others without asking.</summary>
    public bool HasLost => _hasLost;

    /// <summary>Whether the group has given us partitions.</summary>
    public bool IsAssigned => _isAssigned;

    /// <summary>The partitions that are ours; for the thread that takes messages.</summary>
    public IReadOnlySet<int> Owned => _owned;

    /// <summary>What was read is landed and committed, or will never be.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Notes that a partition was read from.</summary>
    public void Note(int partition) => _read.Add(partition);

    /// <summary>Adds the handlers.</summary>
    public void Handle(ConsumerBuilder<byte[]?, byte[]?> builder) => builder
        .SetPartitionsAssignedHandler(Assigned)
        .SetPartitionsRevokedHandler((_, revoked) => Revoked(revoked))
        .SetPartitionsLostHandler((_, lost) => Lost(lost));

    // The group's offset may be behind ours, when a run died between landing and committing.
    IEnumerable<TopicPartitionOffset> Assigned(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return [];
        _isAssigned = true;
        _owned.UnionWith(partitions.Select(p => p.Partition.Value));
        var starts = new List<TopicPartitionOffset>();
        var behind = new List<TopicPartitionOffset>();
        foreach (var committed in consumer.Committed(partitions, client.Timeout))
        {
            var partition = committed.Partition.Value;
            if (marks.TryGetValue(partition, out var mark) && mark.Offset > committed.Offset.Value)
            {
                starts.Add(new(committed.TopicPartition, mark.Offset));
                behind.Add(starts[^1]);
            }
            else
            {
                var start = committed.Offset.Value >= 0 ? committed.Offset : FirstOf(consumer, committed.TopicPartition);
                marks[partition] = new(start.Value, null);
                starts.Add(new(committed.TopicPartition, start));
            }
        }

        if (behind.Count > 0)
            consumer.Commit(behind);
        return starts;
    }

    Offset FirstOf(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition)
    {
        if (options.StartAt is StreamStart.Timestamp
            && consumer.OffsetsForTimes([new(partition, new(StreamTime.Parse(options.StartTime)!.Value))], client.Timeout) is [{ Offset.Value: >= 0 } found])
        {
            return found.Offset;
        }

        var kept = consumer.QueryWatermarkOffsets(partition, client.Timeout);
        return options.StartAt is StreamStart.Earliest ? kept.Low : kept.High;
    }

    void Lost(List<TopicPartitionOffset> lost)
    {
        _owned.ExceptWith(lost.Select(p => p.Partition.Value));
        _hasLost |= !_released.Task.IsCompleted && lost.Exists(p => _read.Contains(p.Partition.Value));
    }

    void Revoked(List<TopicPartitionOffset> revoked)
    {
        _owned.ExceptWith(revoked.Select(p => p.Partition.Value));
        if (_released.Task.IsCompleted || !revoked.Exists(p => _read.Contains(p.Partition.Value)))
            return;
        _asked.TrySetResult();
        _released.Task.Wait();
    }
}
