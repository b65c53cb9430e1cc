namespace DataIngestion.Contracts;

/// <summary>What <c>GET /api/stamp</c> answers.</summary>
public sealed record StampState
{
    /// <summary>The stamp's name.</summary>
    public required string Stamp { get; init; }

    /// <summary>The version of its code.</summary>
    public required string Version { get; init; }

    /// <summary>Its share of the schedules, <c>from-to</c> in percent; null where the app that answers is not told.</summary>
    public string? Share { get; init; }

    /// <summary>Orchestrations that have not ended; a run has two or more.</summary>
    public required int Running { get; init; }

    /// <summary>Messages in its queues, those being handled included; empty queues are left out.</summary>
    public required IReadOnlyDictionary<string, int> Waiting { get; init; }

    /// <summary>Whether it has no work left. It may get new work as long as it has a share or takes calls and files.</summary>
    public required bool Drained { get; init; }
}
