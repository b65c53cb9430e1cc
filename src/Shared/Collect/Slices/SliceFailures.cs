using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// The slices of a collection that failed. One that fails does not stop the others: what they land is there for the next attempt, which
/// asks only for what is missing. Where it is the source that fails rather than a slice, no more are begun.
/// </summary>
internal sealed class SliceFailures
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
                return _failed.Count < Most && !_failed.Exists(f => f.Failed.Failure is { RetryNotBefore: not null } or { Code: "unauthorized" });
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
        var (slice, failed) = _failed.OrderBy(f => f.Failed.Failure.IsTransient).ThenBy(f => f.Slice, StringComparer.Ordinal).First();
        throw new StepFailedException(
            failed.Failure with
            {
                Message = $"{slice}: {failed.Failure.Message}{(_failed.Count > 1 ? $" ({_failed.Count - 1} more failed too; what the others landed is kept.)" : "")}",
                RetryNotBefore = _failed.Max(f => f.Failed.Failure.RetryNotBefore),
            },
            failed);
    }
}
