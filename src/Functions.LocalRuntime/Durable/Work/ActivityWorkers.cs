using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Runs activities and commits their results. An activity may run twice, around a crash; its result is recorded once.</summary>
internal sealed class ActivityWorkers(
    DurableEngineOptions options,
    IReadOnlyDictionary<string, ActivityRegistration> activities,
    EngineCore core,
    ILogger logger,
    TimeProvider time) : IDisposable
{
    readonly CancellationTokenSource _cut = new();
    Task _workers = Task.CompletedTask;
    int _running;

    public void Start(CancellationToken stopping)
    {
        var refill = Task.Run(() => RefillAsync(stopping), CancellationToken.None);
        var run = Enumerable.Range(0, options.MaxConcurrentActivities).Select(_ => Task.Run(() => WorkAsync(stopping), CancellationToken.None));
        _workers = Task.WhenAll([refill, .. run]);
    }

    /// <summary>Waits for running activities, at most <see cref="DurableEngineOptions.DrainTimeout"/>; then cancels them and waits no longer for those that do not listen.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _workers.WaitAsync(options.DrainTimeout, time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            logger.DrainTimedOut(Volatile.Read(ref _running), options.DrainTimeout);
            await _cut.CancelAsync();
            await Task.WhenAny(_workers, Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None));
        }
    }

    /// <summary>Cancels what is running; its results are dropped.</summary>
    public Task CutAsync() => _cut.CancelAsync();

    public void Dispose() => _cut.Dispose();

    async Task WorkAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var work = await core.Activities.TakeAsync(stopping);
                Interlocked.Increment(ref _running);
                try
                {
                    if (await RunAsync(work) is { } answer)
                        await CommitAsync(work, answer);
                }
                catch (Exception refused) when (refused is not (OperationCanceledException or ObjectDisposedException))
                {
                    // The store takes commits, but not this one (a result too large, say).
                    logger.ActivityFailed(work.Name, work.InstanceId, refused);
                    await CommitAsync(work, Failed(work, TaskFailureDetails.FromException(refused)));
                }
                finally
                {
                    Interlocked.Decrement(ref _running);
                }
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <returns>The message to the orchestration; null if the engine was stopped before there was a result.</returns>
    async Task<HistoryEvent?> RunAsync(ActivityWork work)
    {
        if (!activities.TryGetValue(work.Name, out var activity))
            return Failed(work, Failures.NoActivity(work.Name));
        try
        {
            var result = await activity.Run(new(work.InstanceId, work.Input), _cut.Token);
            return new(HistoryKind.TaskCompleted, Now(), work.TaskId, null, DurableJson.Converter.Serialize(result));
        }
        catch (OperationCanceledException) when (_cut.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure)
        {
            logger.ActivityFailed(work.Name, work.InstanceId, failure);
            return Failed(work, TaskFailureDetails.FromException(failure));
        }
    }

    Task<CommitEffects> CommitAsync(ActivityWork work, HistoryEvent answer) => core.Writer.WriteAsync(
        store =>
        {
            var effects = new CommitEffects();
            if (store.DeleteActivity(work.Seq) && store.Find(work.Instance) is { IsFinal: false } caller && caller.Execution == work.Execution)
            {
                store.Post(work.Instance, work.Execution, answer);
                effects.Ready.Add(work.Instance);
            }

            return effects;
        },
        core.Publish);

    async Task RefillAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await core.Activities.WaitForRoomAsync(stopping);
                try
                {
                    core.Activities.Refill();
                    core.ReadSucceeded();
                }
                catch (Exception unreadable) when (StoreFaults.IsStoreWide(unreadable))
                {
                    core.ReadFailed(unreadable);
                    await Task.Delay(options.FirstStoreRetryDelay * 4, time, stopping);
                    core.Activities.RequestRefill();
                }
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
        {
            // Stopping.
        }
    }

    HistoryEvent Failed(ActivityWork work, TaskFailureDetails failure) =>
        new(HistoryKind.TaskFailed, Now(), work.TaskId, work.Name, Failures.Serialize(failure));

    DateTime Now() => time.GetUtcNow().UtcDateTime;
}
