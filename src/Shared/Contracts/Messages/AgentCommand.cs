using System.Text.Json;

namespace DataIngestion.Contracts;

/// <summary>
/// What a manager puts on an agent's queue. The id is <c>{run}/{step}/{attempt}</c>: a command sent again keeps its id, and an
/// agent that has finished that id answers from its stored result.
/// </summary>
public sealed record AgentCommand
{
    /// <summary>The version this code writes and the only one it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of this message's shape.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary><c>{run}/{step}/{attempt}</c>; also the name of the external event that carries the reply.</summary>
    public required string Id { get; init; }

    /// <summary>The run it belongs to.</summary>
    public required string Run { get; init; }

    /// <summary>The dataset that it is about; null in commands of versions that did not say.</summary>
    public string? Dataset { get; init; }

    /// <summary>What to do, see <see cref="CommandKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Orchestration instance that waits for the reply.</summary>
    public required string ReplyTo { get; init; }

    /// <summary>After this moment nobody waits any more.</summary>
    public DateTimeOffset Deadline { get; init; }

    /// <summary>The arguments, of the type that belongs to <see cref="Kind"/>; null when they are in <see cref="ArgumentsAt"/>.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>Where the arguments lie when they are too large for a message.</summary>
    public LakePath? ArgumentsAt { get; init; }

    /// <summary>W3C <c>traceparent</c> of the manager, so that a trace crosses the queue.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whom what it takes is used for: the step is the id's, without the dataset in front of it.</summary>
    public UsageSubject UsageSubject()
    {
        var step = Id.Split('/') is [_, var middle, _] ? middle : Kind;
        return Contracts.UsageSubject.Of(Run, Dataset, Dataset is not null && step.StartsWith(Dataset + "-", StringComparison.Ordinal) ? step[(Dataset.Length + 1)..] : step);
    }

    /// <summary>Builds a command id.</summary>
    public static string IdOf(string run, string step, int attempt) => $"{run}/{step}/{attempt}";
}

/// <summary>The values of <see cref="AgentCommand.Kind"/>.</summary>
public static class CommandKinds
{
    /// <summary>Connector: is the source there, and do we have access? <see cref="ConnectArguments"/> → <see cref="ConnectResult"/>.</summary>
    public const string Connect = "connect";

    /// <summary>Collector: fetch what is new into landing. <see cref="CollectArguments"/> → <see cref="CollectResult"/>.</summary>
    public const string Collect = "collect";

    /// <summary>Collector: copy a dropped file into landing. <see cref="LandFileArguments"/> → <see cref="CollectResult"/>.</summary>
    public const string LandFile = "land-file";

    /// <summary>Collector: land again what an earlier run landed, without asking the source. <see cref="ReplayArguments"/> → <see cref="CollectResult"/>.</summary>
    public const string Replay = "replay";

    /// <summary>Converter: raw artefacts to typed Parquet. <see cref="ConvertArguments"/> → <see cref="ConvertResult"/>.</summary>
    public const string Convert = "convert";

    /// <summary>Converter: is what was converted good enough to publish? <see cref="QualityArguments"/> → <see cref="QualityResult"/>.</summary>
    public const string CheckQuality = "check-quality";

    /// <summary>Merger: publish a new snapshot. <see cref="MergeArguments"/> → <see cref="MergeResult"/>.</summary>
    public const string Merge = "merge";

    /// <summary>Merger: undo a merge. <see cref="WithdrawArguments"/> → <see cref="WithdrawResult"/>.</summary>
    public const string Withdraw = "withdraw";

    /// <summary>Fetch-retry: what to do about a failed step. <see cref="RetryArguments"/> → <see cref="RetryDecision"/>.</summary>
    public const string DecideRetry = "decide-retry";
}
