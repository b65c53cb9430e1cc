using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>How a user name and password are proven to a Kafka broker.</summary>
internal enum KafkaSasl
{
    /// <summary>The password itself; only over TLS.</summary>
    Plain,

    /// <summary>SCRAM with SHA-256.</summary>
    ScramSha256,

    /// <summary>SCRAM with SHA-512.</summary>
    ScramSha512,
}

/// <summary>Options of a connection to Kafka.</summary>
internal sealed record KafkaConnectionOptions : IValidatableObject
{
    /// <summary>Further brokers to begin with, as <c>host</c> or <c>host:port</c>, beside the one in the base address.</summary>
    public IReadOnlyList<string> Brokers { get; init; } = [];

    /// <summary>How <c>auth: {kind: basic}</c> is proven; default <see cref="KafkaSasl.ScramSha512"/>.</summary>
    public KafkaSasl Sasl { get; init; } = KafkaSasl.ScramSha512;

    /// <summary>Allows <see cref="KafkaSasl.Plain"/> and bearer tokens without TLS, where anyone on the way can read them; default false.</summary>
    public bool AllowPlaintextCredentials { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var broker in Brokers.Where(b => !Uri.TryCreate($"kafka://{b}", UriKind.Absolute, out var uri) || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0))
            yield return new($"'{broker}' is not a broker: expected host or host:port.", [nameof(Brokers)]);
    }
}

/// <summary>Who says which partitions are read.</summary>
internal enum KafkaMembership
{
    /// <summary>We read all partitions from our own positions.</summary>
    Assign,

    /// <summary>The consumer group shares them out among its members, and keeps the positions too.</summary>
    Subscribe,
}

/// <summary>Options of reading a topic.</summary>
internal sealed record KafkaReadOptions : IValidatableObject
{
    /// <summary>Where the first run begins; default <see cref="StreamStart.Earliest"/>.</summary>
    public StreamStart StartAt { get; init; }

    /// <summary>The time that <see cref="StreamStart.Timestamp"/> begins at.</summary>
    public string? StartTime { get; init; }

    /// <summary>Whether a window closes as soon as every partition is read to its end, rather than waiting for more; default false.</summary>
    public bool StopAtEnd { get; init; }

    /// <summary>When the messages to be read next are gone (retention, a topic made anew); default <see cref="StreamLoss.Fail"/>.</summary>
    public StreamLoss OnLoss { get; init; }

    /// <summary>Whether messages of open and aborted transactions are read too; default false.</summary>
    public bool ReadUncommitted { get; init; }

    /// <summary>Consumer group: with <see cref="KafkaMembership.Assign"/>, offsets are committed to it after landing, for those who watch lag; default none.</summary>
    public string? Group { get; init; }

    /// <summary>Who says which partitions are read; default <see cref="KafkaMembership.Assign"/>.</summary>
    public KafkaMembership Membership { get; init; }

    /// <summary>Static member of the group: a window that follows soon finds its partitions without a rebalance.</summary>
    public string? Member { get; init; }

    /// <summary>Silence after which the group gives a member's partitions to others; default 45 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:30:00")]
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Only these partitions, such as <c>0-49</c>; default all.</summary>
    public string? Partitions { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StreamTime.FaultOf(StartAt, StartTime) is { } fault)
            yield return new(fault, [nameof(StartTime)]);
        if (Membership is KafkaMembership.Subscribe && Group is null)
            yield return new("'membership: subscribe' needs the 'group' to subscribe with.", [nameof(Group)]);
        if (Membership is KafkaMembership.Subscribe && Partitions is not null)
            yield return new("with 'membership: subscribe' the group shares the partitions out: leave 'partitions' out.", [nameof(Partitions)]);
        if (Member is not null && Membership is not KafkaMembership.Subscribe)
            yield return new("a 'member' is one of a group: expected 'membership: subscribe'.", [nameof(Member)]);
        if (Partitions is not null && PartitionRange.Parse(Partitions) is null)
            yield return new($"'{Partitions}' are no partitions: expected numbers and ranges, such as 0-49 or 1,3,5-7.", [nameof(Partitions)]);
    }
}

/// <summary>Partitions by number, such as <c>1,3,5-7</c>.</summary>
internal static class PartitionRange
{
    /// <summary>What tells whether a partition belongs to them; null when the text is none, or no ranges.</summary>
    public static Func<int, bool>? Parse(string? text)
    {
        var ranges = new List<(int From, int To)>();
        foreach (var part in text?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], out var from) || !int.TryParse(ends[^1], out var to) || from < 0 || to < from)
                return null;
            ranges.Add((from, to));
        }

        return ranges.Count > 0 ? partition => ranges.Exists(r => partition >= r.From && partition <= r.To) : null;
    }
}
