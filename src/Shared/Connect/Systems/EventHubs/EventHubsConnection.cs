using System.Runtime.CompilerServices;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A connection to a namespace.</summary>
internal sealed class EventHubsConnection(EventHubsClient client) : ISourceConnection
{
    public bool CanBeReused => !client.IsClosed;

    // The management node knows a hub only by its name: the first one of the source answers for all.
    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        if (Hubs.FirstOrDefault() is not { } hub)
            return "Event Hubs";
        var partitions = await client.PartitionsAsync(hub, cancellationToken);
        return $"Event Hubs, event hub {hub}, partitions: {partitions.Count}";
    }

    /// <summary>AMQP cannot list the hubs of a namespace: those that the source's datasets name.</summary>
    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var hub in Hubs.Where(h => pattern is null || FileNamePattern.IsMatch(pattern, h)))
        {
            var partitions = await client.PartitionsAsync(hub, cancellationToken);
            yield return new(hub, $"event hub, partitions: {partitions.Count}", []) { Size = partitions.Sum(p => p.IsEmpty ? 0 : p.Last - p.First + 1) };
        }
    }

    public async Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var reader = new EventHubsReader(client, read);
        try
        {
            await reader.StartAsync(cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    IEnumerable<string> Hubs => client.Site.Source.Datasets.Select(d => d.Read?.Object).OfType<string>().Distinct(StringComparer.Ordinal);
}
