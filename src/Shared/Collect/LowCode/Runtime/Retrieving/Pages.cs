namespace DataIngestion.Collect;

/// <summary>Asks for the pages of one slice and reads their records.</summary>
internal sealed class Pages(Requester requester, Paginator paginator, Decoder decoder, RecordSelector selector, HeaderNames headers, LowCodeRun run, string stream)
{
    /// <summary>Puts what belongs to the slice into a request: options, slice, the page's token, context.</summary>
    public Action<RequestOptions, StreamSlice, object?, TemplateContext>? Put { get; init; }

    /// <summary>Whether pages end behind a record.</summary>
    public Func<LowCodeMap?, bool>? EndsBehind { get; init; }

    /// <summary>Whether the pages are large files.</summary>
    public bool AreDownloads { get; init; }

    /// <summary>Reads them.</summary>
    public IEnumerable<Step> Read(StreamSlice slice, Action<LowCodeMap> found, CursorTrack? track, bool isData)
    {
        List<List<object?>> chunks = [];
        if (requester.Properties is { } properties)
        {
            foreach (var step in properties.Load(slice, chunks))
                yield return step;
        }

        var guard = new PageGuard(stream);
        for (var token = paginator.First; ;)
        {
            var page = new PageWork(selector, track, found, requester.Properties?.MergeKey);
            Answer answer;
            if (chunks.Count == 0)
            {
                var step = StepFor(slice, token, isData);
                yield return step;
                answer = step.Answer;
                Read(page, answer, slice, token);
            }
            else
            {
                answer = null!;
                foreach (var chunk in chunks)
                {
                    var part = slice with { Extra = new LowCodeMap(slice.Extra) { ["query_properties"] = chunk } };
                    var step = StepFor(part, token, isData);
                    yield return step;
                    answer = step.Answer;
                    Read(page, answer, part, token);
                }

                page.Merge();
            }

            if (answer.IsPassedOver || EndsBehind?.Invoke(page.Last) is true)
                yield break;
            var context = run.For(slice, token).With(
                ("response", page.Response), ("headers", answer.Headers(headers.All)), ("last_record", page.Last), ("last_page_size", page.Records));
            if (paginator.Next(new(context, page.Records), token) is not { } next)
                yield break;
            guard.Check(answer, page.Records, next);
            token = next;
        }
    }

    Step StepFor(StreamSlice slice, object? token, bool isData)
    {
        var ask = requester.Make(slice, token, paginator.PathOf(token), (options, context) =>
        {
            Put?.Invoke(options, slice, token, context);
            paginator.Put(options, token, context);
        });
        return new(ask with { IsData = isData, IsDownload = AreDownloads && ask.Request is { Method: "GET" } })
        {
            Check = answer =>
            {
                if (!answer.IsPassedOver)
                    decoder.Check(answer.Body());
                return null;
            },
        };
    }

    void Read(PageWork page, Answer answer, StreamSlice slice, object? token)
    {
        if (!answer.IsPassedOver)
            page.Read(decoder.Read(answer.Body()), run.For(slice, token));
    }
}
