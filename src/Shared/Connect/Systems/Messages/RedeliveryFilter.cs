namespace DataIngestion.Connect;

/// <summary>
/// Tells, of messages that a broker delivers again, those that were landed before. It holds back at most one block of the digest.
/// A message that the broker does not call redelivered is always new: what is not known for certain is landed, never dropped.
/// </summary>
/// <typeparam name="T">A message.</typeparam>
internal sealed class RedeliveryFilter<T>(WindowDigest? digest)
{
    readonly List<(T Message, byte[] Identity)> _held = [];
    readonly Queue<(T Message, byte[] Identity, bool Landed)> _ready = new();

    /// <summary>Messages that were recognised.</summary>
    public int Recognised { get; private set; }

    /// <summary>Whether every message of the window has been recognised, so that all others are new.</summary>
    public bool IsComplete => digest is null || Recognised >= digest.Count;

    /// <summary>Adds a message.</summary>
    public void Add(T message, byte[] identity, bool redelivered)
    {
        if (IsComplete || !redelivered)
        {
            Flush();
            _ready.Enqueue((message, identity, false));
            return;
        }

        _held.Add((message, identity));
        if (_held.Count == digest!.BlockLength && !TryTake(_held.Count))
            Release(1);
    }

    /// <summary>No more messages are coming now: those held back are released.</summary>
    public void Flush()
    {
        while (_held.Count > 0)
        {
            if (!(digest!.LastLength > 0 && digest.LastLength <= _held.Count && TryTake(digest.LastLength)))
                Release(1);
        }
    }

    /// <summary>Takes the next message about which it is clear whether it was landed before.</summary>
    public bool TryTake(out T message, out byte[] identity, out bool landed)
    {
        var any = _ready.TryDequeue(out var next);
        (message, identity, landed) = next;
        return any;
    }

    bool TryTake(int count)
    {
        if (!digest!.TryTake(_held.Take(count).Select(h => h.Identity).ToArray()))
            return false;
        Recognised += count;
        Move(count, landed: true);
        return true;
    }

    // A shorter last block can begin anywhere, also inside what is held back.
    void Release(int count)
    {
        if (digest!.LastLength > 0 && digest.LastLength <= _held.Count && TryTake(digest.LastLength))
            return;
        Move(count, landed: false);
    }

    void Move(int count, bool landed)
    {
        foreach (var (message, identity) in _held.Take(count))
            _ready.Enqueue((message, identity, landed));
        _held.RemoveRange(0, count);
    }
}
