using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Options of a WebSocket connection.</summary>
internal sealed record WebSocketConnectionOptions : IValidatableObject
{
    /// <summary>Subprotocols that are offered, in order.</summary>
    public IReadOnlyList<string> Subprotocols { get; init; } = [];

    /// <summary>Whether permessage-deflate is offered; default true. What we send is never compressed: it may hold secrets.</summary>
    public bool Compression { get; init; } = true;

    /// <summary>Time between two pings of the protocol, whose answers show that the other side is alive; default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PingEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A message that is sent as ping besides, where the vendor expects one of its own.</summary>
    public string? PingMessage { get; init; }

    /// <summary>How long an answer to a ping may take, and <see cref="LoginAccepted"/>; default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long no message may come before the connection counts as dead, for vendors that send heartbeats; null for any time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan? SilentFor { get; init; }

    /// <summary>Largest message in bytes, decompressed; 1 KiB to 256 MiB, default 16 MiB.</summary>
    [Range(1 << 10, 256 << 20)]
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>Message that logs in, sent first; its secrets are references.</summary>
    public string? LoginMessage { get; init; }

    /// <summary>Condition that the answer to <see cref="LoginMessage"/> fulfils, such as <c>event=authenticated</c>; null waits for none.</summary>
    public string? LoginAccepted { get; init; }

    /// <summary>Condition that an answer fulfils which refuses the log-in, such as <c>event=error</c>.</summary>
    public string? LoginRefused { get; init; }

    /// <summary>What the vendor's own close codes mean: <c>unauthorized</c>, <c>forbidden</c>, <c>not-found</c>, <c>request-refused</c>, <c>rate-limited</c> or <c>source-unavailable</c>.</summary>
    public IReadOnlyDictionary<string, string> CloseCodes { get; init; } = new Dictionary<string, string>();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, condition) in new (string, string?)[] { (nameof(LoginAccepted), LoginAccepted), (nameof(LoginRefused), LoginRefused) })
        {
            if (condition is not null && LoginMessage is null)
                yield return new("there is no 'loginMessage' to be answered.", [name]);
            if (condition is not null && !MessageCondition.IsOne(condition))
                yield return new(MessageCondition.Rule(condition), [name]);
        }

        foreach (var (code, meaning) in CloseCodes)
        {
            if (!int.TryParse(code, out var number) || number is < 1000 or > 4999)
                yield return new($"'{code}' is no close code: expected 1000 to 4999.", [nameof(CloseCodes)]);
            if (!WebSocketFailures.IsMeaning(meaning))
                yield return new($"'{meaning}' is no meaning: {Suggestion.Phrase(meaning, WebSocketFailures.Meanings)}", [nameof(CloseCodes)]);
        }
    }
}

/// <summary>What happens when sequence numbers are missing.</summary>
internal enum WebSocketGap
{
    /// <summary>The message after the gap, the part and the log say so.</summary>
    Report,

    /// <summary>The run fails.</summary>
    Fail,
}

/// <summary>How long sequence numbers count on.</summary>
internal enum SequenceScope
{
    /// <summary>Over all connections.</summary>
    Stream,

    /// <summary>They begin anew with each connection.</summary>
    Connection,
}

/// <summary>Options of reading a WebSocket.</summary>
internal sealed record WebSocketReadOptions : IValidatableObject
{
    /// <summary>Messages sent after each connection is open, which ask for the data. Those with secrets are the connection's <c>loginMessage</c>.</summary>
    public IReadOnlyList<string> Subscribe { get; init; } = [];

    /// <summary>Message sent instead where a position is known, with <c>{position}</c>: the vendor sends again what came behind it.</summary>
    public string? ResumeMessage { get; init; }

    /// <summary>Where a message has its sequence number, as names separated by dots.</summary>
    public string? Sequence { get; init; }

    /// <summary>How long sequence numbers count on; default <see cref="SequenceScope.Stream"/>.</summary>
    public SequenceScope SequenceScope { get; init; } = SequenceScope.Stream;

    /// <summary>What happens when sequence numbers are missing; default <see cref="WebSocketGap.Report"/>.</summary>
    public WebSocketGap OnGap { get; init; } = WebSocketGap.Report;

    /// <summary>Conditions of messages that are no data, such as <c>type=heartbeat</c>. They are not landed.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Conditions of messages that say that the vendor refuses what was asked, such as <c>type=error</c>.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>How often a connection that breaks within a window is opened again; 0 to 1,000, default 10.</summary>
    [Range(0, 1_000)]
    public int Reconnects { get; init; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, condition) in Ignore.Select(c => (nameof(Ignore), c)).Concat(Errors.Select(c => (nameof(Errors), c))))
        {
            if (!MessageCondition.IsOne(condition))
                yield return new(MessageCondition.Rule(condition), [name]);
        }

        if (Subscribe.Append(ResumeMessage ?? "").Any(m => SecretReference.NamesIn(m).Any()))
            yield return new("a message with references to secrets is the connection's 'loginMessage'.", [nameof(Subscribe)]);
        if (ResumeMessage is not null && !ResumeMessage.Contains("{position}", StringComparison.Ordinal))
            yield return new("it does not say from where on: expected {position} in it.", [nameof(ResumeMessage)]);
        if (ResumeMessage is not null && (Sequence is null || SequenceScope is SequenceScope.Connection))
            yield return new("what is resumed needs a 'sequence' that counts on over connections.", [nameof(ResumeMessage)]);
        if (Sequence is null && OnGap is WebSocketGap.Fail)
            yield return new("gaps are found by a 'sequence'.", [nameof(OnGap)]);
    }
}
