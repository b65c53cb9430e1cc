using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// The talk about an export: submit a job, ask after it until it is done, list its parts, download them one by one. The submission is
/// landed like any answer, so that an attempt that comes after it asks after the same job rather than submitting another. A job that the
/// source does not know any more is submitted anew once; addresses of parts that have run out are asked for anew. Where the cursor goes in
/// steps, each window is an export of its own.
/// </summary>
internal sealed class ExportDialogue : IDialogue
{
    const int MostParts = 100_000;

    readonly SourceDatasetDefinition _dataset;
    readonly ExportDefinition _export;
    readonly IEnumerator<AskedWindow> _windows;
    readonly ExportWait _wait;
    readonly ArtefactReader _reader;
    readonly Slice _slice;
    ExportRequests _requests = null!; // of the window under way
    Stage _stage;
    DateTimeOffset _submittedAt;
    string? _job;
    string? _jobAddress;
    IReadOnlyList<string> _parts = [];
    int _part;
    int _refused = -1;
    bool _isSubmittedAnew;

    public ExportDialogue(SourceDatasetDefinition dataset, CollectPlan plan, Slice slice)
    {
        (_dataset, _export, _slice) = (dataset, dataset.Export!, slice);
        _wait = new(_export);
        _windows = AskedWindow.Of(dataset.Cursor, dataset.Cursor is { } cursor ? new(cursor) : null, slice.From, plan).GetEnumerator();
        if (dataset.Cursor?.Step is not null)
            slice.Ledger.TakeOnceAcrossPages();
        if (dataset.Cursor?.Delay is not null && plan.Window is null)
            slice.Ledger.LeaveBehind(plan.To);
        _reader = new(dataset, mustCount: dataset.Cursor is not null);
        _submittedAt = plan.StartedAt;
        First = NextWindow();
    }

    enum Stage
    {
        Submission,
        Poll,
        List,
        Part,
    }

    public Ask? First { get; }

    public bool WritesRecords => false;

    bool HasJob => _export.JobPath is not null || _export.JobHeader is not null;

    bool AnswerIsData => _export is { PartsPath: null, Download: null };

    bool IsPartAnAddress => _export.Download is null;

    public async ValueTask<TimeSpan?> CheckAsync(Ask ask, PageNote note, Stream body, CancellationToken cancellationToken)
    {
        if (note.Status == 404 && _stage is Stage.Poll)
            return note.KnownAt - _submittedAt < ExportWait.Settling ? _wait.Next(_submittedAt, note) : null;
        if (note.Status >= 400 || note.IsEmpty)
            return null;
        if (_stage is Stage.Part)
        {
            await _reader.ReadAsync(body, note.ContentType, NoSink.Instance, cancellationToken);
            return null;
        }

        using var answer = await JsonAnswer.ReadAsync(body, cancellationToken);
        if (_stage is Stage.Submission)
        {
            if (JobOf(note, answer) is null && !IsDoneAtOnce(note, answer))
                throw new UnexpectedContentException($"has no job at '{_export.JobPath ?? _export.JobHeader}'");
            return null;
        }

        if (_stage is Stage.Poll && StateOf(note, answer) is var (state, of) && state is not JobState.Done)
        {
            return state is JobState.NotYet
                ? _wait.Next(_submittedAt, note)
                : throw new StepFailedException(new()
                {
                    Code = "export-failed",
                    Message = $"{note.Name}: the source could not do the job ({of?.Find(_export.StatusPath)}){(of?.Find(_export.MessagePath) is { } why ? $": {TextQuote.Of(System.Text.Encoding.UTF8.GetBytes(why), text => text)}" : "")}. Another run submits it anew.",
                });
        }

        if (_stage is Stage.Poll && AnswerIsData)
            await _reader.ReadAsync(Rewind(body), note.ContentType, NoSink.Instance, cancellationToken);
        return null;
    }

    public async ValueTask<PageReading> ReadAsync(Ask ask, PageNote note, Stream body, IRecordSink sink, Stream? records, CancellationToken cancellationToken)
    {
        if (_stage is Stage.Part && (note.Status < 400 || note.IsEmpty))
        {
            _part++;
            return new(note.IsEmpty ? 0 : await CountAsync(note, body, sink, cancellationToken), NextPart(note));
        }

        if (note.IsEmpty)
            return new(0, NextWindow(note)); // the definition says that there is nothing to be had
        if (note.Status >= 400)
            return new(null, AfterRefusal(note));

        using var answer = await JsonAnswer.ReadAsync(body, cancellationToken);
        switch (_stage)
        {
            case Stage.Submission:
                _submittedAt = note.KnownAt;
                _job = JobOf(note, answer);
                _jobAddress = note.Next ?? _job;
                return new(null, _job is null ? AfterDone(note, answer) : Poll());

            case Stage.Poll when AnswerIsData:
                return new(await CountAsync(note, Rewind(body), sink, cancellationToken), NextWindow(note));

            case Stage.Poll when _export.List is { } list:
                _stage = Stage.List;
                return new(null, new(_requests.Of(list, "", _job)) { IsData = false });

            default:
                return new(null, AfterDone(note, _stage is Stage.Poll ? StateOf(note, answer).Of! : answer));
        }
    }

    // Begins the next export; after the last answer of the one before.
    Ask? NextWindow(PageNote? last = null)
    {
        if (!_windows.MoveNext())
            return null;
        _requests = new(_dataset, _windows.Current, _slice);
        _submittedAt = last?.KnownAt ?? _submittedAt;
        (_job, _jobAddress, _parts, _part, _refused, _isSubmittedAnew) = (null, null, [], 0, -1, false);
        return HasJob ? Submission() : Poll();
    }

    Ask Submission()
    {
        _stage = Stage.Submission;
        return new(_requests.Submit()) { IsData = false, Headers = _export.JobHeader is { } header ? [header] : [], FindAddress = _export.Poll is null ? FindJobAsync : null };
    }

    Ask Poll()
    {
        _stage = Stage.Poll;
        var request = HasJob ? _requests.Of(_export.Poll, _jobAddress!, _job) : _export.Poll is { } poll ? _requests.Of(poll, "") : _requests.Submit();
        return new(request) { IsData = AnswerIsData, Accepts = HasJob ? [404, 410] : [] };
    }

    async ValueTask<string?> FindJobAsync(PageNote note, Stream body, CancellationToken cancellationToken)
    {
        using var answer = await JsonAnswer.ReadAsync(body, cancellationToken);
        return JobOf(note, answer);
    }

    // Where requests have a place for the job's id, an address (Location) counts by its last part.
    string? JobOf(PageNote note, JsonAnswer answer)
    {
        var job = _export.JobHeader is { } header ? note.Headers.FirstOrDefault(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Value : answer.Find(_export.JobPath);
        if (string.IsNullOrWhiteSpace(job))
            return null;
        return _export.Poll is null || !job.Contains('/', StringComparison.Ordinal) ? job : job.Split('?')[0].TrimEnd('/').Split('/')[^1];
    }

    // Some sources answer a small export at once, without a job.
    bool IsDoneAtOnce(PageNote note, JsonAnswer answer) => note.Status == 200 && !AnswerIsData && _export.List is null && StateOf(note, answer).State is JobState.Done;

    (JobState State, JsonAnswer? Of) StateOf(PageNote note, JsonAnswer answer)
    {
        if (note.Status == 202)
            return (JobState.NotYet, answer);
        var job = _export.JobsPath is { } jobs ? answer.Select(jobs, _export.JobsId!, _job!) : answer;
        if (_export.StatusPath is not { } path)
            return (_export.PartsPath is { } parts && _export.List is null && !answer.All(parts).Any() ? JobState.NotYet : JobState.Done, answer);
        var status = job?.Find(path);
        return (_export.Done.Contains(status, StringComparer.OrdinalIgnoreCase) ? JobState.Done : _export.Failed.Contains(status, StringComparer.OrdinalIgnoreCase) ? JobState.Failed : JobState.NotYet, job);
    }

    Ask? AfterDone(PageNote note, JsonAnswer answer)
    {
        _parts = _export.PartsPath is { } path ? [.. answer.All(path).Distinct(StringComparer.Ordinal).Take(MostParts + 1)] : [_job ?? ""];
        if (_parts.Count > MostParts)
            throw Fail("export-too-large", $"The export has more than {MostParts:N0} parts: ask for less.");
        return NextPart(note);
    }

    Ask? NextPart(PageNote note)
    {
        if (_part >= _parts.Count)
            return NextWindow(note);
        _stage = Stage.Part;
        var part = _parts[_part];
        var request = _requests.Of(_export.Download, part, _job, part);
        return new(request)
        {
            IsDownload = request.Method == "GET",
            MustBeChecked = !_export.AllowUnchecked,
            Accepts = IsPartAnAddress ? [401, 403, 404, 410] : [],
            Name = IsPartAnAddress ? request.Name.Split('?')[0] : null, // behind it are signatures
        };
    }

    Ask AfterRefusal(PageNote note)
    {
        if (_stage is Stage.Part)
        {
            if (_refused == _part)
                throw Fail("export-part-refused", $"{note.Name} answered {note.Status}, also at the address that the source gave for it just before: check what the credentials may download.");
            _refused = _part;
            return Poll();
        }

        if (_isSubmittedAnew || _part > 0)
            throw Fail("export-lost", $"{note.Name} answered {note.Status}: the source has lost the job{(_part > 0 ? " while its parts were downloaded" : " twice")}. Another run submits it anew.");
        _isSubmittedAnew = true;
        return Submission();
    }

    async Task<long?> CountAsync(PageNote note, Stream body, IRecordSink sink, CancellationToken cancellationToken)
    {
        var content = await _reader.ReadAsync(body, note.ContentType, sink, cancellationToken);
        if (_dataset.Cursor is { } cursor && _slice.FromCursor is null && content?.Records > 0 && _slice.Ledger.WithCursor == 0)
            throw Fail("cursor-missing", $"None of the {content.Records:N0} records of '{note.Path}' has the cursor field '{cursor.Field}': check 'cursor' in the source's configuration.");
        return content?.Records;
    }

    static Stream Rewind(Stream body)
    {
        body.Position = 0;
        return body;
    }

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message });

    enum JobState
    {
        NotYet,
        Done,
        Failed,
    }
}
