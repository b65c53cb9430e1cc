using System.Text.Json;

namespace DataIngestion.Contracts;

/// <summary>What an agent answers; raised as an external event named by the command's id. Exactly one of result and failure is there.</summary>
public sealed record AgentReply
{
    /// <summary>The command this answers.</summary>
    public required string CommandId { get; init; }

    /// <summary>The result, of the type that belongs to the command's kind; null when it failed.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it failed; null when it succeeded.</summary>
    public Failure? Failure { get; init; }

    /// <summary>When the agent began this attempt.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>Reads the result.</summary>
    /// <exception cref="InvalidOperationException">The reply is a failure.</exception>
    public T ResultAs<T>() =>
        Result is { } result
            ? result.Deserialize<T>(ContractJson.Options)!
            : throw new InvalidOperationException($"{CommandId} failed and has no result: {Failure?.Message}");
}
