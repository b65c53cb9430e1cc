using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>The dialogue that a definition describes: its request, page after page.</summary>
internal sealed class DefinedDialogue : IDialogue
{
    const int MaxNotes = 10;

    readonly SourceDatasetDefinition _dataset;
    readonly Slice _slice;
    readonly ArtefactReader _reader;
    readonly IEnumerator<AskedWindow> _windows;
    readonly List<string> _notes = [];
    PageTurner? _turner;

    public DefinedDialogue(SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan, Slice slice)
    {
        (_dataset, _slice) = (dataset, slice);
        _reader = new(dataset, mustCount: dataset.Cursor is not null || ArtefactReader.MustCountFor(dataset.Pagination));
        _windows = AskedWindow.Of(dataset.Cursor, dataset.Cursor is { } cursor ? new(cursor) : null, slice.From, plan).GetEnumerator();
        if (dataset.Pagination is not null || dataset.Cursor?.Step is not null)
            slice.Ledger.TakeOnceAcrossPages();
        if (plan.Window is null)
            slice.Ledger.NeverPass(plan.To);
        if (dataset.Cursor?.Delay is not null && plan.Window is null)
            slice.Ledger.LeaveBehind(plan.To);

        if (NextWindow() is not { } first)
            return;
        if (dataset.Pagination is null && dataset.Cursor?.Step is null && source.Kind is SourceKind.Api)
            first = Validators.AddTo(first, slice.Answers);
        First = AskFor(first, source.Kind is SourceKind.Stream);
    }

    public Ask? First { get; }

    public bool WritesRecords => false;

    public IReadOnlyList<string> Notes =>
    [
        .. _notes, .. MovedNote() is { } moved ? [moved] : Array.Empty<string>(),
        .. _slice.Ledger.Notes.Select(note => _slice.Key.Length == 0 ? note : $"{_slice.Key}: {note}"),
    ];

    public async ValueTask<TimeSpan?> CheckAsync(Ask ask, PageNote note, Stream body, CancellationToken cancellationToken)
    {
        if (note.IsEmpty)
            return null;
        if (body.Length == 0 && note.MustHaveBody && _dataset.Format.Format is "json" or "xml")
            throw new UnexpectedContentException("is empty");
        await _reader.ReadAsync(body, note.ContentType, NoSink.Instance, cancellationToken);
        return null;
    }

    public async ValueTask<PageReading> ReadAsync(Ask ask, PageNote note, Stream body, IRecordSink sink, Stream? records, CancellationToken cancellationToken)
    {
        if (note.IsEmpty)
            return new(0, NextAsk());
        using var digest = _dataset.Pagination is null ? null : new PageDigest(sink);
        var content = await _reader.ReadAsync(body, note.ContentType, digest ?? sink, cancellationToken);
        if (_dataset.Cursor is { } cursor && _slice.FromCursor is null && content?.Records > 0 && _slice.Ledger.WithCursor == 0)
        {
            throw new StepFailedException(new()
            {
                Code = "cursor-missing",
                Message = $"None of the {content.Records:N0} records of '{note.Path}' has the cursor field '{cursor.Field}' with a value of type "
                    + $"{cursor.Type.ToString().ToLowerInvariant()}: check 'cursor' in the source's configuration.",
            });
        }

        return new(content?.Records, _turner!.After(note, content, digest?.Value) is { } next ? AskFor(next, isWindow: false) : NextAsk());
    }

    Ask? NextAsk() => NextWindow() is { } next ? AskFor(next, isWindow: false) : null;

    // The first request of the next window, each of which has pages of its own.
    Connect.SourceRequest? NextWindow()
    {
        if (_turner?.TotalMismatch is { } mismatch && _notes.Count < MaxNotes)
            _notes.Add(mismatch);
        if (!_windows.MoveNext())
            return null;
        var (from, to) = _windows.Current;
        _turner = new(_dataset.Pagination, new RequestTemplate(_dataset, from, to, _slice.Asked));
        return _turner.First;
    }

    // Pages by key and windows meet in their ends, which says nothing.
    string? MovedNote() => _slice.Ledger.Repeated is > 0 and var repeated && _dataset.Pagination is { Kind: not PaginationKind.Seek } && _dataset.Cursor?.Step is null
        ? $"{repeated:N0} record{(repeated == 1 ? "" : "s")} came on more than one page and {(repeated == 1 ? "was" : "were")} taken once: rows moved while pages were turned, so that others may have been missed. The next run finds what lies within 'overlap'."
        : null;

    Ask AskFor(Connect.SourceRequest request, bool isWindow) => new(request)
    {
        IsDownload = _dataset.Request!.Download,
        IsWindow = isWindow,
        Headers = _dataset.Pagination is { Kind: PaginationKind.Header, Header: { } header } ? [header] : [],
        FindAddress = _dataset.Pagination is { Kind: PaginationKind.Url } ? FindAddressAsync : null,
    };

    async ValueTask<string?> FindAddressAsync(PageNote note, Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return (await _reader.ReadAsync(body, note.ContentType, NoSink.Instance, cancellationToken))?.Next;
        }
        catch (UnexpectedContentException)
        {
            return null; // whoever checks the answer says what is wrong with it
        }
    }
}
