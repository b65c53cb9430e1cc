namespace DataIngestion.Orchestrators.Asking;

/// <summary>
/// Decides when a silent command is sent again. One that was begun and fell silent: at once, its agent is dead. One that nobody has
/// begun waits in the queue behind others: rarely, and ever more rarely, since every copy makes the queue longer.
/// </summary>
internal sealed class Patience(TimeSpan heartbeat, DateTime sentAt)
{
    const int FirstWaitInQueue = 4; // heartbeats

    DateTime _lastSent = sentAt;
    TimeSpan _waitInQueue = heartbeat * FirstWaitInQueue;

    /// <summary>Whether to send the command again now; if so, it counts as sent.</summary>
    public bool IsExhausted(CommandSighting seen, DateTime now)
    {
        var exhausted = seen.SilentFor is { } silence
            ? silence >= heartbeat && now - _lastSent >= heartbeat
            : now - _lastSent >= _waitInQueue;
        if (!exhausted)
            return false;

        if (seen.SilentFor is null)
            _waitInQueue *= 2;
        _lastSent = now;
        return true;
    }
}
