namespace DataIngestion.Benchmarks.Collect;

/// <summary>How fast one collector brings an HTTP source into storage, and how much it can have under way.</summary>
internal sealed class CollectBenchmark : IBenchmark
{
    public string Name => "collect";

    public string Description => "loopback HTTP into Azurite: throughput, 1,000 requests in flight, memory, CPU; arguments: any of throughput, inflight (default both)";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments is [VendorPeer.Word])
        {
            await VendorPeer.ServeAsync();
            return;
        }

        if (arguments.Count == 0 || arguments.Contains("throughput"))
            await ThroughputRace.RunAsync(report, cancellationToken);
        if (arguments.Count == 0 || arguments.Contains("inflight"))
            await InFlightRace.RunAsync(report, cancellationToken);
    }
}
