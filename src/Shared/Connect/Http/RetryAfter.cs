namespace DataIngestion.Connect;

/// <summary>The <c>Retry-After</c> header (RFC 9110, 10.2.3): seconds or a date.</summary>
internal static class RetryAfter
{
    // Longer than any sensible wait; keeps a nonsensical header from overflowing a date.
    static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>
    /// The moment that the source asked for; null if it did not. A date is by the source's clock: where the answer says what time it is
    /// there, only the distance counts.
    /// </summary>
    public static DateTimeOffset? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        DateTimeOffset? moment = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => now + (delta < Longest ? delta : Longest),
            { Date: { } date } => response.Headers.Date is { } theirs ? now + (date - theirs) : date,
            _ => null,
        };
        return moment is null || moment < now ? moment is null ? null : now : moment < now + Longest ? moment : now + Longest;
    }
}
