using System.Collections.Concurrent;

namespace DataIngestion.LocalRuntime.Triggers.Queues;

/// <summary>
/// How often each message failed in this process. The dequeue count alone would blame a message for every process that died over it: here
/// leases run out in seconds, so a few restarts would poison good messages. As long as no process dies, the two counts are the same.
/// </summary>
internal sealed class FailureCounts
{
    /// <summary>A message that is taken so many times more than it may fail is poisoned all the same: it may be what kills the process.</summary>
    public const int DeathsPerFailure = 5;

    readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <summary>Counts a failure and returns how many there were.</summary>
    public int Add(string messageId) => _failures.AddOrUpdate(messageId, 1, (_, count) => count + 1);

    /// <summary>The message is settled for good.</summary>
    public void Forget(string messageId) => _failures.TryRemove(messageId, out _);
}
