using Azure.Storage.Blobs;
using DataIngestion.LocalRuntime.Triggers.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers.Timers;

/// <summary>Runs one timer function when it is due, in one instance of the host at a time and never twice at once.</summary>
internal sealed class TimerListener : ITriggerListener
{
    const string HostsContainer = "azure-webjobs-hosts";
    static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    readonly FunctionInvoker _invoker;
    readonly TimerTrigger _trigger;
    readonly RuntimeServices _runtime;
    readonly ILogger _logger;
    readonly BlobLease _lease;
    readonly ScheduleStore _store;
    readonly SemaphoreSlim _one = new(1, 1);
    readonly CancellationTokenSource _stop = new();
    Task _loop = Task.CompletedTask;

    public TimerListener(FunctionInvoker invoker, TimerTrigger trigger, RuntimeServices runtime)
    {
        (_invoker, _trigger, _runtime) = (invoker, trigger, runtime);
        _logger = runtime.Loggers.CreateLogger<TimerListener>();
        var container = runtime.Storage.Blobs(trigger.Connection).GetBlobContainerClient(HostsContainer);
        var app = invoker.Function.App.HostId;
        _lease = new(container.GetBlobClient($"locks/{app}/{Name}.Listener"));
        _store = new(container.GetBlobClient($"timers/{app}/{Name}/status"));
    }

    string Name => _invoker.Function.Name;

    /// <summary>As in Azure, schedules below a minute are not recorded.</summary>
    bool IsMonitored => _trigger.UseMonitor && _trigger.Schedule.IsAtLeast(TimeSpan.FromMinutes(1), Now);

    DateTime Now => _runtime.Time.GetUtcNow().UtcDateTime;

    public void Start() => _loop = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await _one.WaitAsync(); // a run by hand may be under way
        _one.Release();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _one.Dispose();
    }

    /// <summary>Runs the function now, whatever the schedule says, once a run that is under way has ended.</summary>
    public Task RunByHandAsync() => InvokeAsync(new TimerInfo());

    async Task RunAsync()
    {
        var source = $"timer {Name}";
        var (lost, waiting) = (false, false);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await _lease.TryHoldAsync(_stop.Token))
                {
                    if (lost)
                        _logger.StorageBack(source);
                    (lost, waiting) = (false, false);
                    await KeepScheduleAsync();
                    continue;
                }

                if (!waiting)
                    _logger.TimerElsewhere(Name);
                waiting = true;
                await Task.Delay(RenewEvery, _runtime.StorageTime, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception outage)
            {
                if (!QueueConsumer.IsOutage(outage))
                    _logger.ListenerFailed(outage, source);
                else if (!lost)
                    _logger.StorageLost(source, outage.Message);
                lost = true;
                await Task.Delay(RetryAfter, _runtime.StorageTime, CancellationToken.None);
            }
        }
    }

    /// <summary>Runs the function when due until the lease is lost or the host stops.</summary>
    async Task KeepScheduleAsync()
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var renewal = RenewAsync(held);
        try
        {
            await FollowAsync(held.Token);
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            // The lease is lost or the host stops; both are the caller's to handle.
        }
        finally
        {
            await held.CancelAsync();
            await renewal;
            if (_stop.IsCancellationRequested)
                await _lease.ReleaseAsync();
        }
    }

    async Task FollowAsync(CancellationToken held)
    {
        var status = IsMonitored ? await _store.ReadAsync(held) : null;
        var due = await FirstDueAsync(status, held);
        while (true)
        {
            await WaitUntilAsync(due, held);
            due = await RunDueAsync(due, status, held);
            status = IsMonitored ? new() { Last = due.Previous, Next = due.At, LastUpdated = Now } : null;
            if (status is not null)
                await _store.WriteAsync(status, CancellationToken.None);
        }
    }

    /// <summary>The recorded occurrence if it was missed, else the start if asked for, else the schedule's next.</summary>
    async Task<Due> FirstDueAsync(ScheduleStatus? status, CancellationToken held)
    {
        var now = Now;
        if (status is not null)
        {
            // A changed schedule is not past due by the old one's account.
            var planned = status.Last == default ? status.Next : _trigger.Schedule.Next(status.Last);
            if (planned == status.Next && planned <= now)
                return new(planned, status.Last, IsPastDue: true);
        }

        var next = _trigger.Schedule.Next(now);
        if (IsMonitored)
            await _store.WriteAsync(new() { Last = status?.Last ?? default, Next = next, LastUpdated = now }, held);
        return _trigger.RunOnStartup ? new(now, status?.Last ?? default, IsPastDue: false) : new(next, status?.Last ?? default, IsPastDue: false);
    }

    /// <summary>Runs what is due and returns what is due next: an occurrence that the run itself overran follows at once, and only one.</summary>
    async Task<Due> RunDueAsync(Due due, ScheduleStatus? status, CancellationToken held)
    {
        held.ThrowIfCancellationRequested();
        var started = Now;
        var info = new TimerInfo { IsPastDue = due.IsPastDue, ScheduleStatus = status };
        try
        {
            await InvokeAsync(info);
        }
        catch (Exception)
        {
            // Logged by the invoker; a failed run is not repeated before its next occurrence.
        }

        var next = _trigger.Schedule.Next(started > due.At ? started : due.At);
        return new(next, due.IsPastDue ? started : due.At, IsPastDue: next <= Now);
    }

    async Task InvokeAsync(TimerInfo info)
    {
        await _one.WaitAsync();
        try
        {
            await _invoker.InvokeAsync(TriggerPayload.Of(info));
        }
        finally
        {
            _one.Release();
        }
    }

    async Task WaitUntilAsync(Due due, CancellationToken held)
    {
        for (var left = due.At - Now; left > TimeSpan.Zero; left = due.At - Now)
            await Task.Delay(left < LongestWait ? left : LongestWait, _runtime.Time, held);
    }

    async Task RenewAsync(CancellationTokenSource held)
    {
        while (!held.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(RenewEvery, _runtime.StorageTime, held.Token);
                if (!await _lease.TryHoldAsync(held.Token))
                    await held.CancelAsync();
            }
            catch (OperationCanceledException) when (held.IsCancellationRequested)
            {
                return;
            }
            catch (Exception outage) when (QueueConsumer.IsOutage(outage))
            {
                // Nobody else can take the lease while storage is away; it is settled when storage is back.
            }
        }
    }

    /// <param name="At">When it is due, in UTC.</param>
    /// <param name="Previous">The occurrence before it.</param>
    readonly record struct Due(DateTime At, DateTime Previous, bool IsPastDue);
}
