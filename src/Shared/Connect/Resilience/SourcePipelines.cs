using System.Collections.Concurrent;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>The pipelines of all sources, and how they stand.</summary>
internal sealed class SourcePipelines : ISourceConnections
{
    readonly ConcurrentDictionary<string, SourcePipeline> _pipelines = new(StringComparer.Ordinal);
    readonly ConnectionPools<ISourceConnection> _pools;
    readonly QuotaBroker _quotas;
    readonly TimeProvider _time;
    readonly Random _random;
    readonly ConnectMetrics _metrics;
    readonly ILogger<SourcePipelines> _logger;

    public SourcePipelines(
        ConnectionPools<ISourceConnection> pools, QuotaBroker quotas, TimeProvider time, Random random, ConnectMetrics metrics, ILogger<SourcePipelines> logger)
    {
        (_pools, _quotas, _time, _random, _metrics, _logger) = (pools, quotas, time, random, metrics, logger);
        metrics.Observe(() => States, time);
    }

    public IReadOnlyList<SourceConnectionState> States
    {
        get
        {
            var pools = _pools.States.ToLookup(p => PoolKey.SourceOf(p.Key), p => p.State, StringComparer.Ordinal);
            return
            [
                .. _pipelines.Values.GroupBy(p => p.Source).OrderBy(p => p.Key, StringComparer.Ordinal)
                    .Select(all => all.OrderByDescending(p => p.LastUsed).Select(p => p.State).Aggregate(Sum) with
                    {
                        Pool = pools[all.Key].Aggregate((ConnectionPoolState?)null, (sum, pool) => pool.Plus(sum)),
                    }),
            ];
        }
    }

    /// <summary>
    /// The pipeline of a source. By limits too: runs carry the configuration they began with, and while old and new ones overlap neither
    /// resets the other's.
    /// </summary>
    public SourcePipeline Of(string source, ConnectionDefinition connection)
    {
        var quota = _quotas.Of(source, connection);
        var pipeline = _pipelines.GetOrAdd(
            $"{PoolKey.Of(source, connection.Limits)}/{quota?.Key}", _ => new(source, connection.Limits, quota, _time, _random, _metrics, _logger.CircuitOpened));
        pipeline.Maintenance = connection.Maintenance;
        return pipeline;
    }

    // Of the newest, with what the older ones counted.
    static SourceConnectionState Sum(SourceConnectionState newest, SourceConnectionState older) => newest with
    {
        InFlight = newest.InFlight + older.InFlight,
        Requests = newest.Requests + older.Requests,
        Retries = newest.Retries + older.Retries,
        RateLimited = newest.RateLimited + older.RateLimited,
        Waited = newest.Waited + older.Waited,
        Hedges = newest.Hedges + older.Hedges,
        RetriesRefused = newest.RetriesRefused + older.RetriesRefused,
    };
}
