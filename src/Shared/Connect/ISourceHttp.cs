using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// HTTP to sources, within each source's limits: total timeout, concurrency, rate, retries that honour <c>Retry-After</c>,
/// circuit breaker, attempt timeout. Success is a 2xx or a 304, unless <see cref="SourceRequest.Judge"/> says otherwise; everything else ends in a <see cref="StepFailedException"/>.
/// </summary>
public interface ISourceHttp
{
    /// <summary>Sends a request and reads its answer. Headers and body belong to one attempt: an answer that breaks off is asked for again.</summary>
    /// <param name="source">The source, with its connection.</param>
    /// <param name="request">What to ask.</param>
    /// <param name="read">Reads the answer; may be called again when an attempt fails, and then must begin anew.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">No attempt succeeded; <see cref="Failure.IsTransient"/> and <see cref="Failure.RetryNotBefore"/> say what to do.</exception>
    Task<SourceExchange<T>> SendAsync<T>(
        SourceDefinition source, SourceRequest request, Func<SourceResponse, CancellationToken, Task<T>> read, CancellationToken cancellationToken = default);

    /// <summary>Opens an answer that never ends. The limits hold until the headers are there; its body has no time limit and no size limit, and breaks with a <see cref="StepFailedException"/>.</summary>
    /// <param name="source">The source, with its connection.</param>
    /// <param name="request">What to ask.</param>
    /// <param name="cancellationToken">Stops the opening; reading the body has its own.</param>
    /// <returns>The answer, to be disposed by the caller.</returns>
    Task<SourceExchange<SourceResponse>> OpenAsync(SourceDefinition source, SourceRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Fetches a large answer. It may take as long as bytes come (a pause is at most the attempt's timeout); where it breaks off it is
    /// continued with a range request if the source has a validator for it, else begun anew; at its end length and checksums are
    /// checked. The limit of its size holds.
    /// </summary>
    /// <param name="source">The source, with its connection.</param>
    /// <param name="request">What to ask, by GET.</param>
    /// <param name="destination">Empty; it is appended to, and emptied by <c>SetLength(0)</c> where the answer begins anew.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer, its body read.</returns>
    /// <exception cref="StepFailedException">It could not be fetched; or it is not what its checksum says (<c>checksum-mismatch</c>).</exception>
    Task<SourceExchange<SourceResponse>> DownloadAsync(SourceDefinition source, SourceRequest request, Stream destination, CancellationToken cancellationToken = default);
}

/// <summary>What came of a request.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Requests">Attempts made, 1 or more.</param>
/// <param name="RoundTrip">Time of the last attempt.</param>
public sealed record SourceExchange<T>(T Value, int Requests, TimeSpan RoundTrip)
{
    /// <summary>Attempts that were repeated.</summary>
    public int Retries => Requests - 1;
}
