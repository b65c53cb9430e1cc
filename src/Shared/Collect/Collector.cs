using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>
/// Fetches what is new of a dataset into landing: the collector agent's work. Done twice, stopped anywhere and done again, it ends in
/// the same bytes: what an earlier attempt landed is used instead of asking the source again, and a finished collection is answered
/// from its manifest.
/// </summary>
public sealed class Collector(
    ISourceHttp http, ISourceAccess access, BlobStore blobs, CursorStore cursors, ManifestFiles manifests, TimeProvider time, CollectMetrics metrics)
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
        if (source.IsAskedByHttp ? dataset.Request is null && source.Manifest is null : source.Connection is null)
            throw Invalid($"The source '{source.Source}' has no {(source.IsAskedByHttp ? "'request'" : "'connection'")} for the dataset '{dataset.Dataset}': there is nothing to ask.");
        dataset = AskedOf(source, dataset);

        var path = LakePath.LandingOf(source.Source, dataset.Dataset, run);
        if (await FinishedAsync(path, cancellationToken) is { } finished)
            return finished;
        var began = time.GetTimestamp();
        var values = dataset.Cursor is { } cursor && source.IsAskedByHttp ? new CursorValues(cursor) : null;
        var plan = await CollectPlan.SettleAsync(arguments, dataset, values, path, blobs, cursors, time.GetUtcNow(), cancellationToken);
        if (source.IsAskedByHttp)
        {
            var manifest = await AskAsync(source, dataset, plan, path, d => new HttpFetcher(http, source, d, time), run, progress, cancellationToken);
            return await FinishAsync(path, manifest, began, cancellationToken);
        }

        var folder = await LandingFolder.OpenAsync(blobs, path, cancellationToken);
        var reading = new SystemCollection(access, folder, source, dataset, plan, run, progress);
        await reading.RunAsync(cancellationToken);
        return await FinishAsync(path, reading.Manifest(), began, cancellationToken);
    }

    /// <summary>
    /// Lands again what an earlier run landed, from its landing folder alone. Where the source is asked over HTTP the requests are made
    /// anew from the plan of that run and answered from its notes, byte for byte, so that what the definition says about records, pages and
    /// partitions today counts; everything else is taken as it lies there.
    /// </summary>
    /// <param name="arguments">What to replay.</param>
    /// <param name="run">The run, which names the landing folder.</param>
    /// <param name="progress">Told after each artefact.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">The earlier run did not land all of it, was written over, or never asked what would be asked now.</exception>
    public async Task<CollectResult> ReplayAsync(ReplayArguments arguments, string run, IProgress<CollectProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var source = arguments.Source;
        var dataset = AskedOf(source, DatasetOf(source, arguments.Dataset));
        var (path, earlier) = (LakePath.LandingOf(source.Source, dataset.Dataset, run), LakePath.LandingOf(source.Source, dataset.Dataset, arguments.Run));
        if (await FinishedAsync(path, cancellationToken) is { } finished)
            return finished;
        var began = time.GetTimestamp();
        var landed = (await blobs.ReadJsonAsync<LandingManifest>(LandingFolder.ManifestOf(earlier), cancellationToken))?.Value ?? throw new StepFailedException(new()
        {
            Code = "replay-missing",
            Message = $"The run {arguments.Run} did not land '{dataset.Dataset}' to its end ('{LandingFolder.ManifestOf(earlier)}' is not there), so there is nothing to replay: run the source instead.",
        });
        if (!source.IsAskedByHttp)
            return await FinishAsync(path, landed with { Run = run, ReplayOf = arguments.Run, Requests = 0, Retries = 0 }, began, cancellationToken);

        var plan = (await blobs.ReadJsonAsync<CollectPlan>(CollectPlan.PathIn(earlier), cancellationToken))!.Value;
        await blobs.WriteJsonOnceAsync(CollectPlan.PathIn(path), plan, cancellationToken);
        var fetcher = await RecordedFetcher.OpenAsync(arguments.Run, await LandingFolder.OpenAsync(blobs, earlier, cancellationToken), cancellationToken);
        var manifest = await AskAsync(source, dataset, plan, path, _ => fetcher, run, progress, cancellationToken);
        return await FinishAsync(path, manifest with { ReplayOf = arguments.Run }, began, cancellationToken);
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

    async Task<LandingManifest> AskAsync(
        SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan, LakePath path, Func<SourceDatasetDefinition, IAnswerFetcher> fetcherFor, string run,
        IProgress<CollectProgress>? progress, CancellationToken cancellationToken)
    {
        var values = dataset.Cursor is { } cursor ? new CursorValues(cursor) : null;
        var previous = plan.Previous is { } landing ? (await blobs.ReadJsonAsync<LandingManifest>(landing, cancellationToken))?.Value : null;
        var folder = await LandingFolder.OpenAsync(blobs, path, cancellationToken);
        var states = await SliceStates.LoadAsync(blobs, previous?.Slices, cancellationToken);
        IInquiry inquiry = source.Manifest is null
            ? new DefinedInquiry(source, dataset, plan, previous, states, values, new ParentValues(fetcherFor, blobs, folder, source, plan, run, time, progress))
            : new LowCodeInquiry(await manifests.OpenAsync(source, blobs, path, cancellationToken), source, dataset, plan, states, time);
        var collection = new Collection(fetcherFor(dataset), inquiry, folder, source, dataset, plan, time, progress);
        await collection.RunAsync(cancellationToken);
        return await collection.ManifestAsync(run, cancellationToken);
    }

    // One record of a stream alone would pass for JSON.
    static SourceDatasetDefinition AskedOf(SourceDefinition source, SourceDatasetDefinition dataset) => source.IsAskedByHttp && source.Kind is SourceKind.Stream
        ? dataset with { Format = dataset.Format with { Format = dataset.Format.Format ?? "ndjson" }, Pagination = null }
        : dataset;

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
