using CsCheck;

namespace DataIngestion.Connect.Tests.Resilience;

public sealed class RetryBudgetTests
{
    [Fact]
    public void Faults_cost_more_than_throttling_and_success_gives_back()
    {
        var budget = new RetryBudget(500);

        Assert.True(budget.TryPay(RetryBudget.TransientCost));
        Assert.True(budget.TryPay(RetryBudget.ThrottledCost));
        Assert.Equal(481, budget.Left);
        budget.Succeeded(RetryBudget.TransientCost);
        budget.Succeeded(lastCost: 0);

        Assert.Equal(496, budget.Left);
    }

    [Fact]
    public void A_source_that_is_down_gets_few_retries_and_then_none()
    {
        var budget = new RetryBudget(500);

        var retries = Enumerable.Range(0, 1000).Count(_ => budget.TryPay(RetryBudget.TransientCost));

        Assert.Equal(35, retries); // 500 / 14
        Assert.Equal(10, budget.Left);
    }

    [Fact]
    public void Without_a_capacity_everything_is_paid()
    {
        var budget = new RetryBudget(0);

        Assert.True(Enumerable.Range(0, 1000).All(_ => budget.TryPay(RetryBudget.TransientCost)));
        Assert.Null(budget.Left);
    }

    [Fact]
    public void It_is_never_overdrawn_and_never_overfull() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[0, 2].Array[0, 200]).Sample((capacity, acts) =>
        {
            var budget = new RetryBudget(capacity);
            foreach (var act in acts)
            {
                if (act == 0)
                    budget.TryPay(RetryBudget.TransientCost);
                else
                    budget.Succeeded(act == 1 ? 0 : RetryBudget.TransientCost);
                Assert.InRange(budget.Left!.Value, 0, capacity);
            }
        });

    [Fact]
    public void Delays_lie_between_the_shortest_and_three_times_the_last_and_under_the_longest() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 60_000], Gen.Int).Sample((shortest, longest, seed) =>
        {
            var (low, high) = (TimeSpan.FromMilliseconds(shortest), TimeSpan.FromMilliseconds(longest));
            var jitter = new DecorrelatedJitter(low, high, new Random(seed));
            TimeSpan? last = null;
            for (var i = 0; i < 20; i++)
            {
                var next = jitter.Next(last);
                Assert.InRange(next, low < high ? low : high, high);
                Assert.True(next <= (last ?? low) * 3, "at most three times the last");
                last = next;
            }
        });

    [Fact]
    public void The_same_seed_waits_the_same_and_others_do_not()
    {
        static TimeSpan[] Delays(int seed)
        {
            var jitter = new DecorrelatedJitter(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20), new Random(seed));
            return [.. Enumerable.Range(0, 5).Select(_ => jitter.Next(TimeSpan.FromSeconds(3)))];
        }

        Assert.Equal(Delays(1), Delays(1));
        Assert.NotEqual(Delays(1), Delays(2));
    }
}
