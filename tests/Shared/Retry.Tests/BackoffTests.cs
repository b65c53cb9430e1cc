using CsCheck;
using DataIngestion.Contracts;

namespace DataIngestion.Retry.Tests;

public sealed class BackoffTests
{
    static readonly Gen<RetryPolicyDefinition> Policies = Gen.Select(
        Gen.Int[1, 100], Gen.Long[1, 86_400_000], Gen.Double[1, 10], Gen.Long[1, 604_800_000], Gen.Long[1_000, 2_592_000_000],
        (attempts, delay, factor, maximum, within) => new RetryPolicyDefinition
        {
            Attempts = attempts,
            Delay = TimeSpan.FromMilliseconds(delay),
            Factor = factor,
            MaxDelay = TimeSpan.FromMilliseconds(maximum),
            Within = TimeSpan.FromMilliseconds(within),
        });

    static readonly Gen<double> Jitters = Gen.Double[0, 0.999_999_999];

    [Fact]
    public void Ceilings_never_shrink_and_never_pass_the_longest_delay() => Gen.Select(Policies, Gen.Int[1, 100]).Sample((policy, attempt) =>
    {
        var ceiling = Backoff.Ceiling(policy, attempt);
        Assert.InRange(ceiling, TimeSpan.Zero, policy.MaxDelay);
        Assert.True(Backoff.Ceiling(policy, attempt + 1) >= ceiling);
        Assert.Equal(policy.Delay < policy.MaxDelay ? policy.Delay : policy.MaxDelay, Backoff.Ceiling(policy, 1));
    });

    [Fact]
    public void The_next_attempt_is_after_now_after_what_the_source_asked_for_and_within_the_limits() =>
        Gen.Select(Policies, Gen.Int[1, 100], Gen.Long[0, 3_000_000_000], Gen.Long[-1_000_000, 3_000_000_000], Jitters).Sample((policy, attempt, elapsed, asked, jitter) =>
        {
            var now = Samples.Noon.AddMilliseconds(elapsed);
            var askedFor = now.AddMilliseconds(asked);
            var end = Samples.Noon + policy.Within;

            var next = Backoff.Next(policy, attempt, Samples.Noon, now, askedFor, jitter);

            if (attempt >= policy.Attempts || now > end || askedFor > end)
            {
                Assert.Null(next);
                return;
            }

            Assert.NotNull(next);
            Assert.InRange(next.Value, askedFor > now ? askedFor : now, end);
            if (asked <= 0)
                Assert.True(next.Value - now <= Backoff.Ceiling(policy, attempt));
        });

    [Fact]
    public void On_average_each_wait_is_half_its_ceiling_and_no_shorter_than_the_one_before()
    {
        var policy = new RetryPolicyDefinition { Attempts = 20, Delay = TimeSpan.FromSeconds(1), Factor = 2, MaxDelay = TimeSpan.FromMinutes(2), Within = TimeSpan.FromDays(1) };
        var jitter = new RetryJitter(seed: 7);
        var before = TimeSpan.Zero;
        for (var attempt = 1; attempt < 10; attempt++)
        {
            var mean = Enumerable.Range(0, 4_000)
                .Average(i => (Backoff.Next(policy, attempt, Samples.Noon, Samples.Noon, null, jitter.Next($"{i}"))!.Value - Samples.Noon).TotalSeconds);
            Assert.InRange(mean / Backoff.Ceiling(policy, attempt).TotalSeconds, 0.47, 0.53);
            Assert.True(Backoff.Ceiling(policy, attempt) >= before);
            before = Backoff.Ceiling(policy, attempt);
        }
    }

    [Fact]
    public void The_same_seed_and_key_draw_the_same_number_and_others_draw_others() => Gen.Select(Gen.Int, Gen.String).Sample((seed, key) =>
    {
        var drawn = new RetryJitter(seed).Next(key);
        Assert.InRange(drawn, 0, 0.999_999_999_999_999_9);
        Assert.Equal(drawn, new RetryJitter(seed).Next(key));
        Assert.NotEqual(drawn, new RetryJitter(seed).Next(key + "x"));
        Assert.NotEqual(drawn, new RetryJitter(unchecked(seed + 1)).Next(key));
    });
}
