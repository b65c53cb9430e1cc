using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>Values that another dataset of the source has.</summary>
/// <param name="Values">Them, each once, in the order in which they came.</param>
/// <param name="Landed">What was landed of that dataset.</param>
/// <param name="State">Where its next run continues; null where it is asked for everything each time.</param>
internal sealed record ParentAnswer(IReadOnlyList<string> Values, LandingManifest Landed, SliceState? State);

/// <summary>
/// Asks for the datasets that partitions have their values from. They are landed in the folder of the run that needs them, so that a
/// repeated collection, or a replay, has the same values. A parent with a cursor, and without partitions of its own, is asked only for
/// what is new; the values that were known remain.
/// </summary>
internal sealed class ParentValues(
    Func<SourceDatasetDefinition, IAnswerFetcher> fetcherFor, BlobStore blobs, LandingFolder folder, SourceDefinition source, CollectPlan plan, string run,
    TimeProvider time, IProgress<CollectProgress>? progress)
{
    /// <summary>Asks for one.</summary>
    /// <param name="parent">The dataset and the field.</param>
    /// <param name="states">Where the slices stood, and the parents with them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">It failed, has no such field (<c>parent-field-missing</c>), or too many values (<c>too-many-values</c>).</exception>
    public async Task<ParentAnswer> AskAsync(ParentPartitionDefinition parent, SliceStates states, CancellationToken cancellationToken)
    {
        var dataset = source.Datasets.First(d => d.Dataset == parent.Dataset);
        var key = $"{SliceStates.ParentKey}{parent.Dataset} {parent.Field}";
        var isIncremental = dataset is { Cursor: not null, Partitions.Count: 0 };
        var before = isIncremental ? states.FindParent(key) : null;
        var values = dataset.Cursor is { } cursor ? new CursorValues(cursor) : null;
        var mine = folder.Child($"parent-{parent.Dataset}");
        var its = new CollectPlan
        {
            FromCursor = before?.Cursor,
            From = before?.Cursor is { } stood ? values!.Behind(stood) : dataset.Cursor?.Start,
            To = CursorValues.Text(dataset.Cursor?.Type ?? CursorType.Timestamp, plan.StartedAt - (dataset.Cursor?.Delay ?? TimeSpan.Zero)),
            StartedAt = plan.StartedAt,
        };
        var previous = before is null ? null : new LandingManifest { Run = run, Source = source.Source, Dataset = dataset.Dataset, Artefacts = [], BoundaryHashes = before.BoundaryHashes };
        var above = new ParentValues(fetcherFor, blobs, mine, source, plan, run, time, progress);
        var collection = new Collection(fetcherFor(dataset), new DefinedInquiry(source, dataset, its, previous, SliceStates.None, values, above), mine, source, dataset, its, time, progress);
        await collection.RunAsync(cancellationToken);
        var landed = await collection.ManifestAsync(run, cancellationToken);

        var found = new FoundValues(parent, before?.Values ?? []);
        var reader = new ArtefactReader(dataset with { Cursor = new() { Field = parent.Field, Type = CursorType.Text }, Pagination = null }, mustCount: true);
        foreach (var artefact in landed.Artefacts)
        {
            await using var content = await blobs.OpenReadAsync(artefact.Path, cancellationToken);
            await reader.ReadAsync(content, artefact.ContentType, found, cancellationToken);
        }

        found.MustBeSome();
        var state = !isIncremental ? null : new SliceState
        {
            Key = key,
            Values = found.Values,
            Cursor = landed.NextCursor ?? before?.Cursor,
            BoundaryHashes = landed.NextCursor is null ? before?.BoundaryHashes ?? [] : landed.BoundaryHashes,
        };
        return new(found.Values, landed, state);
    }

    /// <summary>The values of a field, each once, in order.</summary>
    sealed class FoundValues(ParentPartitionDefinition parent, IReadOnlyList<string> known) : IRecordSink
    {
        readonly HashSet<string> _seen = new(known, StringComparer.Ordinal);
        readonly List<string> _values = [.. known];
        long _records;
        long _withValue;

        public IReadOnlyList<string> Values => _values;

        public void OnRecord(long place, string? cursor, ReadOnlySpan<byte> content)
        {
            _records++;
            if (string.IsNullOrEmpty(cursor))
                return;
            _withValue++;
            if (!_seen.Add(cursor))
                return;
            _values.Add(cursor);
            if (_values.Count > parent.MaxValues)
            {
                throw new StepFailedException(new()
                {
                    Code = "too-many-values",
                    Message = $"'{parent.Dataset}' has more than {parent.MaxValues:N0} values of '{parent.Field}': ask it for less, or raise 'maxValues'.",
                });
            }
        }

        public void MustBeSome()
        {
            if (_records > 0 && _withValue == 0)
            {
                throw new StepFailedException(new()
                {
                    Code = "parent-field-missing",
                    Message = $"None of the {_records:N0} records of '{parent.Dataset}' has a field '{parent.Field}': check 'parent' in the source's configuration.",
                });
            }
        }
    }
}
