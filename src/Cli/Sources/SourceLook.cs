using DataIngestion.Cli.Reading;
using DataIngestion.Cli.Sampling;
using DataIngestion.Collect;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Runs;
using DataIngestion.Govern;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Cli.Sources;

/// <summary>What a look at a source showed.</summary>
/// <param name="Rows">Rows as the dataset has them.</param>
/// <param name="Requests">Requests that it took.</param>
/// <param name="Bytes">Bytes as received.</param>
/// <param name="RowsIn">Records that were received.</param>
/// <param name="Quarantined">Rows that would be set aside.</param>
/// <param name="Remarks">Why.</param>
internal sealed record LookResult(RowPage Rows, int Requests, long Bytes, long RowsIn, long Quarantined, IReadOnlyList<string> Remarks);

/// <summary>Asks a source now, converts what it answers, and forgets it: the store is a temporary one, and no cursor moves.</summary>
internal sealed class SourceLook(CommandEnvironment environment, PlatformConfiguration configuration)
{
    /// <summary>Looks.</summary>
    /// <param name="source">The source, cut down by <see cref="SourcePreview"/>.</param>
    /// <param name="limit">Most rows to show.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">The source failed, or its answer is not what the definition says.</exception>
    public async Task<LookResult> AtAsync(SourceDefinition source, int limit, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ingest-read-");
        try
        {
            await using var azurite = await AzuriteProcess.StartAsync(new(Path.Combine(folder.FullName, "store")), cancellationToken);
            await using var services = Compose(azurite.ConnectionString);
            var blobs = services.GetRequiredService<BlobStore>();
            await blobs.CreateContainersAsync(cancellationToken);
            var (dataset, run) = (source.Datasets[0].Dataset, RunId.New(source.Source, environment.Time.GetUtcNow(), Random.Shared));
            var landed = await LandAsync(services.GetRequiredService<Collector>(), new() { Source = source, Dataset = dataset }, run, cancellationToken);
            if (landed.Artefacts == 0)
                return new(new([], [], false), landed.Requests, landed.Bytes, 0, 0, []);

            var definition = configuration.Datasets[dataset];
            var converted = await services.GetRequiredService<RunConverter>().ConvertAsync(new() { Source = source, Dataset = definition, Landing = landed.Manifest }, RowRules.Of(definition), cancellationToken);
            var remarks = await SampleRemarks.OfAsync(blobs, converted.Quarantine, cancellationToken);
            var manifest = (await blobs.ReadJsonAsync<CuratedManifest>(converted.Manifest, cancellationToken))!.Value;
            var rows = await RowsAsync(blobs, manifest, folder.FullName, limit, cancellationToken);
            return new(rows, landed.Requests, landed.Bytes, converted.RowsIn, converted.RowsQuarantined, remarks);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A wait for a source at work ends the attempt; whoever looks waits with it.
    async Task<CollectResult> LandAsync(Collector collector, CollectArguments arguments, string run, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await collector.CollectAsync(arguments, run, cancellationToken: cancellationToken);
            }
            catch (StepFailedException waiting) when (waiting.Failure is { IsWaiting: true, RetryNotBefore: { } goOn })
            {
                var wait = goOn - environment.Time.GetUtcNow();
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, environment.Time, cancellationToken);
            }
        }
    }

    ServiceProvider Compose(string storage)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection([new(StorageConnection.Host, storage), new(StorageConnection.Data, storage)]).Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new CommandSettings(settings, environment.Setting))
            .AddSingleton(configuration)
            .AddSingleton(environment.Time)
            .AddStorage().AddConnect().AddCollect().AddConvert();
        var access = services.Last(s => s.ServiceType == typeof(ISourceAccess));
        services.Remove(access);
        services.AddSingleton<ISourceAccess>(provider => new PreviewAccess((ISourceAccess)ActivatorUtilities.CreateInstance(provider, access.ImplementationType!)));
        return services.BuildServiceProvider();
    }

    static async Task<RowPage> RowsAsync(BlobStore blobs, CuratedManifest manifest, string folder, int limit, CancellationToken cancellationToken)
    {
        var all = new RowPage([], [], HasMore: false);
        foreach (var part in manifest.Parts.Where(p => p.Rows > 0))
        {
            var file = Path.Combine(folder, "part.parquet");
            await using (var content = await blobs.OpenReadAsync(part.Path, cancellationToken))
            await using (var copy = File.Create(file))
                await content.CopyToAsync(copy, cancellationToken);
            if (all.Rows.Count == limit)
                return all with { HasMore = true };
            var page = await ParquetRows.ReadAsync(file, new Dictionary<string, string>(), limit - all.Rows.Count, cancellationToken);
            all = new(page.Columns, [.. all.Rows, .. page.Rows], page.HasMore);
            if (page.HasMore)
                break;
        }

        return all;
    }
}
