using Azure;
using Azure.Storage.Queues;

namespace DataIngestion.LocalRuntime.Triggers.Queues;

internal static class QueueClientExtensions
{
    /// <summary>Lives until it is taken; the service's own default would drop it after a week.</summary>
    static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    /// <summary>Sends a message and makes the queue first if it is missing.</summary>
    public static async Task SendCreatingAsync(this QueueClient queue, string text, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(text, visibilityTimeout: null, timeToLive: Forever, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == "QueueNotFound")
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(text, visibilityTimeout: null, timeToLive: Forever, cancellationToken);
        }
    }
}
