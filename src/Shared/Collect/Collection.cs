using System.Collections.Concurrent;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>One collection over HTTP: slice beside slice, in each answer after answer, into a landing folder.</summary>
internal sealed class Collection(
    IAnswerFetcher fetcher, IInquiry inquiry, LandingFolder folder, SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan,
    TimeProvider time, IProgress<CollectProgress>? progress)
{
    const int QuotedBytes = 512;
    const int MaxNotes = 20;

    readonly ConcurrentDictionary<int, (LandedArtefact[] New, LandedArtefact[] Passed)> _landed = [];
    readonly ConcurrentDictionary<int, IReadOnlyList<string>> _notes = [];
    int _requests;
    int _retries;
    int _pages;
    long _bytes;
    long _records;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var number = 0;
        var failures = new SliceFailures(source.Connection!.Limits.MaxConcurrent);
        var options = new ParallelOptions { MaxDegreeOfParallelism = source.Connection!.Limits.MaxConcurrent, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            inquiry.SlicesAsync(cancellationToken).TakeWhile(_ => failures.MayGoOn).Select(slice => (Number: number++, Slice: slice)),
            options,
            async (item, stop) =>
            {
                try
                {
                    Settle(item.Number, await RunAsync(item.Number, item.Slice, stop));
                }
                catch (StepFailedException failed) when (inquiry.IsSliced)
                {
                    failures.Add(item.Slice, failed);
                }
            });
        failures.ThrowIfAny();
    }

    /// <summary>What was landed. Where the slices stand is written beside it.</summary>
    public async Task<LandingManifest> ManifestAsync(string run, CancellationToken cancellationToken)
    {
        var landed = _landed.OrderBy(l => l.Key).Select(l => l.Value).ToList();
        var move = inquiry.Conclude();
        var (slices, cursor) = move.Slices is { } states ? await SliceStates.PutAsync(folder, run, states, cancellationToken) : (default(LakePath?), move.NextCursor);
        return new()
        {
            Run = run,
            Source = source.Source,
            Dataset = dataset.Dataset,
            Artefacts = [.. landed.SelectMany(l => l.New)],
            Passed = [.. move.Parents.SelectMany(p => p.Artefacts.Concat(p.Passed)), .. landed.SelectMany(l => l.Passed)],
            Requests = _requests + move.Parents.Sum(p => p.Requests),
            Retries = _retries + move.Parents.Sum(p => p.Retries),
            FromCursor = plan.FromCursor,
            NextCursor = cursor,
            BoundaryHashes = move.BoundaryHashes,
            Slices = slices,
            Notes = [.. move.Parents.SelectMany(p => p.Notes).Concat(_notes.OrderBy(n => n.Key).SelectMany(n => n.Value)).Take(MaxNotes)],
        };
    }

    // What is kept of a slice is what the manifest says of it: there may be a hundred thousand.
    void Settle(int number, LandedSlice slice)
    {
        inquiry.Settle(slice);
        if (slice.Notes.Count > 0)
            _notes[number] = slice.Notes;
        Interlocked.Add(ref _requests, slice.Pages.Sum(p => p.Note.Requests) + (slice.Nothing?.Requests ?? 0));
        Interlocked.Add(ref _retries, slice.Pages.Sum(p => p.Note.Retries) + (slice.Nothing?.Retries ?? 0));
        _landed[number] = ([.. slice.Pages.Where(p => p.HasNews).Select(p => p.Artefact)], [.. slice.Pages.Where(p => !p.HasNews).Select(p => p.Artefact)]);
    }

    async Task<LandedSlice> RunAsync(int number, Slice slice, CancellationToken cancellationToken)
    {
        var mine = inquiry.IsSliced ? folder.Child($"{number:D6}") : folder;
        var dialogue = inquiry.Begin(slice);
        List<LandedPage> pages = [];
        await using var body = new TemporaryBody();
        for (var ask = dialogue.First; ask is not null;)
        {
            var note = await mine.TryTakeNoteAsync(pages.Count, cancellationToken);
            if (note is null)
                note = await LandAsync(await FetchAsync(dialogue, ask, body, cancellationToken));
            else if (!note.IsNothing)
                await mine.TakeBodyAsync(note, body, cancellationToken);
            if (note.IsNothing)
                return new(slice, pages, note) { Notes = dialogue.Notes };

            var (page, next) = await ReadAsync(dialogue, ask, mine, pages.Count, slice, note, body, cancellationToken);
            pages.Add(page);
            progress?.Report(new(Interlocked.Increment(ref _pages), Interlocked.Add(ref _bytes, page.Artefact.Length), Interlocked.Add(ref _records, page.Artefact.Records ?? 0)));
            ask = next;
        }

        return new(slice, pages, Nothing: null) { Notes = dialogue.Notes };

        async Task<PageNote> LandAsync(PageNote fetched)
        {
            if (fetched.IsNothing)
                return await mine.PutNothingAsync(pages.Count, fetched, cancellationToken);
            var name = LandingFolder.NameFor(fetched.Name, dataset.Dataset, dataset.Format.Format);
            return (await mine.PutAsync(pages.Count, name, body, fetched, cancellationToken)).Note;
        }
    }

    async Task<PageNote> FetchAsync(IDialogue dialogue, Ask ask, TemporaryBody body, CancellationToken cancellationToken)
    {
        var (requests, retries) = (0, 0);
        while (true)
        {
            var answer = await fetcher.FetchAsync(ask, body, cancellationToken);
            requests += answer.Note.Requests;
            retries += answer.Note.Retries;
            var note = answer.Note with { Requests = requests, Retries = retries };
            if (note.IsNothing || await CheckAsync(dialogue, ask, note, answer, body, cancellationToken) is not { } wait)
                return note;
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    static async Task<TimeSpan?> CheckAsync(IDialogue dialogue, Ask ask, PageNote note, FetchedAnswer answer, TemporaryBody body, CancellationToken cancellationToken)
    {
        try
        {
            return await dialogue.CheckAsync(ask, note, body.Rewind(), cancellationToken);
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

    static async Task<(LandedPage Page, Ask? Next)> ReadAsync(
        IDialogue dialogue, Ask ask, LandingFolder folder, int number, Slice slice, PageNote note, TemporaryBody body, CancellationToken cancellationToken)
    {
        await using var records = dialogue.WritesRecords && note.IsData ? new TemporaryBody() : null;
        PageReading reading;
        try
        {
            reading = await dialogue.ReadAsync(ask, note, body.Rewind(), slice.Ledger, records?.Writer(), cancellationToken);
        }
        catch (UnexpectedContentException fault)
        {
            throw new StepFailedException(new() { Code = "unexpected-body", Message = $"'{note.Path}' {fault.Message}: the configuration of this source has changed since it was landed." }, fault);
        }

        var artefact = new LandedArtefact
        {
            Path = note.Path,
            Name = note.Name,
            Length = note.Length,
            Sha256 = note.Sha256,
            KnownAt = note.KnownAt,
            ContentType = note.ContentType,
            Headers = note.Headers,
            Partition = slice.Partition,
            Records = reading.Records,
            SkipRecords = slice.Ledger.TakeSkipped(),
        };
        if (records is not null)
        {
            artefact = artefact with
            {
                Path = await folder.PutRecordsAsync(number, records, cancellationToken),
                Raw = note.Path,
                Length = records.Length,
                Sha256 = records.Sha256,
                ContentType = "application/x-ndjson",
            };
        }

        return (new(artefact, note), reading.Next);
    }

    static async Task<string> QuoteAsync(TemporaryBody body, Func<string, string> mask, CancellationToken cancellationToken)
    {
        var head = new byte[QuotedBytes];
        var length = await body.Rewind().ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return TextQuote.Of(head.AsSpan(0, length), mask);
    }
}
