using DataIngestion.Cli.Platform;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Demo;

/// <summary>Where the runs of one source stand in a round of the demo.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Done">Steps behind it.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Doing">What it is doing, in a few words.</param>
/// <param name="IsOver">Whether all of its runs have ended.</param>
internal sealed record SourceProgress(string Source, int Done, int Steps, string Doing, bool IsOver);

/// <summary>Follows the runs of one round to their end.</summary>
internal sealed class DemoRound(PlatformClient platform, TimeProvider time, TimeSpan limit)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // In the order in which a run takes them; what lies between a run's begin and its first step counts as none.
    static readonly string[] Steps = ["connect", "collect", "convert", "quality", "merge"];

    /// <summary>Waits until every run has ended.</summary>
    /// <param name="runs">Run ids.</param>
    /// <param name="seen">Told after every look about each source.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailedException">They did not end within the limit.</exception>
    public async Task<IReadOnlyList<IngestionStatus>> FollowAsync(
        IReadOnlyCollection<string> runs, Action<IReadOnlyList<SourceProgress>> seen, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var states = runs.ToDictionary(r => r, _ => (IngestionStatus?)null, StringComparer.Ordinal);
        while (true)
        {
            foreach (var run in runs.Where(r => !IsOver(states[r])))
                states[run] = await LookAsync(run, cancellationToken);
            seen([.. states.GroupBy(s => SourceOf(s.Key)).Select(g => Progress(g.Key, [.. g.Select(s => s.Value)]))]);
            if (states.Values.All(IsOver))
                return [.. states.Values.OfType<IngestionStatus>()];
            if (time.GetElapsedTime(started) > limit)
            {
                var open = states.Where(s => !IsOver(s.Value)).Select(s => $"{s.Key} ({s.Value?.Progress?.Step ?? s.Value?.Status.ToString().ToLowerInvariant() ?? "not begun"})");
                throw new CommandFailedException(ExitCodes.Failed, $"After {limit.TotalMinutes:0} minutes these runs have not ended: {string.Join(", ", open)}.");
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    // A dropped file's run is known before the platform has noticed the file.
    async Task<IngestionStatus?> LookAsync(string run, CancellationToken cancellationToken)
    {
        try
        {
            return await platform.GetAsync<IngestionStatus>($"api/ingestions/{run}", cancellationToken);
        }
        catch (CommandFailedException unknown) when (unknown.ExitCode == ExitCodes.NotFound)
        {
            return null;
        }
    }

    static bool IsOver(IngestionStatus? status) => status?.Status is RunState.Completed or RunState.Failed or RunState.Terminated;

    static string SourceOf(string run) => RunId.TryParse(run, out var source, out _) ? source : run;

    static SourceProgress Progress(string source, IReadOnlyList<IngestionStatus?> runs)
    {
        var done = runs.Sum(r => IsOver(r) ? Steps.Length : Math.Max(0, Array.IndexOf(Steps, r?.Progress?.Step)));
        var working = runs.FirstOrDefault(r => !IsOver(r));
        var doing = runs.All(IsOver) ? runs.Any(r => r!.Status is not RunState.Completed) ? "failed" : "done"
            : working is null ? "waiting"
            : working.Progress is { WaitingUntil: not null } progress ? $"{progress.Step}, trying again" : working.Progress?.Step ?? working.Status.ToString().ToLowerInvariant();
        return new(source, done, runs.Count * Steps.Length, doing, runs.All(IsOver));
    }
}
