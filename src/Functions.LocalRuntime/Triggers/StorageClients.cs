using System.Collections.Concurrent;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Clients of storage accounts by connection string, made for quick local answers: a dead emulator is noticed in seconds.</summary>
internal sealed class StorageClients
{
    readonly ConcurrentDictionary<string, QueueServiceClient> _queues = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, BlobServiceClient> _blobs = new(StringComparer.Ordinal);

    public QueueClient Queue(string connection, string name) =>
        _queues.GetOrAdd(connection, c => new(c, Tuned(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }))).GetQueueClient(name);

    public BlobServiceClient Blobs(string connection) =>
        _blobs.GetOrAdd(connection, c => new(c, Tuned(new BlobClientOptions())));

    static T Tuned<T>(T options)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(20);
        options.Diagnostics.IsLoggingEnabled = false;
        return options;
    }
}
