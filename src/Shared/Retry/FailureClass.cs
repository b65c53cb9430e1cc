using DataIngestion.Contracts;

namespace DataIngestion.Retry;

/// <summary>Tells failures that may pass from failures that somebody has to mend.</summary>
internal static class FailureClass
{
    // Words that say it whatever the flag says: repeating the same step gives the same answer.
    static readonly HashSet<string> Permanent = new(StringComparer.Ordinal)
    {
        "unauthorized", "forbidden", "unreadable", "configuration", "configuration-invalid", "not-configured",
        "setting-missing", "setting-invalid", "connection-missing", "address-refused", "redirect-refused", "link-refused",
    };

    static readonly HashSet<string> Transient = new(StringComparer.Ordinal)
    {
        "rate-limited", "source-unavailable", "unreachable", "timeout", "deadline",
    };

    /// <summary>Whether the same step may succeed later without anybody changing anything.</summary>
    public static bool MayPass(Failure failure)
    {
        if (Permanent.Contains(failure.Code))
            return false;
        if (Transient.Contains(failure.Code) || failure.RetryNotBefore is not null)
            return true;

        return failure.HttpStatus switch
        {
            408 or 425 or 429 or 500 or 502 or 503 or 504 => true,
            >= 400 => false,
            _ => failure.IsTransient,
        };
    }
}
