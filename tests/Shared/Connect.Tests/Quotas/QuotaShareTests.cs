using CsCheck;
using DataIngestion.Contracts;

namespace DataIngestion.Connect.Tests.Quotas;

public sealed class QuotaShareTests
{
    static QuotaLimit Limit(int permits, double seconds) => new() { Permits = permits, Per = TimeSpan.FromSeconds(seconds) };

    [Fact]
    public void No_stretch_of_time_ever_holds_more_than_is_allowed_whatever_fails() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 60], Gen.Double[0.2, 20], Gen.Int[1, 8]).Sample(
            (seed, permits, seconds, workers) =>
            {
                var limit = Limit(permits, seconds);
                var world = new QuotaSimulation(seed, [limit], workers, faults: true);

                world.Run(TimeSpan.FromMinutes(3));

                Assert.InRange(world.Most(limit.Per), 0, permits);
                Assert.NotEmpty(world.Arrivals);
            },
            iter: 40);

    [Fact]
    public void Several_limits_hold_at_once() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 8]).Sample(
            (seed, workers) =>
            {
                QuotaLimit[] limits = [Limit(8, 1), Limit(120, 60), Limit(400, 3600)];
                var world = new QuotaSimulation(seed, limits, workers, faults: true);

                world.Run(TimeSpan.FromMinutes(10));

                Assert.All(limits, limit => Assert.InRange(world.Most(limit.Per), 0, limit.Permits));
                Assert.NotEmpty(world.Arrivals);
            },
            iter: 6);

    [Theory]
    [InlineData(100, 10, 8), InlineData(40, 5, 8), InlineData(600, 60, 3), InlineData(5, 10, 8)]
    public void What_is_allowed_is_used(int permits, double seconds, int workers)
    {
        var limit = Limit(permits, seconds);
        var world = new QuotaSimulation(seed: 7, [limit], workers, faults: false);

        world.Run(TimeSpan.FromMinutes(10));

        // Requests here take 350 ms on average, and a permit comes back only after that: so much is lost, and little more.
        var possible = permits * 600 / (seconds + 0.35);
        var used = world.Arrivals.Sum(a => a.Weight);
        Assert.True(used >= possible * 0.93, $"{used} of {possible:F0}");
        Assert.InRange(world.Most(limit.Per), 0, permits);
    }

    [Fact]
    public void No_permit_is_lost_or_made_up()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var world = new QuotaSimulation(seed, [Limit(50, 5)], workers: 5, faults: true);
            world.Run(TimeSpan.FromMinutes(3));

            var limit = Assert.Single(world.Account.Limits);
            Assert.Equal(50, limit.FreeCount + world.Account.Workers.Sum(w => w.Held[0]));
            Assert.True(world.Deaths > 0, "somebody must die for this to say something");
        }
    }

    [Fact]
    public void Nobody_gets_more_than_it_wants_and_all_that_is_wanted_is_given() =>
        Gen.Select(Gen.Int[0, 100].Array[1, 10], Gen.Int[0, 200], Gen.Int[0, 1000]).Sample((wants, capacity, epoch) =>
        {
            var workers = wants.Select((w, i) => ($"worker-{i}", w, 1)).ToList();

            var (parts, _) = QuotaDivision.Of(workers, capacity, epoch);

            Assert.All(parts.Zip(wants), p => Assert.InRange(p.First, 0, p.Second));
            Assert.Equal(Math.Min(capacity, wants.Sum()), parts.Sum());
            for (var i = 0; i < wants.Length; i++)
                Assert.All(parts.Where((_, j) => parts[i] < wants[i]), part => Assert.True(part <= parts[i] + 1 || part <= wants[i], "equal parts"));
        });

    [Fact]
    public void Moments_are_kept_in_order_whatever_is_added_and_taken() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 50], Gen.Int[1, 30]).Array[0, 60].Sample(acts =>
        {
            var times = new UsableTimes();
            var expected = new List<TimeSpan>();
            foreach (var (act, moment, count) in acts)
            {
                if (act < 2)
                {
                    times.Add(TimeSpan.FromSeconds(moment), count);
                    expected.AddRange(Enumerable.Repeat(TimeSpan.FromSeconds(moment), count));
                    expected.Sort();
                }
                else if (act == 2 && expected.Count >= count)
                {
                    times.RemoveFirst(count);
                    expected.RemoveRange(0, count);
                }
                else if (act == 3 && expected.Count > 0)
                {
                    times.RemoveLast();
                    expected.RemoveAt(expected.Count - 1);
                }

                Assert.Equal(expected, Enumerable.Range(0, times.Count).Select(i => times[i]));
                Assert.Equal(expected.Count(t => t <= TimeSpan.FromSeconds(moment)), times.CountUpTo(TimeSpan.FromSeconds(moment)));
            }
        });

    [Fact]
    public void With_fewer_permits_than_workers_each_gets_its_turn()
    {
        var workers = Enumerable.Range(0, 8).Select(i => ($"worker-{i}", 5, 1)).ToList();
        var served = new int[8];

        for (var epoch = 0; epoch < 200; epoch++)
        {
            var (parts, goesRound) = QuotaDivision.Of(workers, 1, epoch);
            Assert.True(goesRound);
            served[Array.IndexOf(parts, 1)]++;
        }

        Assert.All(served, count => Assert.True(count > 5, "its turn comes"));
    }

    [Fact]
    public void A_heavy_request_is_given_enough_together_or_nothing()
    {
        var (parts, _) = QuotaDivision.Of([("a", 10, 4), ("b", 10, 1)], 7, epoch: 0);

        Assert.True(parts[0] is 0 or 4, $"{parts[0]}");
        Assert.Equal(7, parts.Sum());
    }

    [Fact]
    public void The_time_of_the_server_lies_between_the_bounds_whatever_the_own_clock_says() =>
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[-150e-6, 150e-6], Gen.Int[0, 1_000_000]).Sample((offset, drift, seed) =>
        {
            var random = new Random(seed);
            var clock = new ServerClock();
            var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
            TimeSpan Local(double seconds) => TimeSpan.FromSeconds(1e7 + offset + (seconds * (1 + drift)));
            var now = 0.0;
            for (var i = 0; i < 50; i++)
            {
                var (sent, answered, received) = (now, now + (random.NextDouble() * 0.2), 0.0);
                received = answered + (random.NextDouble() * 0.2);
                var date = start.AddSeconds(Math.Floor(answered));
                clock.Observe(date, date.AddSeconds(1), Local(sent), Local(received));
                now = received + (random.NextDouble() * 20);

                var truth = start.AddSeconds(now);
                Assert.InRange(truth, clock.AtLeast(Local(now)).AddTicks(-10), clock.AtMost(Local(now)).AddTicks(10));
            }

            Assert.True(clock.AtMost(Local(now)) - clock.AtLeast(Local(now)) < TimeSpan.FromSeconds(0.8), "many answers say more than one");
        });
}
