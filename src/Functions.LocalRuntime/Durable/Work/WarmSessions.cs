using System.Diagnostics.CodeAnalysis;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The most recently used sessions, so that their next turn need not replay the past. Bounded by number; the longest histories are not kept.</summary>
internal sealed class WarmSessions(int capacity, int maxHistory)
{
    readonly Dictionary<long, LinkedListNode<WarmSession>> _byKey = [];
    readonly LinkedList<WarmSession> _byUse = [];
    readonly Lock _lock = new();

    /// <summary>Takes a session out, so that nobody else has it.</summary>
    public bool TryTake(long key, [NotNullWhen(true)] out WarmSession? session)
    {
        lock (_lock)
        {
            session = null;
            if (!_byKey.Remove(key, out var node))
                return false;
            _byUse.Remove(node);
            session = node.Value;
            return true;
        }
    }

    public void Keep(WarmSession session)
    {
        if (session.Session.HistoryLength > maxHistory || capacity == 0)
            return;
        lock (_lock)
        {
            _byKey[session.Session.Identity.Key] = _byUse.AddFirst(session);
            if (_byUse.Count <= capacity)
                return;
            _byKey.Remove(_byUse.Last!.Value.Session.Identity.Key);
            _byUse.RemoveLast();
        }
    }
}

/// <summary>A session and who waits for its end.</summary>
internal sealed record WarmSession(OrchestrationSession Session, ParentLink? Parent);
