namespace DataIngestion.Connect;

/// <summary>
/// Delays between attempts that spread out those who failed together: <c>sleep = min(cap, random(base, sleep × 3))</c>, beginning with
/// the base (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
/// </summary>
/// <param name="shortest">The base.</param>
/// <param name="longest">The cap.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class DecorrelatedJitter(TimeSpan shortest, TimeSpan longest, Random random)
{
    /// <summary>The delay after another one.</summary>
    /// <param name="last">The last delay of the same request; null before the first.</param>
    public TimeSpan Next(TimeSpan? last)
    {
        var most = (last ?? shortest) * 3;
        double chance;
        lock (random) // a seeded one is not safe by itself
            chance = random.NextDouble();
        var sleep = shortest + ((most - shortest) * chance);
        return sleep < longest ? sleep : longest;
    }
}
