using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Retry;

/// <summary>Decides what to do about a failed step.</summary>
public sealed class RetryAdvisor(
    CursorStore cursors, BlobStore blobs, DeadLetterStore letters, RetryJitter jitter, RetryMetrics metrics, TimeProvider time)
{
    // So that not all that waited come back in the same second.
    static readonly TimeSpan AfterMaintenanceSpread = TimeSpan.FromMinutes(1);

    /// <summary>
    /// In this order: wait for the end of a maintenance that the vendor announced; try again while the failure may pass and the policy allows it; run a fallback source; use what was landed last, if the
    /// policy allows it; give up, leaving a dead letter. Merging is the platform's own work, so another source or older data are no help there.
    /// </summary>
    public async Task<RetryDecision> DecideAsync(RetryArguments arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var (again, why) = Again(arguments);
        var decision = again
            ?? Fallback(arguments, why)
            ?? await FromCacheAsync(arguments, why, cancellationToken)
            ?? await GiveUpAsync(arguments, why, cancellationToken);
        metrics.Decided(decision.Action, arguments.Source, arguments.Failure.Code);
        return decision;
    }

    (RetryDecision? Decision, string Why) Again(RetryArguments arguments)
    {
        var (failure, policy) = (arguments.Failure, arguments.Policy);
        if (!FailureClass.MayPass(failure))
            return (null, $"'{failure.Code}' does not pass by itself");

        var now = time.GetUtcNow();
        if (failure is { IsWaiting: true, RetryNotBefore: { } goOn })
            return (new() { Action = RetryAction.Retry, NotBefore = goOn, Counts = false, Reason = $"the source is at work; the step goes on at {goOn:u}." }, "it waits");
        var attempt = Math.Max(1, arguments.Attempt);
        var first = arguments.FirstTriedAt == default ? now : arguments.FirstTriedAt;
        var draw = jitter.Next($"{arguments.Run}\n{arguments.Dataset}\n{arguments.Step}\n{attempt}");
        if (IsFetch(arguments) && AfterMaintenance(arguments, now, draw) is { } decision)
            return (decision, decision.Reason);
        if (Backoff.Next(policy, attempt, first, now, failure.RetryNotBefore, draw) is { } next)
        {
            var reason = string.Create(CultureInfo.InvariantCulture, $"attempt {attempt} of {policy.Attempts} failed with '{failure.Code}'; the next is due in {(next - now).TotalSeconds:0.###} s.");
            return (new() { Action = RetryAction.Retry, NotBefore = next, Reason = reason }, reason);
        }

        return (null, attempt >= policy.Attempts
            ? $"'{failure.Code}' stayed through all {policy.Attempts} attempts"
            : $"'{failure.Code}' stays beyond the {Duration.Format(policy.Within)} that the policy gives");
    }

    // Down as announced: nobody is paged, nothing stands in, and the attempts are kept for afterwards.
    static RetryDecision? AfterMaintenance(RetryArguments arguments, DateTimeOffset now, double draw)
    {
        var ends = arguments.Maintenance.Select(m => m.EndAt(now)).OfType<DateTimeOffset>().ToList();
        if (ends.Count == 0)
            return null;
        var end = ends.Max();
        var reason = string.Create(CultureInfo.InvariantCulture, $"'{arguments.Failure.Code}' in the announced maintenance of '{arguments.Source}', which ends at {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC; tried again then.");
        return new() { Action = RetryAction.Retry, NotBefore = end + (AfterMaintenanceSpread * draw), Counts = false, Reason = reason };
    }

    static RetryDecision? Fallback(RetryArguments arguments, string why) =>
        arguments.Fallbacks.Count > 0 && !IsMerge(arguments)
            ? new() { Action = RetryAction.Fallback, FallbackSource = arguments.Fallbacks[0], Reason = $"{why}; '{arguments.Fallbacks[0]}' stands in for '{arguments.Source}'." }
            : null;

    async Task<RetryDecision?> FromCacheAsync(RetryArguments arguments, string why, CancellationToken cancellationToken)
    {
        // What was landed last says nothing about a certain file or window, and converting it again changes nothing.
        if (!arguments.Policy.UseCache || arguments.Request is { File: not null } or { Window: not null } || !IsFetch(arguments))
            return null;
        var cursor = await cursors.FindAsync(arguments.Source, arguments.Dataset, cancellationToken);
        if (cursor?.Landing is not { } landing || await blobs.FindAsync(landing, cancellationToken) is null)
            return null;
        return new() { Action = RetryAction.RecoverFromCache, CachedLanding = landing, Reason = $"{why}; what run '{cursor.Run}' landed stands in." };
    }

    async Task<RetryDecision> GiveUpAsync(RetryArguments arguments, string why, CancellationToken cancellationToken)
    {
        var letter = await letters.AddAsync(arguments, $"{arguments.Step}: {why}: {arguments.Failure.Message}", cancellationToken);
        return new() { Action = RetryAction.DeadLetter, DeadLetter = letter.Id, Reason = $"{why}; replay dead letter {letter.Id} when the cause is mended." };
    }

    static bool IsMerge(RetryArguments arguments) => Speaks(arguments, CommandKinds.Merge) || Speaks(arguments, CommandKinds.Withdraw);

    static bool IsFetch(RetryArguments arguments) => Speaks(arguments, CommandKinds.Connect) || Speaks(arguments, CommandKinds.Collect);

    // Managers name steps after the command, with the dataset before or behind it.
    static bool Speaks(RetryArguments arguments, string kind) =>
        arguments.Step == kind || arguments.Step.StartsWith(kind + '-', StringComparison.Ordinal) || arguments.Step.EndsWith('-' + kind, StringComparison.Ordinal)
        || arguments.Step.Split('.', ':', '/', '|').Contains(kind);
}
