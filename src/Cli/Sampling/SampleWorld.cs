using System.Globalization;
using DataIngestion.Collect;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Runs;
using DataIngestion.Govern;
using DataIngestion.Merge;
using DataIngestion.Orchestrators.Activities;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Cli.Sampling;

/// <summary>
/// The capabilities as the agents have them, for one sample: with its clock, its settings and the simulator in the provider's place. The
/// definition is run as it stands; only what races (hedging) or is shared with others (quota) is left out.
/// </summary>
internal sealed class SampleWorld : IAsyncDisposable
{
    readonly SampleFile _sample;
    readonly SourceDefinition _source;
    readonly DatasetDefinition _dataset;
    readonly SampleClock _clock;
    readonly ServiceProvider _services;
    readonly SampleFolder? _folder;

    SampleWorld(SampleFile sample, SourceDefinition source, DatasetDefinition dataset, SampleClock clock, ServiceProvider services, SampleFolder? folder)
    {
        (_sample, _source, _dataset, _clock, _services, _folder) = (sample, source, dataset, clock, services, folder);
    }

    BlobStore Blobs => _services.GetRequiredService<BlobStore>();

    /// <summary>Composes it.</summary>
    public static SampleWorld Create(string storage, PlatformConfiguration configuration, SourceDefinition source, SampleFile sample, SampleSimulator simulator)
    {
        var clock = new SampleClock(SampleTime.Parse(sample.Definition!.Now));
        var folder = source is { Connection: not null, IsAskedByHttp: false } ? new SampleFolder() : null;
        var others = new Dictionary<string, string> { [StorageConnection.Host] = storage, [StorageConnection.Data] = storage, ["Ingestion:LocalFolders"] = folder?.Path ?? "" };
        var settings = new ConfigurationBuilder().Add(new SampleSettings(source, sample.Definition.Settings, others)).Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(settings)
            .AddSingleton(configuration)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<SourceTransport>(replaced => new SampleTransport(simulator.Address, replaced))
            .AddStorage().AddConnect().AddCollect().AddConvert().AddMerge().AddGovern()
            .BuildServiceProvider();
        var plain = source.Connection is not { } connection ? source : source with
        {
            Connection = (folder?.InPlaceOf(connection) ?? connection) with { Limits = connection.Limits with { HedgeAfter = null, Quota = null } },
        };
        return new(sample, plain, configuration.Datasets[sample.Dataset], clock, services, folder);
    }

    /// <summary>Deletes what an earlier sample left that this one would find.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        (string Container, string Folder)[] folders =
        [
            (Containers.Control, "cursors"), (Containers.Control, "tokens"), (Containers.Landing, _source.Source), (Containers.Datasets, _sample.Dataset),
            (Containers.Curated, $"{_sample.Dataset}/{_source.Source}"), (Containers.Quarantine, $"{_sample.Dataset}/{_source.Source}"),
        ];
        foreach (var (container, folder) in folders)
            await Blobs.DeleteFolderAsync(new(container, folder), cancellationToken);
    }

    /// <summary>Sets the clock for a run and says what the provider answers in it.</summary>
    public SampleScript Begin(SampleRun run, int number)
    {
        if (run.Now is { } own)
            _clock.MoveTo(SampleTime.Parse(own));
        else if (number > 1)
            _clock.MoveTo(_clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        _folder?.Fill(run.Files, _sample, _clock.GetUtcNow());
        return new(_sample, run, _clock.GetUtcNow());
    }

    /// <summary>Makes a run: collects, converts, checks, publishes and moves the cursor, as the managers do.</summary>
    public async Task<SampleRunResult> RunAsync(SampleRun run, int number, CancellationToken cancellationToken)
    {
        var id = RunId.From(_source.Source, _clock.GetUtcNow(), $"{_sample.Dataset} {number}");
        try
        {
            if (_source.Connection is null)
                return await LandFilesAsync(run, id, cancellationToken);
            var cursor = (await CursorAsync(cancellationToken))?.Value;
            var arguments = new CollectArguments { Source = _source, Dataset = _sample.Dataset, Cursor = cursor };
            return await PublishAsync(await LandAsync(arguments, id, cancellationToken), id, GateFor(run), cancellationToken);
        }
        catch (StepFailedException failed)
        {
            return new() { Failure = $"{failed.Failure.Code}: {failed.Failure.Message}" };
        }
#pragma warning disable CA1031 // A defect that one sample finds must not keep the others from being run.
        catch (Exception defect) when (defect is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new() { Failure = $"unexpected: {defect}" };
        }
#pragma warning restore CA1031
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder?.Dispose();
    }

    // A wait for a source at work ends the attempt, and the next one goes on at its time.
    async Task<CollectResult> LandAsync(CollectArguments arguments, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _services.GetRequiredService<Collector>().CollectAsync(arguments, id, cancellationToken: cancellationToken);
            }
            catch (StepFailedException waiting) when (waiting.Failure is { IsWaiting: true, RetryNotBefore: { } goOn })
            {
                _clock.MoveTo(goOn);
            }
        }
    }

    // Every dropped file is a run of its own.
    async Task<SampleRunResult> LandFilesAsync(SampleRun run, string id, CancellationToken cancellationToken)
    {
        var all = new SampleRunResult();
        foreach (var (name, content) in run.Files)
        {
            var path = new LakePath(Containers.Drop, $"{_source.Source}/{id}/{name}");
            var bytes = content.File is { } file ? await File.ReadAllBytesAsync(_sample.PathOf(file), cancellationToken) : System.Text.Encoding.UTF8.GetBytes(content.Text!);
            await Blobs.WriteOnceAsync(path, new MemoryStream(bytes), cancellationToken: cancellationToken);
            var blob = (await Blobs.FindAsync(path, cancellationToken))!;
            var of = RunId.From(_source.Source, _clock.GetUtcNow(), $"{id} {name}");
            var dropped = new DroppedFile(path, blob.ETag.ToString(), blob.Length, _clock.GetUtcNow());
            var landed = await _services.GetRequiredService<Collector>().LandFileAsync(new(_source, _sample.Dataset, dropped), of, cancellationToken);
            var made = await PublishAsync(landed, of, GateFor(run), cancellationToken);
            all = made with { Rows = all.Rows + made.Rows, Quarantined = all.Quarantined + made.Quarantined, Remarks = [.. all.Remarks, .. made.Remarks], Values = [.. all.Values, .. made.Values] };
            _clock.MoveTo(_clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        }

        return all;
    }

    // The gate judges by shares, and one bad row is a third of three: a sample that shows rows being set aside is let through.
    DatasetDefinition GateFor(SampleRun run) => run.Expect.Quarantined > 0 ? _dataset with { Quality = _dataset.Quality with { MinimumScore = 0 } } : _dataset;

    async Task<SampleRunResult> PublishAsync(CollectResult landed, string id, DatasetDefinition dataset, CancellationToken cancellationToken)
    {
        if (landed.Artefacts == 0)
            return new() { Cursor = (await CursorAsync(cancellationToken))?.Value };
        var converted = await _services.GetRequiredService<RunConverter>().ConvertAsync(
            new() { Source = _source, Dataset = dataset, Landing = landed.Manifest }, RowRules.Of(dataset), cancellationToken);
        var remarks = await SampleRemarks.OfAsync(Blobs, converted.Quarantine, cancellationToken);
        var quality = await _services.GetRequiredService<QualityGate>().CheckAsync(new(_source.Source, dataset, converted.Manifest), cancellationToken);
        if (!quality.Passed)
        {
            var why = string.Join(" ", [.. quality.Findings, .. remarks]);
            return new() { Quarantined = converted.RowsQuarantined, Failure = $"quality: {quality.Score.ToString("0.#", CultureInfo.InvariantCulture)} is below the minimum of {dataset.Quality.MinimumScore}, so nothing was published. {why}" };
        }

        var merged = await _services.GetRequiredService<Merger>().MergeAsync(new(_source.Source, dataset, id, converted.Manifest), cancellationToken);
        if (landed.NextCursor is { } next)
            await new CommitCursor(_services.GetRequiredService<CursorStore>(), Blobs).RunAsync(new(_source.Source, _sample.Dataset, id, next, landed.Manifest, Anew: false), cancellationToken);
        return new()
        {
            Rows = merged.RowsOut,
            Quarantined = converted.RowsQuarantined,
            Cursor = (await CursorAsync(cancellationToken))?.Value,
            Remarks = remarks,
            Values = await ValuesAsync(id, cancellationToken),
        };
    }

    Task<CursorState?> CursorAsync(CancellationToken cancellationToken) =>
        _services.GetRequiredService<CursorStore>().FindAsync(_source.Source, _sample.Dataset, cancellationToken);

    async Task<IReadOnlyList<IReadOnlyDictionary<string, string?>>> ValuesAsync(string run, CancellationToken cancellationToken)
    {
        var query = new SnapshotQuery { Filter = new Dictionary<string, string> { ["_run"] = run }, Limit = 10_000 };
        if (await _services.GetRequiredService<SnapshotReader>().ReadAsync(_sample.Dataset, query, cancellationToken) is not { } page)
            return [];
        return [.. page.Rows.Select(row => page.Columns.Select((column, i) => (column.Name, Text: TextOf(row[i]))).ToDictionary(c => c.Name, c => c.Text, StringComparer.Ordinal))];
    }

    static string? TextOf(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
