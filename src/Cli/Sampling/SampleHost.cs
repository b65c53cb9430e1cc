using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Cli.Sampling;

/// <summary>Tests sources by their samples, one after the other, in a storage account whose content does not matter.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    readonly string _storage;
    readonly PlatformConfiguration _configuration;
    readonly SampleSimulator _simulator;

    SampleHost(string storage, PlatformConfiguration configuration, SampleSimulator simulator)
    {
        _storage = storage;
        _configuration = configuration;
        _simulator = simulator;
    }

    /// <summary>Starts the simulator and makes the containers.</summary>
    /// <param name="storage">A connection string; what samples write is deleted before each.</param>
    /// <param name="configuration">The definitions to test.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<SampleHost> StartAsync(string storage, PlatformConfiguration configuration, CancellationToken cancellationToken)
    {
        await new BlobStore(StorageClients.Connect(storage)).CreateContainersAsync(cancellationToken);
        return new(storage, configuration, await SampleSimulator.StartAsync(cancellationToken));
    }

    /// <summary>Runs one sample. What is wrong with it, the definition or the answers is in the outcome.</summary>
    public async Task<SampleOutcome> RunAsync(SampleFile sample, CancellationToken cancellationToken)
    {
        if (sample.Faults(_configuration) is { Count: > 0 } faults)
            return new(sample.Name, sample.Source, sample.Dataset, 0, 0, [.. faults.Select(f => f.ToString())]);

        var source = _configuration.Sources[sample.Source];
        await using var world = SampleWorld.Create(_storage, _configuration, source, sample, _simulator);
        await world.ClearAsync(cancellationToken);
        List<string> problems = [];
        var (rows, number) = (0L, 0);
        foreach (var run in sample.Definition!.Runs)
        {
            number++;
            var script = world.Begin(run, number);
            _simulator.Play(script);
            var made = await world.RunAsync(run, number, cancellationToken);
            _simulator.Play(null);
            rows += made.Rows;

            // A request that has no answer fails the run: it is the cause, and comes first.
            problems.AddRange(script.Problems());
            if (problems.Count == 0 || made.Failure is null)
                problems.AddRange(SampleComparison.Compare(sample, number, run.Expect, made));
            if (problems.Count > 0)
                break;
        }

        return new(sample.Name, sample.Source, sample.Dataset, number, rows, problems);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _simulator.DisposeAsync();
}
