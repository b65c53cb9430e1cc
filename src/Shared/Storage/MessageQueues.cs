using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using DataIngestion.Contracts;

namespace DataIngestion.Storage;

/// <summary>Sends JSON messages to storage queues, creating a queue the first time it is used.</summary>
public sealed class MessageQueues(StorageClients clients)
{
    /// <summary>Azure's limit is 64 KiB for the base64 text; larger payloads belong in a blob.</summary>
    public const int MaxMessageBytes = 48 << 10;

    // Messages wait for ever rather than expire silently after Azure's default of seven days.
    static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    readonly ConcurrentDictionary<string, Task<QueueClient>> _queues = new(StringComparer.Ordinal);

    /// <summary>Creates the queues that are missing.</summary>
    public async Task CreateQueuesAsync(CancellationToken cancellationToken = default)
    {
        foreach (var name in Queues.All)
            await QueueAsync(name, cancellationToken);
    }

    /// <summary>Sends a message.</summary>
    /// <param name="queue">Queue name, see <see cref="Queues"/>.</param>
    /// <param name="message">Serialised as JSON.</param>
    /// <param name="delay">How long it stays invisible; default not at all, at most seven days.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">The message is over <see cref="MaxMessageBytes"/>.</exception>
    public async Task SendAsync<T>(string queue, T message, TimeSpan? delay = null, CancellationToken cancellationToken = default)
    {
        await SendRawAsync(queue, JsonSerializer.SerializeToUtf8Bytes(message, ContractJson.Options), delay, cancellationToken);
    }

    /// <summary>Sends bytes as they are: for messages that are put back where they came from.</summary>
    /// <param name="queue">Queue name, see <see cref="Queues"/>.</param>
    /// <param name="body">At most <see cref="MaxMessageBytes"/>.</param>
    /// <param name="delay">How long the message stays invisible; default not at all, at most seven days.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">The message is over <see cref="MaxMessageBytes"/>.</exception>
    public async Task SendRawAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan? delay = null, CancellationToken cancellationToken = default)
    {
        if (body.Length > MaxMessageBytes)
            throw new ArgumentException($"A message of {body.Length} bytes does not fit into a queue (limit {MaxMessageBytes}): pass its payload by blob reference.", nameof(body));

        var message = new BinaryData(body);
        try
        {
            await (await QueueAsync(queue, cancellationToken)).SendMessageAsync(message, delay, Forever, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            _queues.TryRemove(queue, out _); // somebody deleted it while it was known here
            await (await QueueAsync(queue, cancellationToken)).SendMessageAsync(message, delay, Forever, cancellationToken);
        }
    }

    /// <summary>About how many messages are in a queue, those that are being handled or wait for their time included; 0 where there is no queue.</summary>
    public async Task<int> CountAsync(string queue, CancellationToken cancellationToken = default)
    {
        try
        {
            return (await clients.Queues.GetQueueClient(queue).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return 0;
        }
    }

    async Task<QueueClient> QueueAsync(string name, CancellationToken cancellationToken)
    {
        var opening = _queues.GetOrAdd(name, OpenAsync);
        try
        {
            return await opening.WaitAsync(cancellationToken);
        }
        catch when (opening.IsFaulted)
        {
            _queues.TryRemove(new(name, opening)); // the next caller tries again
            throw;
        }

        async Task<QueueClient> OpenAsync(string queue)
        {
            var client = clients.Queues.GetQueueClient(queue);
            await client.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
            return client;
        }
    }
}
