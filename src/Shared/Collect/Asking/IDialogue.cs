namespace DataIngestion.Collect;

/// <summary>
/// The talk with a source about one slice: request after request, each following from the answers before. A dialogue depends on nothing
/// else, so that a repeated collection, which is given the landed answers, asks the same.
/// </summary>
internal interface IDialogue
{
    /// <summary>The first request; null when there is nothing to ask.</summary>
    Ask? First { get; }

    /// <summary>
    /// Whether the records have to be written down, because what arrived is not yet what is to be converted. They are landed beside the
    /// answer, as NDJSON.
    /// </summary>
    bool WritesRecords { get; }

    /// <summary>What people should know of it, although it did not fail. Asked for at the end.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>Looks at an answer before it is landed for good: what is not data must not stand in the way of the next attempt.</summary>
    /// <param name="ask">What was asked.</param>
    /// <param name="note">What is known of the answer.</param>
    /// <param name="body">Its bytes, seekable, at their start.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null to land it; a time after which the same is asked again, where it is not there yet.</returns>
    /// <exception cref="UnexpectedContentException">The bytes are not what was expected.</exception>
    /// <exception cref="Contracts.StepFailedException">The answer says that it failed.</exception>
    ValueTask<TimeSpan?> CheckAsync(Ask ask, PageNote note, Stream body, CancellationToken cancellationToken);

    /// <summary>Reads a landed answer. Answers are given in order, each once.</summary>
    /// <param name="ask">What was asked.</param>
    /// <param name="note">What was remembered of the answer.</param>
    /// <param name="body">Its bytes, seekable, at their start.</param>
    /// <param name="sink">Told about each record.</param>
    /// <param name="records">Where the records go; null unless <see cref="WritesRecords"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UnexpectedContentException">The bytes are not what was expected: the configuration has changed since they were landed.</exception>
    /// <exception cref="Contracts.StepFailedException">What follows would never end, or cannot be asked.</exception>
    ValueTask<PageReading> ReadAsync(Ask ask, PageNote note, Stream body, IRecordSink sink, Stream? records, CancellationToken cancellationToken);
}
