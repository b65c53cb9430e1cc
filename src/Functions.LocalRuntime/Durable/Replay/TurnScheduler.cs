namespace DataIngestion.LocalRuntime.Durable;

/// <summary>
/// Runs orchestrator code on the thread of the turn and nowhere else: continuations of durable tasks are queued and run before the turn ends.
/// A continuation that comes from another thread, or after the turn, means that the code awaits something that is not durable; it is not run but reported.
/// </summary>
internal sealed class TurnScheduler : TaskScheduler
{
    readonly Queue<Task> _queued = new();
    readonly Action _foreignContinuation;
    readonly TurnSynchronizationContext _context;
    int _thread;

    public TurnScheduler(Action foreignContinuation)
    {
        _foreignContinuation = foreignContinuation;
        _context = new(this);
    }

    /// <summary>Whether the caller is the orchestrator's own code in its turn.</summary>
    public bool IsTurnThread => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs <paramref name="step"/> and all that follows from it.</summary>
    public void Run(Action step)
    {
        var outer = SynchronizationContext.Current;
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            var first = new Task(step);
            first.RunSynchronously(this);
            first.GetAwaiter().GetResult();
            while (_queued.TryDequeue(out var task))
                TryExecuteTask(task);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
            Volatile.Write(ref _thread, 0);
        }
    }

    public void ReportForeignContinuation() => _foreignContinuation();

    protected override void QueueTask(Task task)
    {
        if (IsTurnThread)
            _queued.Enqueue(task);
        else
            _foreignContinuation();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => IsTurnThread && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    sealed class TurnSynchronizationContext(TurnScheduler scheduler) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            if (scheduler.IsTurnThread)
                new Task(() => d(state)).Start(scheduler);
            else
                scheduler._foreignContinuation();
        }

        public override void Send(SendOrPostCallback d, object? state)
        {
            if (scheduler.IsTurnThread)
                d(state);
            else
                scheduler._foreignContinuation();
        }

        public override SynchronizationContext CreateCopy() => this;
    }
}
