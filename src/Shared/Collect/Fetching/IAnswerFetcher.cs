namespace DataIngestion.Collect;

/// <summary>Gets the answers of a source.</summary>
internal interface IAnswerFetcher
{
    /// <summary>Asks.</summary>
    /// <param name="ask">What to ask.</param>
    /// <param name="body">Where the answer's bytes go, in place of what was there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Contracts.StepFailedException">There was no answer.</exception>
    Task<FetchedAnswer> FetchAsync(Ask ask, TemporaryBody body, CancellationToken cancellationToken);
}

/// <summary>What came of a request.</summary>
/// <param name="Note">What is known of the answer.</param>
/// <param name="Endpoint">What was asked, for messages.</param>
/// <param name="Mask">Replaces secrets in a text.</param>
internal sealed record FetchedAnswer(PageNote Note, string Endpoint, Func<string, string> Mask);
