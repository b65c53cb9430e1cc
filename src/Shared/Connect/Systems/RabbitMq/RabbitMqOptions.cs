using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>Options of a connection to RabbitMQ.</summary>
internal sealed record RabbitMqConnectionOptions
{
    /// <summary>Further nodes of the cluster, tried when the first does not answer; all on the port of the base address.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Silence after which a connection counts as broken is twice this; 1 s to 10 min, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest message that is accepted, in bytes; default 64 MiB.</summary>
    [Range(1024, 512 << 20)]
    public int MaxMessageBytes { get; init; } = 64 << 20;
}

/// <summary>What is read of RabbitMQ.</summary>
internal enum RabbitMqMode
{
    /// <summary>A classic or quorum queue: messages are taken out.</summary>
    Queue,

    /// <summary>A stream (<c>x-queue-type: stream</c>): messages stay, and are read by offset.</summary>
    Stream,
}

/// <summary>Where a stream is read from when there is no position yet.</summary>
internal enum RabbitMqStart
{
    /// <summary>The oldest message that is kept.</summary>
    First,

    /// <summary>What is published from now on.</summary>
    Next,
}

/// <summary>Options of reading RabbitMQ.</summary>
internal sealed record RabbitMqReadOptions : IValidatableObject
{
    /// <summary>What is read; default <see cref="RabbitMqMode.Queue"/>.</summary>
    public RabbitMqMode Mode { get; init; } = RabbitMqMode.Queue;

    /// <summary>Messages that the broker may send before any is acknowledged: bounds a window and what is held in memory. 1 to 65,535, default 10,000.</summary>
    [Range(1, 65_535)]
    public int Prefetch { get; init; } = 10_000;

    /// <summary>Whether nobody else may consume the queue while we do; then its order is ours alone. Default false.</summary>
    public bool Exclusive { get; init; }

    /// <summary>Priority among the consumers of the queue.</summary>
    public int? Priority { get; init; }

    /// <summary>Where a stream is read from first; default <see cref="RabbitMqStart.First"/>.</summary>
    public RabbitMqStart From { get; init; } = RabbitMqStart.First;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mode == RabbitMqMode.Stream && (Exclusive || Priority is not null))
            yield return new("a stream has no exclusive consumers and no priorities among them.", [nameof(Mode)]);
    }
}
