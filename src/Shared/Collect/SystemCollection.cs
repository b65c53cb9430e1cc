using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// One collection from a system that is not asked by HTTP: part after part into a landing folder, each acknowledged once it is durable.
/// An attempt continues behind the last part that is there, whoever put it there.
/// </summary>
internal sealed class SystemCollection(
    ISourceAccess access, LandingFolder folder, SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan, string run,
    IProgress<CollectProgress>? progress)
{
    readonly List<LandedArtefact> _artefacts = [];
    readonly List<SourcePart> _parts = [];
    int _attempts;
    long _bytes;

    // A window of a stream is one part; everything else is read to its end, which a part without a position is.
    bool IsDone => _parts.Count > 0 && (source.Kind is SourceKind.Stream || _parts[^1].Position is null);

    string? Position => _parts.Count > 0 ? _parts[^1].Position : plan.FromCursor;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await folder.TryTakeNoteAsync(_parts.Count, cancellationToken) is { } note)
            Add(note);

        await using var body = new TemporaryBody();
        while (true)
        {
            var before = _parts.Count;
            try
            {
                await access.UseAsync(
                    source,
                    async (connection, stop) =>
                    {
                        _attempts++;
                        await ReadAsync(connection, body, stop);
                        return true;
                    },
                    cancellationToken);
                return;
            }
            catch (StepFailedException failed) when (failed.Failure.IsTransient && failed.Failure.RetryNotBefore is null && _parts.Count > before)
            {
                // What breaks off after hours of good work has earned its attempts anew.
            }
        }
    }

    public LandingManifest Manifest() => new()
    {
        Run = run,
        Source = source.Source,
        Dataset = dataset.Dataset,
        Artefacts = _artefacts,
        Requests = _attempts,
        Retries = Math.Max(0, _attempts - 1),
        FromCursor = plan.FromCursor,
        NextCursor = plan.Window is null && _parts.Count > 0 ? Position : null,
    };

    async Task ReadAsync(ISourceConnection connection, TemporaryBody body, CancellationToken cancellationToken)
    {
        var read = new SourceRead
        {
            Dataset = dataset,
            Run = run,
            StartedAt = plan.StartedAt,
            Position = Position,
            RunPosition = plan.FromCursor,
            Landed = [.. _parts],
            Window = plan.Window,
        };
        await using var reader = await connection.ReadAsync(read, cancellationToken);
        foreach (var part in read.Landed)
            await reader.LandedAsync(part, cancellationToken);

        body.Clear();
        while (!IsDone && await reader.ReadNextAsync(body.Writer(), cancellationToken) is { } part)
        {
            var (landed, isMine) = await folder.PutAsync(_parts.Count, dataset.Dataset, body, NoteOf(part), cancellationToken);
            Add(landed);
            body.Clear();
            if (!isMine)
                throw new StepFailedException(new() { Code = "landing-taken", Message = $"Another attempt of this run landed '{landed.Path}' first: this one continues behind it.", IsTransient = true });
            await reader.LandedAsync(part, cancellationToken);
        }
    }

    void Add(PageNote note)
    {
        _parts.Add(new() { Name = note.Name, Position = note.Position, KnownAt = note.KnownAt, ContentType = note.ContentType, Records = note.Records, Headers = note.Headers });
        _artefacts.Add(new()
        {
            Path = note.Path,
            Name = note.Name,
            Length = note.Length,
            Sha256 = note.Sha256,
            KnownAt = note.KnownAt,
            ContentType = note.ContentType,
            Headers = note.Headers,
            Records = note.Records,
        });
        _bytes += note.Length;
        progress?.Report(new(_parts.Count, _bytes, _parts.Sum(p => p.Records ?? 0)));
    }

    static PageNote NoteOf(SourcePart part) => new()
    {
        Name = part.Name,
        Position = part.Position,
        KnownAt = part.KnownAt,
        ContentType = part.ContentType,
        Records = part.Records,
        Headers = part.Headers,
        Requests = 1,
    };
}
