using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>
/// External events by name, without regard to case. As in the official worker, the most recent waiter is served first, early events are buffered in
/// order, and an event for a waiter that was cancelled in the meantime is lost with it.
/// </summary>
internal sealed class EventWaiters
{
    readonly Dictionary<string, Stack<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, Queue<(long Order, HistoryEvent Event)>> _buffer = new(StringComparer.OrdinalIgnoreCase);
    long _arrived;

    /// <summary>Whether an event could still wake the orchestrator.</summary>
    public bool HasPending => _waiters.Values.Any(stack => stack.Any(waiter => waiter.IsPending));

    /// <exception cref="ArgumentException">Another waiter for the name expects another type.</exception>
    public Task<T> Wait<T>(string name, CancellationToken cancellationToken)
    {
        if (_waiters.TryGetValue(name, out var stack) && stack.TryPeek(out var top) && top is not Waiter<T>)
            throw new ArgumentException($"Events with the same name must have the same type argument. Expected {top.Type.FullName} but was requested {typeof(T).FullName}.", nameof(name));

        var waiter = new Waiter<T>();
        if (stack is null)
            _waiters.Add(name, stack = new());
        stack.Push(waiter);

        if (TryTakeBuffered(name, out var early))
            Raise(early);
        if (cancellationToken.CanBeCanceled)
            cancellationToken.Register(static (state, token) => ((Waiter<T>)state!).Cancel(token), waiter);
        return waiter.Task;
    }

    public void Raise(HistoryEvent raised)
    {
        if (_waiters.TryGetValue(raised.Name!, out var stack))
        {
            var waiter = stack.Pop();
            if (stack.Count == 0)
                _waiters.Remove(raised.Name!);
            waiter.Complete(raised.Data);
        }
        else
        {
            if (!_buffer.TryGetValue(raised.Name!, out var queue))
                _buffer.Add(raised.Name!, queue = new());
            queue.Enqueue((_arrived++, raised));
        }
    }

    /// <summary>The events nobody has taken, in the order of their arrival.</summary>
    public IReadOnlyList<HistoryEvent> Unprocessed => [.. _buffer.Values.SelectMany(queue => queue).OrderBy(buffered => buffered.Order).Select(buffered => buffered.Event)];

    bool TryTakeBuffered(string name, [NotNullWhen(true)] out HistoryEvent? early)
    {
        early = null;
        if (!_buffer.TryGetValue(name, out var queue))
            return false;
        early = queue.Dequeue().Event;
        if (queue.Count == 0)
            _buffer.Remove(name);
        return true;
    }

    abstract class Waiter
    {
        public abstract Type Type { get; }

        public abstract bool IsPending { get; }

        public abstract void Complete(string? data);
    }

    sealed class Waiter<T> : Waiter
    {
        readonly TaskCompletionSource<T> _source = new();

        public override Type Type => typeof(T);

        public override bool IsPending => !_source.Task.IsCompleted;

        public Task<T> Task => _source.Task;

        public void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);

        public override void Complete(string? data)
        {
            try
            {
                _source.TrySetResult(DurableJson.Converter.Deserialize<T>(data)!);
            }
            catch (Exception unreadable) when (unreadable is System.Text.Json.JsonException or NotSupportedException)
            {
                _source.TrySetException(unreadable);
            }
        }
    }
}
