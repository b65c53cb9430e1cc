using Azure;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Commands;

/// <summary>
/// How long each step of each source and dataset usually takes: the times of its last seven days, in <c>control/baselines/{step}/{source}/{dataset}.json</c>.
/// An alert's query reaches back two days at most, so what seven days are needed for is kept here.
/// </summary>
public sealed class StepBaselines(BlobStore blobs, TimeProvider time, ILogger<StepBaselines> logger)
{
    /// <summary>How far back it looks.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromDays(7);

    /// <summary>Times that are kept; of a step that is done more often they cover less than the window.</summary>
    internal const int MaxTimes = 500;

    /// <summary>Times without which a median says nothing.</summary>
    internal const int MinTimes = 5;

    /// <summary>Compares a step that succeeded with its own past, and remembers its time.</summary>
    /// <returns>Its time as a multiple of the median; null while there is too little to compare with.</returns>
    internal async Task<double?> CompareAsync(StepName step, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (step is not { Source.Length: > 0, Dataset.Length: > 0 })
            return null;
        var path = new LakePath(Containers.Control, $"baselines/{step.Step}/{step.Source}/{step.Dataset}.json");
        try
        {
            var known = await blobs.ReadJsonAsync<StepTimes>(path, cancellationToken);
            var now = time.GetUtcNow();
            var recent = (known?.Value.Times ?? []).Where(t => now - t.At < Window).ToList();
            var kept = recent.Append(new(now, duration.TotalSeconds)).TakeLast(MaxTimes);
            await blobs.TryReplaceJsonAsync(path, new StepTimes([.. kept]), known?.ETag, cancellationToken); // another attempt at the same moment may win
            return recent.Count >= MinTimes && Median(recent) is > 0 and var median ? duration.TotalSeconds / median : null;
        }
        catch (Exception failure) when (failure is RequestFailedException or StepFailedException)
        {
            logger.LogDebug(failure, "The time of {Step} of {Source} could not be compared", step.Step, step.Source);
            return null; // nothing that a step may fail for
        }
    }

    static double Median(List<StepTime> times)
    {
        var sorted = times.Select(t => t.Seconds).Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    sealed record StepTimes(IReadOnlyList<StepTime> Times);

    sealed record StepTime(DateTimeOffset At, double Seconds);
}
