namespace DataIngestion.Contracts;

/// <summary>Why a step did not succeed, in words and in the terms that a retry decision needs. Never holds a secret.</summary>
public sealed record Failure
{
    /// <summary>A stable word for the kind of failure, e.g. <c>rate-limited</c>, <c>source-unavailable</c>, <c>unreadable</c>, <c>deadline</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence: what, where, what was expected, what to do.</summary>
    public required string Message { get; init; }

    /// <summary>Whether the same step may succeed later without anybody changing anything.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Earliest moment to try again that the source itself asked for (HTTP <c>Retry-After</c>).</summary>
    public DateTimeOffset? RetryNotBefore { get; init; }

    /// <summary>Whether nothing failed: the source is at work on what was asked, and the step goes on at <see cref="RetryNotBefore"/>. That uses up no attempt.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>HTTP status, where there was one.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Type of the exception behind it, for people.</summary>
    public string? ErrorType { get; init; }
}

/// <summary>A capability could not do what a command asks. Agents turn it into a failed reply.</summary>
public sealed class StepFailedException : Exception
{
    /// <summary>A failure with the exception behind it.</summary>
    public StepFailedException(Failure failure, Exception? inner = null)
        : base(failure?.Message, inner) => Failure = failure ?? throw new ArgumentNullException(nameof(failure));

    /// <summary>What the reply will say.</summary>
    public Failure Failure { get; }
}
