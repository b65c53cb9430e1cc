using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>The dialogue that a definition describes: its request, page after page.</summary>
internal sealed class DefinedDialogue : IDialogue
{
    readonly SourceDatasetDefinition _dataset;
    readonly Slice _slice;
    readonly ArtefactReader _reader;
    readonly PageTurner _turner;

    public DefinedDialogue(SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan, Slice slice)
    {
        (_dataset, _slice) = (dataset, slice);
        _reader = new(dataset, mustCount: dataset.Cursor is not null || ArtefactReader.MustCountFor(dataset.Pagination));
        _turner = new(dataset.Pagination, new RequestTemplate(dataset, slice.From, plan.To, slice.Asked));
        var first = _turner.First;
        if (dataset.Pagination is null && source.Kind is SourceKind.Api)
            first = Validators.AddTo(first, slice.Answers);
        First = AskFor(first, source.Kind is SourceKind.Stream);
    }

    public Ask? First { get; }

    public bool WritesRecords => false;

    public IReadOnlyList<string> Notes => _turner.TotalMismatch is { } mismatch ? [mismatch] : [];

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
            return new(0, null);
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

        return new(content?.Records, _turner.After(note, content, digest?.Value) is { } next ? AskFor(next, isWindow: false) : null);
    }

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
