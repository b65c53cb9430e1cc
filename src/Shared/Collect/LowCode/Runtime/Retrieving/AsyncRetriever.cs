using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// Gets records from a job at the source (<c>AsyncRetriever</c>): it is created, asked after until it is done, and its files are fetched. A job that fails is
/// created again, twice.
/// </summary>
internal sealed class AsyncRetriever : Retriever
{
    const int MaxJobs = 3;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    readonly Part _part;
    readonly HeaderNames _headers = new();
    readonly Requester _create;
    readonly Requester _poll;
    readonly Requester? _targets;
    readonly Requester _download;
    readonly Requester? _delete;
    readonly Extractor _status;
    readonly Extractor? _target;
    readonly Paginator _paginator;
    readonly Decoder _decoder;
    readonly Decoder _downloadDecoder;
    readonly RecordSelector _downloaded;
    readonly Dictionary<string, string> _meanings = new(StringComparer.Ordinal);
    readonly TimeSpan _patience;

    public AsyncRetriever(Part part, LowCodeRun run, RecordWork work)
        : base(part, run, work)
    {
        _part = part;
        _create = new(part.Needed("creation_requester"), run, _headers);
        _poll = new(part.Needed("polling_requester"), run, _headers);
        _targets = part.Child("download_target_requester") is { } targets ? new(targets, run, _headers) : null;
        _download = new(part.Needed("download_requester"), run, _headers);
        _delete = part.Child("delete_requester") is { } delete ? new(delete, run, _headers) : null;
        _status = new(part.Needed("status_extractor"));
        _target = (part.Child("download_target_extractor") ?? part.Child("urls_extractor")) is { } target ? new(target) : null;
        if (_targets is not null && _target is null)
            throw part.Fault("'download_target_extractor' is missing, which 'download_target_requester' needs.");
        _paginator = new(part.Child("download_paginator"), run, _headers);
        _decoder = Decoder.Of(part.Child("decoder"));
        var extractor = part.Child("download_extractor");
        _downloadDecoder = part.Child("download_decoder") is { } decoder ? Decoder.Of(decoder)
            : extractor is null or { Type: "ResponseToFileExtractor" } ? new GzipDecoder(new CsvDecoder(null))
            : new GzipDecoder(Decoder.Of(null));
        _downloaded = Selector.With(extractor is null ? null : new Extractor(extractor));
        foreach (var meaning in new[] { "running", "completed", "failed", "timeout", "skipped" })
        {
            foreach (var status in part.Needed("status_mapping").Expressions(meaning))
                _meanings[status.Source] = meaning;
        }

        _patience = TimeSpan.FromMinutes(part.Expression("polling_job_timeout")?.Real(run.Context) ?? 60);
    }

    public override IEnumerable<Step> ReadSlice(StreamSlice slice, Action<LowCodeMap> found, CursorTrack? track, bool isData)
    {
        for (var job = 1; ; job++)
        {
            var create = new Step(_create.Make(slice, putMore: (options, context) => Put(options, slice, context)) with { IsData = false }) { Check = Checked };
            yield return create;
            var created = slice with { Extra = new LowCodeMap(slice.Extra) { ["creation_response"] = Known(create.Answer) } };

            var polls = 0;
            var poll = new Step(_poll.Make(created) with { IsData = false }) { Check = answer => WaitAfter(answer, ref polls) };
            yield return poll;
            switch (StatusOf(poll.Answer, out var status))
            {
                case "completed":
                    foreach (var step in Files(created, poll.Answer, found, track, isData))
                        yield return step;
                    yield break;
                case "skipped":
                    yield break;
                default:
                    if (job == MaxJobs)
                        throw new StepFailedException(new() { Code = "export-failed", Message = $"The source's job for the stream '{Stream}' ended as '{status}' {MaxJobs} times." });
                    break;
            }
        }
    }

    IEnumerable<Step> Files(StreamSlice created, Answer polled, Action<LowCodeMap> found, CursorTrack? track, bool isData)
    {
        var done = created with { Extra = new LowCodeMap(created.Extra) { ["polling_response"] = Known(polled) } };
        var named = polled;
        if (_targets is not null)
        {
            var step = new Step(_targets.Make(done) with { IsData = false }) { Check = Checked };
            yield return step;
            named = step.Answer;
        }

        List<object?> targets = _target is null ? [""] : [.. _decoder.Read(named.Body()).SelectMany(value => _target.Extract(value, Run.For(done)))];
        foreach (var target in targets)
        {
            var pages = new Pages(_download, _paginator, _downloadDecoder, _downloaded, _headers, Run, Stream) { AreDownloads = true };
            foreach (var step in pages.Read(done with { Extra = new LowCodeMap(done.Extra) { ["download_target"] = target } }, found, track, isData))
                yield return step;
        }

        if (_delete is not null)
            yield return new(_delete.Make(done) with { IsData = false });
    }

    TimeSpan? Checked(Answer answer)
    {
        if (!answer.IsPassedOver)
            _decoder.Check(answer.Body());
        return null;
    }

    TimeSpan? WaitAfter(Answer answer, ref int polls)
    {
        if (StatusOf(answer, out var status) != "running")
            return null;
        return ++polls * Pause <= _patience
            ? Pause
            : throw new StepFailedException(new() { Code = "export-unfinished", Message = $"The source's job for the stream '{Stream}' is still '{status}' after {_patience.TotalMinutes:0} minutes: raise 'polling_job_timeout', or ask for less.", IsTransient = true });
    }

    string StatusOf(Answer answer, out string status)
    {
        status = PythonText.Str(_decoder.Read(answer.Body()).SelectMany(value => _status.Extract(value, Run.Context)).FirstOrDefault());
        return _meanings.GetValueOrDefault(status) ?? throw _part.Fault($"the job's status '{status}' is not in 'status_mapping': {Suggestion.Phrase(status, _meanings.Keys)}");
    }

    LowCodeMap Known(Answer answer)
    {
        var known = _decoder.Read(answer.Body()).FirstOrDefault() as LowCodeMap is { } map ? new LowCodeMap(map) : [];
        if (!known.ContainsKey("headers"))
            known["headers"] = answer.Headers(_headers.All);
        return known;
    }
}
