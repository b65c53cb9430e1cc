using System.Diagnostics.Metrics;
using Azure;
using Azure.Storage.Queues.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Observe;

/// <summary>How much waits in the queues: the metric <c>queue.messages</c>. One instance looks, or every one would tell the same.</summary>
public sealed class QueueDepths
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Queues";

    readonly StorageClients _clients;
    readonly Gauge<long> _messages;

    /// <summary>Creates the instrument.</summary>
    public QueueDepths(StorageClients clients, IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _clients = clients;
        _messages = meters.Create(MeterName).CreateGauge<long>("queue.messages", "{message}", "Messages in a queue, those under way included, by queue; poison queues are named {queue}-poison.");
    }

    /// <summary>Looks at every queue and its poison twin. A queue that is not there is empty.</summary>
    public async Task<IReadOnlyDictionary<string, long>> LookAsync(CancellationToken cancellationToken = default)
    {
        var depths = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var queue in Queues.All.Concat(Queues.All.Select(q => q + Queues.PoisonSuffix)))
        {
            depths[queue] = await DepthAsync(queue, cancellationToken);
            _messages.Record(depths[queue], new KeyValuePair<string, object?>("queue", queue));
        }

        return depths;
    }

    async Task<long> DepthAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            QueueProperties properties = await _clients.Queues.GetQueueClient(queue).GetPropertiesAsync(cancellationToken);
            return properties.ApproximateMessagesCountLong;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return 0;
        }
    }
}
