using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>
/// The only writer of the store. Takes operations from a queue and commits as many as are waiting in one transaction, in order.
/// While the store fails as a whole (disk full, locked, I/O error) nothing is lost: the same operations are tried again, later and later.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    const int MaxBatch = 512;

    readonly Channel<Operation> _queue = Channel.CreateUnbounded<Operation>(new() { SingleReader = true });
    readonly CancellationTokenSource _abandon = new();
    readonly SqliteConnection _connection;
    readonly DurableEngineOptions _options;
    readonly StoreProbe? _probe;
    readonly ILogger _logger;
    readonly TimeProvider _time;
    readonly WriteStatements _statements;
    readonly Task _loop;

    public StoreWriter(DurableEngineOptions options, StoreProbe? probe, ILogger logger, TimeProvider time)
    {
        _options = options;
        _probe = probe;
        _logger = logger;
        _time = time;
        _connection = Schema.OpenForWriting(options.DatabasePath);
        _statements = new(_connection);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Why the last attempt to commit failed; null after a success.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Commits an operation.</summary>
    /// <param name="apply">Changes the store. May run several times, each time on a store without its earlier changes.</param>
    /// <param name="committed">Runs after the commit, in the order of commits, before the returned task completes. Must be quick and not throw.</param>
    /// <param name="cancellationToken">Withdraws the operation if it has not begun; an operation that has begun is completed.</param>
    /// <exception cref="ObjectDisposedException">The store was closed before the commit.</exception>
    public Task<T> WriteAsync<T>(Func<WriteStatements, T> apply, Action<T>? committed = null, CancellationToken cancellationToken = default)
    {
        var operation = new Operation<T>(apply, committed, cancellationToken);
        if (!_queue.Writer.TryWrite(operation))
            operation.Fail(new ObjectDisposedException(nameof(DurableEngine), "The durable engine has stopped."));
        return operation.Result;
    }

    /// <summary>Commits what is queued and closes. Gives up what cannot be committed when <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _abandon))
            await _loop;
    }

    /// <summary>Closes at once, as if the process had been killed; nothing more is committed.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _abandon.CancelAsync();
        await _loop;
        _abandon.Dispose();
    }

    async Task RunAsync()
    {
        var batch = new List<Operation>(MaxBatch);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_abandon.Token))
            {
                while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var operation))
                {
                    if (operation.TryBegin())
                        batch.Add(operation);
                }

                await CommitAsync(batch);
                batch.Clear();
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or StoreAbandonedException)
        {
            _queue.Writer.TryComplete();
        }
        finally
        {
            Close(batch);
        }
    }

    async Task CommitAsync(List<Operation> batch)
    {
        for (var delay = _options.FirstStoreRetryDelay; batch.Count > 0; delay = Min(delay * 2, _options.MaxStoreRetryDelay))
        {
            if (TryCommit(batch) is not { } fault)
            {
                if (Fault is not null)
                    _logger.StoreRecovered(_options.DatabasePath);
                Fault = null;
                foreach (var operation in batch)
                    operation.Complete(_logger);
                return;
            }

            if (StoreFaults.IsStoreWide(fault))
            {
                if (Fault is null)
                    _logger.StoreFailed(_options.DatabasePath, fault);
                Fault = fault;
                await Task.Delay(delay, _time, _abandon.Token);
            }
            else
            {
                RemoveCulprits(batch);
            }
        }
    }

    Exception? TryCommit(List<Operation> batch)
    {
        try
        {
            _statements.Begin();
            foreach (var operation in batch)
                operation.Apply(_statements);
            _probe?.BeforeCommit?.Invoke(_connection);
            _statements.Commit();
            _probe?.AfterCommit?.Invoke(_connection);
            return null;
        }
        catch (Exception exception) when (exception is not StoreAbandonedException)
        {
            _statements.RollBack();
            return exception;
        }
    }

    /// <summary>An operation that cannot be applied on its own must not hold up the others.</summary>
    void RemoveCulprits(List<Operation> batch)
    {
        for (var i = batch.Count - 1; i >= 0; i--)
        {
            try
            {
                _statements.Begin();
                batch[i].Apply(_statements);
            }
            catch (Exception own) when (!StoreFaults.IsStoreWide(own) && own is not StoreAbandonedException)
            {
                batch[i].Fail(own);
                batch.RemoveAt(i);
            }
            catch (Exception common) when (StoreFaults.IsStoreWide(common))
            {
                return; // the next attempt to commit will meet it too, and wait
            }
            finally
            {
                _statements.RollBack();
            }
        }
    }

    void Close(List<Operation> batch)
    {
        var closed = new ObjectDisposedException(nameof(DurableEngine), "The durable engine has stopped.");
        foreach (var operation in batch)
            operation.Fail(closed);
        while (_queue.Reader.TryRead(out var operation))
            operation.Fail(closed);
        _statements.Dispose();
        _connection.Dispose();
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    abstract class Operation
    {
        public abstract bool TryBegin();

        public abstract void Apply(WriteStatements statements);

        public abstract void Complete(ILogger logger);

        public abstract void Fail(Exception exception);
    }

    sealed class Operation<T>(Func<WriteStatements, T> apply, Action<T>? committed, CancellationToken cancellationToken) : Operation
    {
        readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T? _value;

        public Task<T> Result => _result.Task;

        public override bool TryBegin()
        {
            if (!cancellationToken.IsCancellationRequested)
                return true;
            _result.TrySetCanceled(cancellationToken);
            return false;
        }

        public override void Apply(WriteStatements statements) => _value = apply(statements);

        public override void Complete(ILogger logger)
        {
            try
            {
                committed?.Invoke(_value!);
            }
            catch (Exception unexpected)
            {
                logger.AfterCommitFailed(unexpected);
            }

            _result.TrySetResult(_value!);
        }

        public override void Fail(Exception exception) => _result.TrySetException(exception);
    }
}
