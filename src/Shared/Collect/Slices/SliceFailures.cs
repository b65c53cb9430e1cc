using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// The slices of a collection that failed. One that fails does not stop the others: what they land is there for the next attempt, which
/// asks only for what is missing. Where it is the source that fails rather than a slice, no more are begun; nor while as many slices as may
/// be asked for at once wait for the source to do their jobs.
/// </summary>
internal sealed class SliceFailures(int mostWaiting)
{
    /// <summary>Failed slices after which no more are begun.</summary>
    public const int Most = 10;

    readonly List<(string Slice, StepFailedException Failed)> _failed = [];
    readonly Lock _lock = new();

    /// <summary>Whether more slices may be begun.</summary>
    public bool MayGoOn
    {
        get
        {
            lock (_lock)
            {
                return _failed.Count(f => !f.Failed.Failure.IsWaiting) < Most
                    && _failed.Count(f => f.Failed.Failure.IsWaiting) < mostWaiting
                    && !_failed.Exists(f => f.Failed.Failure is { IsWaiting: false, RetryNotBefore: not null } or { Code: "unauthorized" });
            }
        }
    }

    /// <summary>Takes a failure down.</summary>
    public void Add(Slice slice, StepFailedException failed)
    {
        lock (_lock)
            _failed.Add((slice.Key, failed));
    }

    /// <summary>Fails as they did: for good if one did, and not before all of them may be asked again.</summary>
    /// <exception cref="StepFailedException">There is one.</exception>
    public void ThrowIfAny()
    {
        if (_failed.Count == 0)
            return;
        var really = _failed.Where(f => !f.Failed.Failure.IsWaiting).ToList();
        if (really.Count == 0)
        {
            var first = _failed.MinBy(f => f.Failed.Failure.RetryNotBefore);
            throw new StepFailedException(first.Failed.Failure with { Message = $"{first.Slice}: {first.Failed.Failure.Message}" }, first.Failed);
        }

        var (slice, failed) = really.OrderBy(f => f.Failed.Failure.IsTransient).ThenBy(f => f.Slice, StringComparer.Ordinal).First();
        throw new StepFailedException(
            failed.Failure with
            {
                Message = $"{slice}: {failed.Failure.Message}{(really.Count > 1 ? $" ({really.Count - 1} more failed too; what the others landed is kept.)" : "")}",
                RetryNotBefore = really.Max(f => f.Failed.Failure.RetryNotBefore),
            },
            failed);
    }
}
