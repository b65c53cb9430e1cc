using Confluent.Kafka;
using Confluent.Kafka.Admin;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Where reading begins, and where it ends if it does.</summary>
/// <param name="Marks">Next offset by partition.</param>
/// <param name="Ends">Offset by partition that is not read any more; empty when reading does not end.</param>
/// <param name="Lost">What can't be read any more, for people; empty when nothing is lost.</param>
internal sealed record KafkaStart(Dictionary<int, KafkaMark> Marks, Dictionary<int, long> Ends, IReadOnlyList<string> Lost)
{
    /// <summary>Finds out, for reading all partitions from our own position.</summary>
    /// <exception cref="StepFailedException">The position is none (<c>cursor-invalid</c>), or messages behind it are gone (<c>source-changed</c>).</exception>
    public static async Task<KafkaStart> FindAsync(KafkaClient client, SourceRead read, KafkaReadOptions options, CancellationToken cancellationToken)
    {
        var topic = read.Read.Object!;
        var wanted = PartitionRange.Parse(options.Partitions);
        var partitions = (await client.PartitionsAsync(topic, cancellationToken)).Where(p => wanted?.Invoke(p) ?? true).Select(p => new TopicPartition(topic, p)).ToList();
        var first = await client.OffsetsAsync(partitions, OffsetSpec.Earliest(), cancellationToken);
        var behind = await client.OffsetsAsync(partitions, OffsetSpec.Latest(), cancellationToken);
        if (read.Window is { } window)
        {
            var from = await AtAsync(window.From);
            var to = await AtAsync(window.To);
            return new(partitions.ToDictionary(p => p.Partition.Value, p => new KafkaMark(from[p], null)), partitions.ToDictionary(p => p.Partition.Value, p => to[p]), []);
        }

        var position = PositionOf(client.Site, read);
        var begin = position is not null || options.StartAt is StreamStart.Earliest ? first // a partition that is new is new from its beginning
            : options.StartAt is StreamStart.Latest ? behind
            : await AtAsync(StreamTime.Parse(options.StartTime)!.Value);
        var marks = position ?? [];
        var lost = new List<string>();
        foreach (var partition in partitions)
        {
            var number = partition.Partition.Value;
            if (!marks.TryGetValue(number, out var mark))
            {
                marks[number] = new(begin[partition], null);
            }
            else if (mark.Offset < first[partition] || mark.Offset > behind[partition])
            {
                lost.Add(mark.Offset < first[partition]
                    ? $"partition {number}: offsets {mark.Offset} to {first[partition] - 1}"
                    : $"partition {number}: everything between offset {mark.Offset} and a log that was made anew and ends before {behind[partition]}");
                marks[number] = new(first[partition], null);
            }
        }

        if (lost.Count > 0 && options.OnLoss is StreamLoss.Fail)
        {
            throw client.Site.Fail(
                "source-changed",
                $"The topic '{topic}' no longer has what was to be read next: {string.Join("; ", lost)}. Its retention has passed, or it was made anew. "
                + "Set 'onLoss: continue' to go on with the oldest message that is kept.",
                isTransient: false);
        }

        return new(marks, [], lost);

        async Task<Dictionary<TopicPartition, long>> AtAsync(DateTimeOffset time)
        {
            var found = await client.OffsetsAsync(partitions, OffsetSpec.ForTimestamp(time.ToUnixTimeMilliseconds()), cancellationToken);
            return found.ToDictionary(f => f.Key, f => f.Value >= 0 ? f.Value : behind[f.Key]);
        }
    }

    /// <summary>The position as it was landed.</summary>
    /// <exception cref="StepFailedException">It is none of ours (<c>cursor-invalid</c>).</exception>
    public static Dictionary<int, KafkaMark>? PositionOf(SourceSite site, SourceRead read) =>
        read.Position is not { } text ? null : KafkaPosition.Read(text) ?? throw site.Fail(
            "cursor-invalid", $"'{text}' is no position in a topic: expected partitions with offsets, such as 0:1500,1:1622.", isTransient: false);
}
