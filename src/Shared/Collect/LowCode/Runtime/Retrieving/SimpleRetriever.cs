namespace DataIngestion.Collect;

/// <summary>Gets records page after page (<c>SimpleRetriever</c>).</summary>
internal sealed class SimpleRetriever : Retriever
{
    readonly HeaderNames _headers = new();
    readonly Requester _requester;
    readonly Paginator _paginator;
    readonly Decoder _decoder;
    readonly bool _onlyFirstHasSlice;

    public SimpleRetriever(Part part, LowCodeRun run, RecordWork work)
        : base(part, run, work)
    {
        _requester = new(part.Needed("requester"), run, _headers);
        _paginator = new(part.Child("paginator"), run, _headers);
        _decoder = Decoder.Of(part.Child("decoder") ?? part.Child("record_selector")?.Child("extractor")?.Child("decoder"));
        _onlyFirstHasSlice = part.Flag("ignore_stream_slicer_parameters_on_paginated_requests");
        if (part.Has("pagination_reset"))
            throw part.Fault("'pagination_reset' cannot be run: expected windows ('step') that are small enough for the source.");
    }

    public override IEnumerable<Step> ReadSlice(StreamSlice slice, Action<LowCodeMap> found, CursorTrack? track, bool isData)
    {
        var pages = new Pages(_requester, _paginator, _decoder, Selector, _headers, Run, Stream)
        {
            Put = (options, asked, token, context) =>
            {
                if (token is null || !_onlyFirstHasSlice)
                    Put(options, asked, context);
            },
            EndsBehind = last => EndsBehind(last, track),
        };
        return pages.Read(slice, found, track, isData);
    }
}
