using DataIngestion.Contracts;

namespace DataIngestion.Storage.Usage;

/// <summary>
/// What one invocation of a function uses, counted by whoever uses it on its behalf: storage clients, connections to sources, the handler.
/// It goes with the flow of the code, so that whatever the invocation awaits or starts counts for it.
/// </summary>
public sealed class UsageScope : IDisposable
{
    static readonly AsyncLocal<UsageScope?> Ambient = new();

    readonly Lock _gate = new();
    readonly UsageScope? _outer;
    UsageAmounts _amounts = UsageAmounts.Nothing;
    UsageSubject _subject = UsageSubject.Platform;

    UsageScope(UsageScope? outer) => _outer = outer;

    /// <summary>That of the invocation under way; null outside of one.</summary>
    public static UsageScope? Current => Ambient.Value;

    /// <summary>Whom it is used for; <see cref="UsageSubject.Platform"/> until somebody says so.</summary>
    public UsageSubject Subject
    {
        get
        {
            lock (_gate)
                return _subject;
        }

        set
        {
            lock (_gate)
                _subject = value;
        }
    }

    /// <summary>Begins one for the code that the caller calls from now on, until it is disposed.</summary>
    public static UsageScope Enter() => Ambient.Value = new(Ambient.Value);

    /// <summary>Says whom the invocation under way is for, and counts messages that the task scheduler dispatched for it. Nothing happens outside of one.</summary>
    /// <param name="subject">Whom it is for.</param>
    /// <param name="actions">See <see cref="UsageAmounts.Actions"/>.</param>
    public static void Attribute(UsageSubject subject, int actions = 0)
    {
        if (Current is not { } usage)
            return;
        usage.Subject = subject;
        if (actions > 0)
            usage.Add(new() { Actions = actions });
    }

    /// <summary>Adds to what is used.</summary>
    public void Add(UsageAmounts amounts)
    {
        lock (_gate)
            _amounts += amounts;
    }

    /// <summary>Counts one request to a storage account.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="operation">What it is billed as.</param>
    /// <param name="sent">Bytes of its body.</param>
    /// <param name="received">Bytes of the answer's body.</param>
    public void CountStorage(string account, StorageOperation operation, long sent, long received) => Add(new()
    {
        StorageOperations = new Dictionary<string, long>(1) { [$"{account}/{operation.Name()}"] = 1 },
        StorageBytesWritten = sent,
        StorageBytesRead = received,
    });

    /// <summary>Counts traffic with a source.</summary>
    /// <param name="sent">Bytes sent to it.</param>
    /// <param name="received">Bytes received from it.</param>
    public void CountSource(long sent, long received) => Add(new() { SourceBytesSent = sent, SourceBytesReceived = received });

    /// <summary>What was counted since the last time; counting begins anew.</summary>
    public UsageAmounts Take()
    {
        lock (_gate)
        {
            var taken = _amounts;
            _amounts = UsageAmounts.Nothing;
            return taken;
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => Ambient.Value = _outer;
}
