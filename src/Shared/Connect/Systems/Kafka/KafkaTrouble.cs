using Confluent.Kafka;

namespace DataIngestion.Connect;

/// <summary>What librdkafka reports besides answers. Most of it mends itself; the rest ends the attempt.</summary>
internal sealed class KafkaTrouble
{
    readonly TaskCompletionSource<Error> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile Error? _last;

    /// <summary>Codes that are no trouble here.</summary>
    public IReadOnlyCollection<ErrorCode> Ignored { get; init; } = [];

    /// <summary>Done with the first error that waiting does not mend.</summary>
    public Task<Error> Fatal => _fatal.Task;

    /// <summary>Takes a report.</summary>
    public void Note(Error error)
    {
        if (Ignored.Contains(error.Code))
            return;
        if (!KafkaFailures.Mends(error))
            _fatal.TrySetResult(Explain(error));
        if (_last is not { } cause || Tells(error) >= Tells(cause))
            _last = error;
    }

    /// <summary>"All brokers are down" and "timed out" say less than what was reported before them.</summary>
    public Error Explain(Error error) => _last is { } cause && Tells(error) < 2 && Tells(cause) > 0 ? cause : error;

    // How much an error says of what is wrong: that nobody is there, that a connection broke, or why.
    static int Tells(Error error) => error.Code switch
    {
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut => 0,
        ErrorCode.Local_Transport => 1,
        _ => 2,
    };
}
