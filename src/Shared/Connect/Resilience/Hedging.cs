namespace DataIngestion.Connect;

/// <summary>
/// Asks once more when an answer is slow, and takes the first that comes. An attempt that has an answer claims the race before it
/// reads it: whoever is too late ends without a trace, so the reader of the caller is only ever called by one.
/// </summary>
internal static class Hedging
{
    /// <summary>Runs an attempt, and further ones beside it while none has an answer.</summary>
    /// <param name="attempt">One attempt. It calls <see cref="HedgeRace.Claim"/> when it has an answer, and releases all it holds when that throws.</param>
    /// <param name="most">Attempts beside the first.</param>
    /// <param name="after">How long each is given before the next begins.</param>
    /// <param name="mayHedge">Whether another one may begin; asked at most once each.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops all.</param>
    /// <exception cref="Exception">What the attempt threw that had claimed the race; or the first one, if none of them got an answer.</exception>
    public static async Task<T> RunAsync<T>(
        Func<HedgeRace, CancellationToken, Task<T>> attempt, int most, TimeSpan after, Func<bool> mayHedge, TimeProvider time, CancellationToken cancellationToken)
    {
        var legs = new List<(Task<T> Task, HedgeRace Race)>();
        var shared = new HedgeRace.Finish();
        using var timers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T>? firstFailed = null;
        var running = new List<Task> { Begin() };
        try
        {
            while (true)
            {
                var timer = legs.Count <= most && shared.Winner is null ? Task.Delay(after, time, timers.Token) : null;
                var ended = await Task.WhenAny(timer is null ? running : [.. running, timer]);
                if (ended == timer)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (shared.Winner is null && mayHedge())
                        running.Add(Begin());
                    else
                        most = 0;
                    continue;
                }

                var leg = legs.Find(l => l.Task == ended);
                if (leg.Task.IsCompletedSuccessfully || shared.Winner == leg.Race)
                    return await leg.Task;
                running.Remove(ended);
                firstFailed ??= leg.Task;
                if (running.Count == 0)
                    return await firstFailed;
            }
        }
        finally
        {
            await timers.CancelAsync();
            foreach (var (task, race) in legs)
                await race.EndAsync(task);
        }

        Task<T> Begin()
        {
            var race = new HedgeRace(shared, cancellationToken);
            var task = attempt(race, race.Stop);
            legs.Add((task, race));
            return task;
        }
    }
}

/// <summary>One attempt's part in a race.</summary>
internal sealed class HedgeRace
{
    readonly Finish _finish;
    readonly CancellationTokenSource _stop;

    internal HedgeRace(Finish finish, CancellationToken cancellationToken)
    {
        (_finish, _stop) = (finish, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken));
        Stop = _stop.Token;
        finish.Entered(this);
    }

    /// <summary>Stops this attempt, also when another one was first.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Takes the race for this attempt, and stops the others.</summary>
    /// <exception cref="OperationCanceledException">Another one was first.</exception>
    public void Claim() => _finish.Claim(this);

    /// <summary>Stops the attempt if it still runs, and waits for it.</summary>
    internal async Task EndAsync(Task task)
    {
        if (!task.IsCompleted)
            await _stop.CancelAsync();
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
    }

    /// <summary>What the attempts of a race share.</summary>
    internal sealed class Finish
    {
        readonly Lock _lock = new();
        readonly List<HedgeRace> _all = [];
        HedgeRace? _winner;

        public HedgeRace? Winner => Volatile.Read(ref _winner);

        public void Entered(HedgeRace race)
        {
            lock (_lock)
                _all.Add(race);
        }

        public void Claim(HedgeRace race)
        {
            HedgeRace[] others;
            lock (_lock)
            {
                if (_winner == race)
                    return;
                if (_winner is not null)
                    throw new OperationCanceledException("Another attempt had its answer first.", race.Stop);
                _winner = race;
                others = [.. _all.Where(r => r != race)];
            }

            foreach (var other in others)
                _ = other._stop.CancelAsync();
        }
    }
}
