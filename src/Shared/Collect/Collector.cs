using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>
/// Fetches what is new of a dataset into landing: the collector agent's work. Done twice, stopped anywhere and done again, it ends in
/// the same bytes: what an earlier attempt landed is used instead of asking the source again, and a finished collection is answered
/// from its manifest.
/// </summary>
public sealed class Collector(ISourceHttp http, ISourceAccess access, BlobStore blobs, CursorStore cursors, TimeProvider time, CollectMetrics metrics)
{
    /// <summary>Fetches pages (over HTTP), parts (of another system) or one window (stream sources).</summary>
    /// <param name="arguments">What to fetch.</param>
    /// <param name="run">The run, which names the landing folder.</param>
    /// <param name="progress">Told after each artefact.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">The source failed, or its answers are not what the configuration says.</exception>
    public async Task<CollectResult> CollectAsync(
        CollectArguments arguments, string run, IProgress<CollectProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var source = arguments.Source;
        var dataset = DatasetOf(source, arguments.Dataset);
        if (source.IsAskedByHttp ? dataset.Request is null : source.Connection is null)
            throw Invalid($"The source '{source.Source}' has no {(source.IsAskedByHttp ? "'request'" : "'connection'")} for the dataset '{dataset.Dataset}': there is nothing to ask.");
        if (source.IsAskedByHttp && source.Kind is SourceKind.Stream) // one record alone would pass for JSON
            dataset = dataset with { Format = dataset.Format with { Format = dataset.Format.Format ?? "ndjson" }, Pagination = null };

        var path = LakePath.LandingOf(source.Source, dataset.Dataset, run);
        if (await FinishedAsync(path, cancellationToken) is { } finished)
            return finished;
        var began = time.GetTimestamp();
        var values = dataset.Cursor is { } cursor && source.IsAskedByHttp ? new CursorValues(cursor) : null;
        var plan = await CollectPlan.SettleAsync(arguments, dataset, values, path, blobs, cursors, time.GetUtcNow(), cancellationToken);
        var previous = plan.Previous is { } landing ? (await blobs.ReadJsonAsync<LandingManifest>(landing, cancellationToken))?.Value : null;
        var folder = await LandingFolder.OpenAsync(blobs, path, cancellationToken);
        if (!source.IsAskedByHttp)
        {
            var reading = new SystemCollection(access, folder, source, dataset, plan, run, progress);
            await reading.RunAsync(cancellationToken);
            return await FinishAsync(path, reading.Manifest(), began, cancellationToken);
        }

        var inquiry = new DefinedInquiry(source, dataset, plan, previous, await SliceStates.LoadAsync(blobs, previous?.Slices, cancellationToken), values);
        var collection = new Collection(new HttpFetcher(http, source, dataset, time), inquiry, folder, source, dataset, plan, time, progress);
        await collection.RunAsync(cancellationToken);

        return await FinishAsync(path, await collection.ManifestAsync(run, cancellationToken), began, cancellationToken);
    }

    /// <summary>Copies one version of a dropped file.</summary>
    /// <param name="arguments">Which file.</param>
    /// <param name="run">The run, which names the landing folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">That version of the file is gone (<c>file-changed</c>, <c>file-missing</c>).</exception>
    public async Task<CollectResult> LandFileAsync(LandFileArguments arguments, string run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var dataset = DatasetOf(arguments.Source, arguments.Dataset);
        var path = LakePath.LandingOf(arguments.Source.Source, dataset.Dataset, run);
        if (await FinishedAsync(path, cancellationToken) is { } finished)
            return finished;
        var began = time.GetTimestamp();
        var artefact = await FileLanding.LandAsync(arguments.File, path, blobs, cancellationToken);
        var manifest = new LandingManifest { Run = run, Source = arguments.Source.Source, Dataset = dataset.Dataset, Artefacts = [artefact] };
        return await FinishAsync(path, manifest, began, cancellationToken);
    }

    async Task<CollectResult> FinishAsync(LakePath folder, LandingManifest manifest, long began, CancellationToken cancellationToken)
    {
        if (!await blobs.WriteJsonOnceAsync(LandingFolder.ManifestOf(folder), manifest, cancellationToken))
            return (await FinishedAsync(folder, cancellationToken))!; // another attempt of this run was faster
        metrics.Finished(manifest, time.GetElapsedTime(began));
        return ResultOf(folder, manifest);
    }

    async Task<CollectResult?> FinishedAsync(LakePath folder, CancellationToken cancellationToken) =>
        await blobs.ReadJsonAsync<LandingManifest>(LandingFolder.ManifestOf(folder), cancellationToken) is { } manifest ? ResultOf(folder, manifest.Value) : null;

    static CollectResult ResultOf(LakePath folder, LandingManifest manifest) => new()
    {
        Manifest = LandingFolder.ManifestOf(folder),
        Artefacts = manifest.Artefacts.Count,
        Bytes = manifest.Artefacts.Concat(manifest.Passed).Sum(a => a.Length),
        Requests = manifest.Requests,
        Retries = manifest.Retries,
        NextCursor = manifest.NextCursor,
        Notes = manifest.Notes.Count == 0 ? [] : manifest.Notes, // one empty list, so that equal results are equal
    };

    static SourceDatasetDefinition DatasetOf(SourceDefinition source, string dataset) =>
        source.Datasets.FirstOrDefault(d => d.Dataset == dataset)
        ?? throw Invalid($"The source '{source.Source}' does not offer the dataset '{dataset}': expected one of {string.Join(", ", source.Datasets.Select(d => d.Dataset))}.");

    static StepFailedException Invalid(string message) => new(new() { Code = "configuration-invalid", Message = message });
}
