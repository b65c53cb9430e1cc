using System.Diagnostics.CodeAnalysis;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>
/// The most recently used sessions, so that their next turn need not replay the past. Bounded by their number and by the events in their histories,
/// a measure of what they hold.
/// </summary>
internal sealed class WarmSessions(int maxSessions, int maxEvents)
{
    readonly Dictionary<long, LinkedListNode<WarmSession>> _byKey = [];
    readonly LinkedList<WarmSession> _byUse = [];
    readonly Lock _lock = new();
    long _events;

    /// <summary>Takes a session out, so that nobody else has it.</summary>
    public bool TryTake(long key, [NotNullWhen(true)] out WarmSession? session)
    {
        lock (_lock)
        {
            session = _byKey.TryGetValue(key, out var node) ? node.Value : null;
            if (node is not null)
                Remove(node);
            return session is not null;
        }
    }

    public void Keep(WarmSession session)
    {
        lock (_lock)
        {
            _byKey.Add(session.Key, _byUse.AddFirst(session));
            _events += session.Events;
            while (_byUse.Count > maxSessions || _events > maxEvents)
                Remove(_byUse.Last!);
        }
    }

    void Remove(LinkedListNode<WarmSession> node)
    {
        _byUse.Remove(node);
        _byKey.Remove(node.Value.Key);
        _events -= node.Value.Events;
    }
}

/// <summary>A session and who waits for its end.</summary>
internal sealed class WarmSession(OrchestrationSession session, ParentLink? parent)
{
    public OrchestrationSession Session { get; } = session;

    public ParentLink? Parent { get; } = parent;

    public long Key { get; } = session.Identity.Key;

    /// <summary>Events in its history when it was put by.</summary>
    public int Events { get; } = session.HistoryLength;
}
