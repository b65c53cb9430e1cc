using System.Net;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Gets answers from the source itself.</summary>
internal sealed class HttpFetcher(ISourceHttp http, SourceDefinition source, SourceDatasetDefinition dataset, TimeProvider time) : IAnswerFetcher
{
    public async Task<FetchedAnswer> FetchAsync(Ask ask, TemporaryBody body, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(ask, body, cancellationToken);
        }
        catch (StepFailedException refused) when (refused.Failure.HttpStatus is { } status && ask.Accepts.Contains(status))
        {
            body.Clear();
            var note = new PageNote { Name = ask.Called, Method = ask.Request.Method, RequestHeaders = ask.Request.Headers, RequestBody = ask.Request.Body, IsData = false, KnownAt = time.GetUtcNow(), Status = status, Requests = 1 };
            return new(note, ask.Called, text => text);
        }
    }

    Task<FetchedAnswer> AskAsync(Ask ask, TemporaryBody body, CancellationToken cancellationToken) =>
        ask.IsWindow ? FetchWindowAsync(ask, body, cancellationToken)
        : ask.IsDownload ? DownloadAsync(ask, body, cancellationToken)
        : FetchPageAsync(ask, body, cancellationToken);

    async Task<FetchedAnswer> FetchPageAsync(Ask ask, TemporaryBody body, CancellationToken cancellationToken)
    {
        var exchange = await http.SendAsync(
            source,
            ask.Request,
            async (response, attempt) =>
            {
                var isNothing = response.Status is HttpStatusCode.NotModified;
                if (!isNothing)
                    await body.FillAsync(response.Body, attempt);
                var answer = Answer(ask, response, response.ReceivedAt, isNothing);
                return !isNothing && !response.IsEmpty && ask.FindAddress is { } find && await find(answer.Note, body.Rewind(), attempt) is { } next
                    ? answer with { Note = answer.Note with { Next = response.ResolveLink(next) } }
                    : answer;
            },
            cancellationToken);
        return Counted(exchange.Value, exchange.Requests, exchange.RoundTrip);
    }

    async Task<FetchedAnswer> DownloadAsync(Ask ask, TemporaryBody body, CancellationToken cancellationToken)
    {
        body.Clear();
        var (response, requests, roundTrip) = await http.DownloadAsync(source, ask.Request, body.Writer(), cancellationToken);
        if (ask.MustBeChecked && !response.CanBeChecked)
        {
            throw new StepFailedException(new()
            {
                Code = "download-unchecked",
                Message = $"{response.Endpoint} has neither a length nor a checksum, so that nobody knows whether all of it came: expected one, or 'allowUnchecked: true'.",
            });
        }

        return Counted(Answer(ask, response, response.ReceivedAt, response.Status is HttpStatusCode.NotModified), requests, roundTrip);
    }

    async Task<FetchedAnswer> FetchWindowAsync(Ask ask, TemporaryBody body, CancellationToken cancellationToken)
    {
        body.Clear();
        var exchange = await http.OpenAsync(source, ask.Request, cancellationToken);
        await using var response = exchange.Value;
        var definition = dataset.Request!;
        var (records, broken) = await StreamWindow.TakeAsync(response.Body, body, definition.Window, definition.WindowRecords, time, cancellationToken);
        if (records == 0 && broken is not null)
            throw broken;

        // What a window holds is known for certain only when it has closed.
        return Counted(Answer(ask, response, time.GetUtcNow(), isNothing: records == 0), exchange.Requests, exchange.RoundTrip);
    }

    FetchedAnswer Answer(Ask ask, SourceResponse response, DateTimeOffset knownAt, bool isNothing)
    {
        var next = dataset.Pagination is { Kind: PaginationKind.Link } || ask.Headers.Contains("Link", StringComparer.OrdinalIgnoreCase) ? LinkHeader.Find(response.RawLink, "next") : null;
        var note = new PageNote
        {
            Name = ask.Called,
            Method = ask.Request.Method,
            RequestHeaders = ask.Request.Headers,
            RequestBody = ask.Request.Body,
            IsData = ask.IsData,
            IsEmpty = response.IsEmpty,
            IsNothing = isNothing,
            KnownAt = knownAt,
            Status = (int)response.Status,
            ContentType = response.ContentType,
            Headers = HeadersOf(ask, response),
            Next = next is null ? null : response.ResolveLink(next),
        };
        return new(note, response.Endpoint, response.Mask);
    }

    static Dictionary<string, string> HeadersOf(Ask ask, SourceResponse response)
    {
        var headers = response.Headers.Where(h => h.Key is not ("Link" or "Content-Type")).ToDictionary(h => h.Key, h => h.Value);
        foreach (var name in ask.Headers)
        {
            if (response.Header(name) is { } value)
                headers[name] = value;
        }

        return headers;
    }

    static FetchedAnswer Counted(FetchedAnswer answer, int requests, TimeSpan elapsed) =>
        answer with { Note = answer.Note with { Requests = requests, Retries = requests - 1, Elapsed = elapsed } };
}
