using System.Threading.Channels;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Instances that need a turn. An instance is handed to one taker at a time; a signal during its turn hands it out again afterwards.</summary>
internal sealed class ReadyQueue
{
    readonly Channel<long> _order = Channel.CreateUnbounded<long>();
    readonly Dictionary<long, State> _states = [];
    readonly Lock _lock = new();

    enum State
    {
        Queued,
        Running,
        RunningAndDue,
    }

    public void Signal(long key)
    {
        lock (_lock)
        {
            if (!_states.TryGetValue(key, out var state))
            {
                _states.Add(key, State.Queued);
                _order.Writer.TryWrite(key);
            }
            else if (state == State.Running)
            {
                _states[key] = State.RunningAndDue;
            }
        }
    }

    /// <summary>Waits for the next instance; it stays taken until <see cref="Release"/>.</summary>
    public async ValueTask<long> TakeAsync(CancellationToken cancellationToken)
    {
        var key = await _order.Reader.ReadAsync(cancellationToken);
        lock (_lock)
            _states[key] = State.Running;
        return key;
    }

    /// <param name="again">Whether another turn is due anyway.</param>
    public void Release(long key, bool again)
    {
        lock (_lock)
        {
            if (again || _states[key] == State.RunningAndDue)
            {
                _states[key] = State.Queued;
                _order.Writer.TryWrite(key);
            }
            else
            {
                _states.Remove(key);
            }
        }
    }
}
