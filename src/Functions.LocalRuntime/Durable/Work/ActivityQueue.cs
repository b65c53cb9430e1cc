using System.Threading.Channels;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>
/// Calls of activities that wait to run, in order. Holds a bounded window of them in memory; what does not fit stays in the store and is read
/// when there is room again.
/// </summary>
internal sealed class ActivityQueue(int window, Func<long, int, List<ActivityWork>> read)
{
    readonly Channel<ActivityWork> _waiting = Channel.CreateUnbounded<ActivityWork>();
    readonly Channel<bool> _refill = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly Lock _lock = new();
    int _inMemory;
    long _lastInMemory;
    long _lastCommitted;
    bool _moreInStore = true;

    /// <summary>Tells of calls that were just committed. To be called in the order of commits.</summary>
    public void Push(List<ActivityWork> work)
    {
        lock (_lock)
        {
            foreach (var item in work)
            {
                _lastCommitted = item.Seq;
                if (_moreInStore || _inMemory >= window)
                    _moreInStore = true;
                else
                    Add(item);
            }

            AskForRefill();
        }
    }

    public async ValueTask<ActivityWork> TakeAsync(CancellationToken cancellationToken)
    {
        var work = await _waiting.Reader.ReadAsync(cancellationToken);
        lock (_lock)
        {
            _inMemory--;
            AskForRefill();
        }

        return work;
    }

    /// <summary>Completes when the window has room and the store may have more.</summary>
    public async Task WaitForRoomAsync(CancellationToken cancellationToken) => await _refill.Reader.ReadAsync(cancellationToken);

    /// <summary>Fills the window from the store.</summary>
    public void Refill()
    {
        while (true)
        {
            int room;
            long after;
            lock (_lock)
            {
                if (!_moreInStore || _inMemory > window / 2)
                    return;
                room = window - _inMemory;
                after = _lastInMemory;
            }

            var found = read(after, room);
            lock (_lock)
            {
                foreach (var item in found)
                    Add(item);
                if (found.Count == room)
                    return;

                // A call committed between the read and now shows in _lastCommitted: then look again.
                _moreInStore = _lastCommitted > _lastInMemory;
            }
        }
    }

    public void RequestRefill() => _refill.Writer.TryWrite(true);

    void Add(ActivityWork item)
    {
        _inMemory++;
        _lastInMemory = item.Seq;
        _waiting.Writer.TryWrite(item);
    }

    void AskForRefill()
    {
        if (_moreInStore && _inMemory <= window / 2)
            RequestRefill();
    }
}
