using System.Net;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>One collection: page after page (or one window of a stream) into a landing folder.</summary>
internal sealed class Collection
{
    const int QuotedBytes = 512;

    readonly ISourceHttp _http;
    readonly LandingFolder _folder;
    readonly SourceDefinition _source;
    readonly SourceDatasetDefinition _dataset;
    readonly CollectPlan _plan;
    readonly LandingManifest? _previous;
    readonly RecordLedger _ledger;
    readonly TimeProvider _time;
    readonly IProgress<CollectProgress>? _progress;
    readonly ArtefactReader _reader;
    readonly List<LandedPage> _pages = [];
    long _bytes;
    int _requestsWithoutPage;
    int _retriesWithoutPage;

    public Collection(
        ISourceHttp http, LandingFolder folder, SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan,
        LandingManifest? previous, RecordLedger ledger, TimeProvider time, IProgress<CollectProgress>? progress)
    {
        (_http, _folder, _source, _dataset, _plan) = (http, folder, source, dataset, plan);
        (_previous, _ledger, _time, _progress) = (previous, ledger, time, progress);
        _reader = new(dataset, mustCount: dataset.Cursor is not null || dataset.Pagination is { Kind: not PaginationKind.Link });
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var turner = new PageTurner(_dataset.Pagination, new RequestTemplate(_dataset, _plan.From, _plan.To));
        var name = LandingFolder.NameFor(_dataset.Request!.Path, _dataset.Dataset, _dataset.Format.Format);
        await using var body = new TemporaryBody();
        for (var request = turner.First; request is not null;)
        {
            var path = _folder.PathOf(_pages.Count, name);
            var note = await _folder.TryTakeAsync(path, body, cancellationToken);
            if (note is null)
            {
                if (await FetchAsync(request, body, cancellationToken) is not { } fetched)
                    return; // nothing new since the previous run
                note = await _folder.PutAsync(path, body, fetched, cancellationToken);
            }

            var page = await AccountAsync(path, note, body, cancellationToken);
            _pages.Add(page);
            _bytes += page.Artefact.Length;
            _progress?.Report(new(_pages.Count, _bytes, _ledger.New + _ledger.Passed));
            request = turner.After(page);
        }
    }

    public LandingManifest Manifest(string run)
    {
        // A source without a cursor remembers the validator of its only answer, so that the next run finds this manifest.
        var next = _dataset.Cursor is not null ? _ledger.NextCursor : _plan.Window is null ? Validators.CursorOf(_dataset, _pages) : null;
        return new()
        {
            Run = run,
            Source = _source.Source,
            Dataset = _dataset.Dataset,
            Artefacts = [.. _pages.Where(p => p.HasNews).Select(p => p.Artefact)],
            Passed = [.. _pages.Where(p => !p.HasNews).Select(p => p.Artefact)],
            Requests = _pages.Sum(p => p.Note.Requests) + _requestsWithoutPage,
            Retries = _pages.Sum(p => p.Note.Retries) + _retriesWithoutPage,
            FromCursor = _plan.FromCursor,
            NextCursor = next,
            BoundaryHashes = _ledger.BoundaryHashes,
        };
    }

    async Task<PageNote?> FetchAsync(SourceRequest request, TemporaryBody body, CancellationToken cancellationToken)
    {
        if (_dataset.Pagination is null && _source.Kind is SourceKind.Api)
            request = Validators.AddTo(request, _previous);
        var answer = _source.Kind is SourceKind.Stream
            ? await FetchWindowAsync(request, body, cancellationToken)
            : await FetchPageAsync(request, body, cancellationToken);
        if (answer is null)
            return null;

        // Before it is landed for good: what is not data must not stand in the way of the next attempt.
        try
        {
            if (body.Length == 0 && answer.MustHaveBody && _dataset.Format.Format is "json" or "xml")
                throw new UnexpectedContentException("is empty");
            await _reader.ReadAsync(body.Rewind(), answer.Note.ContentType, NoSink.Instance, cancellationToken);
            return answer.Note;
        }
        catch (UnexpectedContentException fault)
        {
            throw new StepFailedException(
                new()
                {
                    Code = "unexpected-body",
                    Message = $"The answer of {answer.Endpoint} {fault.Message}. It begins: {await QuoteAsync(body, answer.Mask, cancellationToken)}",
                    IsTransient = true, // maintenance pages and "slow down" notes under a 200 go away by themselves
                },
                fault);
        }
    }

    async Task<Answer?> FetchPageAsync(SourceRequest request, TemporaryBody body, CancellationToken cancellationToken)
    {
        var exchange = _dataset.Request!.Download
            ? await DownloadAsync(request, body, cancellationToken)
            : await _http.SendAsync(
                _source,
                request,
                async (response, attempt) =>
                {
                    if (response.Status is HttpStatusCode.NotModified)
                        return null;
                    await body.FillAsync(response.Body, attempt);
                    return AnswerOf(request, response, response.ReceivedAt);
                },
                cancellationToken);
        if (exchange.Value is not { } answer)
        {
            (_requestsWithoutPage, _retriesWithoutPage) = (exchange.Requests, exchange.Retries);
            return null;
        }

        return answer with { Note = answer.Note with { Requests = exchange.Requests, Retries = exchange.Retries } };
    }

    async Task<SourceExchange<Answer?>> DownloadAsync(SourceRequest request, TemporaryBody body, CancellationToken cancellationToken)
    {
        body.Clear();
        var (response, requests, roundTrip) = await _http.DownloadAsync(_source, request, body.Writer(), cancellationToken);
        return new(response.Status is HttpStatusCode.NotModified ? null : AnswerOf(request, response, response.ReceivedAt), requests, roundTrip);
    }

    async Task<Answer?> FetchWindowAsync(SourceRequest request, TemporaryBody body, CancellationToken cancellationToken)
    {
        body.Clear();
        var exchange = await _http.OpenAsync(_source, request, cancellationToken);
        await using var response = exchange.Value;
        var definition = _dataset.Request!;
        var (records, broken) = await StreamWindow.TakeAsync(response.Body, body, definition.Window, definition.WindowRecords, _time, cancellationToken);
        if (records > 0)
        {
            // Known for certain only when the window closed.
            var answer = AnswerOf(request, response, _time.GetUtcNow());
            return answer with { Note = answer.Note with { Requests = exchange.Requests, Retries = exchange.Retries } };
        }

        if (broken is not null)
            throw broken;
        (_requestsWithoutPage, _retriesWithoutPage) = (exchange.Requests, exchange.Retries);
        return null;
    }

    Answer AnswerOf(SourceRequest request, SourceResponse response, DateTimeOffset knownAt)
    {
        var next = _dataset.Pagination is { Kind: PaginationKind.Link } ? LinkHeader.Find(response.RawLink, "next") : null;
        return new(
            new()
            {
                Name = request.Name,
                KnownAt = knownAt,
                ContentType = response.ContentType,
                Headers = response.Headers.Where(h => h.Key is not ("Link" or "Content-Type")).ToDictionary(h => h.Key, h => h.Value),
                Next = next is null ? null : response.ResolveLink(next),
            },
            response.Endpoint,
            response.Mask,
            response.Status is not HttpStatusCode.NoContent);
    }

    async Task<LandedPage> AccountAsync(LakePath path, PageNote note, TemporaryBody body, CancellationToken cancellationToken)
    {
        ArtefactContent? content;
        try
        {
            content = await _reader.ReadAsync(body.Rewind(), note.ContentType, _ledger, cancellationToken);
        }
        catch (UnexpectedContentException fault)
        {
            throw new StepFailedException(new() { Code = "unexpected-body", Message = $"'{path}' {fault.Message}: the configuration of this source has changed since it was landed." }, fault);
        }

        if (_dataset.Cursor is { } cursor && _plan.FromCursor is null && content?.Records > 0 && _ledger.WithCursor == 0)
        {
            throw new StepFailedException(new()
            {
                Code = "cursor-missing",
                Message = $"None of the {content.Records:N0} records of '{path}' has the cursor field '{cursor.Field}' with a value of type "
                    + $"{cursor.Type.ToString().ToLowerInvariant()}: check 'cursor' in the source's configuration.",
            });
        }

        return new(
            new()
            {
                Path = path,
                Name = note.Name,
                Length = body.Length,
                Sha256 = body.Sha256,
                KnownAt = note.KnownAt,
                ContentType = note.ContentType,
                Headers = note.Headers,
                Records = content?.Records,
                SkipRecords = _ledger.TakeSkipped(),
            },
            note,
            content?.Next);
    }

    static async Task<string> QuoteAsync(TemporaryBody body, Func<string, string> mask, CancellationToken cancellationToken)
    {
        var head = new byte[QuotedBytes];
        var length = await body.Rewind().ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return TextQuote.Of(head.AsSpan(0, length), mask);
    }

    /// <summary>An answer whose body has been read.</summary>
    sealed record Answer(PageNote Note, string Endpoint, Func<string, string> Mask, bool MustHaveBody);
}
