using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests.Pooling;

public sealed class ConnectionPoolTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    readonly FakeTimeProvider _time = new(Start);
    readonly FakeConnections _source = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    ConnectionPool<FakeConnection> Pool(int max = 2, ConnectionPoolOptions? options = null) => new(_source.Handlers, options ?? new(), max, _time);

    [Fact]
    public async Task A_connection_is_used_again_only_after_clean_work()
    {
        await using var pool = Pool();
        using (var first = await pool.RentAsync(Stop))
            first.MarkClean();
        using (var second = await pool.RentAsync(Stop))
            Assert.Equal(1, second.Connection.Number);

        using var third = await pool.RentAsync(Stop);

        Assert.Equal(2, third.Connection.Number);
        Assert.Equal((1, 2L, 1L), (pool.State.Open, pool.State.Opened, pool.State.Broken));
    }

    [Fact]
    public async Task A_connection_that_says_it_is_spent_is_closed()
    {
        await using var pool = Pool();
        using (var first = await pool.RentAsync(Stop))
        {
            first.Connection.IsSpent = true;
            first.MarkClean();
        }

        Assert.Equal((0, 0L), (_source.Open, pool.State.Broken));
    }

    [Fact]
    public async Task Those_in_line_are_served_in_the_order_in_which_they_came()
    {
        await using var pool = Pool(max: 1);
        var held = await pool.RentAsync(Stop);
        var served = new List<int>();
        var waiting = Enumerable.Range(0, 20).Select(async i =>
        {
            using var lease = await pool.RentAsync(Stop);
            served.Add(i);
            if (i % 3 != 0)
                lease.MarkClean(); // a broken one in between changes nothing
        }).ToList();
        Assert.Equal(20, pool.State.Waiting);

        held.Dispose();
        await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(0, 20), served);
        Assert.Equal(1, _source.Most);
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_the_line_and_takes_nothing_along()
    {
        await using var pool = Pool(max: 1);
        var held = await pool.RentAsync(Stop);
        using var impatient = new CancellationTokenSource();
        var first = pool.RentAsync(impatient.Token);
        var second = pool.RentAsync(Stop);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        held.MarkClean();
        held.Dispose();

        using var lease = await second;
        Assert.Equal((1, 0, 0), (pool.State.Open, pool.State.Idle, pool.State.Waiting));
    }

    [Fact]
    public async Task A_failed_opening_frees_its_place_for_the_next()
    {
        await using var pool = Pool(max: 1);
        var gate = new TaskCompletionSource();
        _source.Opening = _ => gate.Task;
        _source.IsDown = true;
        var first = pool.RentAsync(Stop);
        var second = pool.RentAsync(Stop);

        gate.SetResult();

        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        Assert.Equal((0, 0), (pool.State.Open, pool.State.Waiting));
    }

    [Fact]
    public async Task What_has_lain_too_long_is_closed_but_for_the_fewest_wanted()
    {
        await using var pool = Pool(max: 5, new() { MinIdle = 1, IdleTimeout = TimeSpan.FromMinutes(1), ProbeAfter = TimeSpan.FromHours(1) });
        await ReturnAllAsync(pool, 4);
        Assert.Equal(4, pool.State.Idle);

        _time.Advance(TimeSpan.FromSeconds(61));
        await pool.SweepAsync();

        Assert.Equal((1, 1, 3L), (pool.State.Open, _source.Open, pool.State.Evicted));
    }

    [Fact]
    public async Task What_has_lived_too_long_is_closed_even_in_constant_use()
    {
        await using var pool = Pool(max: 1, new() { Lifetime = TimeSpan.FromMinutes(10) });
        for (var i = 0; i < 30; i++)
        {
            using var lease = await pool.RentAsync(Stop);
            lease.MarkClean();
            _time.Advance(TimeSpan.FromSeconds(25));
        }

        Assert.Equal(2, pool.State.Opened);
        Assert.Equal(1, _source.Most);
    }

    [Fact]
    public async Task A_connection_that_has_lain_is_probed_before_use_and_replaced_when_broken()
    {
        await using var pool = Pool(max: 1);
        FakeConnection old;
        using (var lease = await pool.RentAsync(Stop))
        {
            old = lease.Connection;
            lease.MarkClean();
        }

        using (var soon = await pool.RentAsync(Stop))
            soon.MarkClean();
        Assert.Equal(0, old.Probes);

        old.IsBroken = true;
        _time.Advance(TimeSpan.FromSeconds(31));
        using var next = await pool.RentAsync(Stop);

        Assert.Equal((1, 2, 1), (old.Probes, next.Connection.Number, _source.Most));
        Assert.Equal(1, pool.State.Broken);
    }

    [Fact]
    public async Task Idle_connections_are_probed_in_the_background_and_warmed_up()
    {
        await using var pool = Pool(max: 4, new() { MinIdle = 2 });
        await pool.SweepAsync();
        Assert.Equal((2, 2), (pool.State.Idle, _source.Open));

        using (var lease = await pool.RentAsync(Stop))
        {
            lease.Connection.IsBroken = true;
            lease.MarkClean();
        }

        _time.Advance(TimeSpan.FromSeconds(31));
        await pool.SweepAsync();
        await pool.SweepAsync();

        Assert.Equal((2, 3L, 1L), (pool.State.Idle, pool.State.Opened, pool.State.Broken));
    }

    [Fact]
    public async Task Closing_ends_in_bounded_time_even_when_a_connection_does_not_close()
    {
        _source.Closing = () => Task.Delay(Timeout.Infinite, CancellationToken.None);
        var pool = Pool(max: 2);
        var held = await pool.RentAsync(Stop);
        using (var idle = await pool.RentAsync(Stop))
            idle.MarkClean();
        var waiting = Task.WhenAll(pool.RentAsync(Stop), pool.RentAsync(Stop));

        var closing = pool.DisposeAsync().AsTask();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        while (!closing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True(_time.GetUtcNow() - Start < TimeSpan.FromMinutes(10), "it is bounded by the clock of the pool");
        held.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.RentAsync(Stop));
    }

    [Fact]
    public Task Never_too_many_none_lost_none_shared_whatever_the_interleaving() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 1_000_000], Gen.Int[5, 40]).SampleAsync(
            async (max, seed, callers) =>
            {
                var source = new FakeConnections { Opening = async stop => await Task.Yield() };
                var random = new Random(seed);
                var plans = Enumerable.Range(0, callers).Select(_ => (Yields: random.Next(4), Fate: random.Next(6))).ToArray();
                var pool = new ConnectionPool<FakeConnection>(source.Handlers, new() { MinIdle = 1 }, max, TimeProvider.System);

                await Task.WhenAll(plans.Select(plan => Task.Run(async () =>
                {
                    using var stop = new CancellationTokenSource();
                    if (plan.Fate == 0)
                        stop.CancelAfter(TimeSpan.FromTicks(1));
                    try
                    {
                        using var lease = await pool.RentAsync(stop.Token);
                        await lease.Connection.UseAsync(async () =>
                        {
                            for (var i = 0; i < plan.Yields; i++)
                                await Task.Yield();
                        });
                        if (plan.Fate == 1)
                            throw new IOException("the work failed");
                        if (plan.Fate > 1)
                            lease.MarkClean();
                        if (plan.Fate == 2)
                            await pool.SweepAsync();
                    }
                    catch (Exception ended) when (ended is OperationCanceledException or IOException)
                    {
                    }
                })));

                Assert.InRange(source.Most, 0, max);
                Assert.Equal((0, pool.State.Open), (pool.State.Waiting, pool.State.Idle));
                await pool.DisposeAsync();
                Assert.Equal(0, source.Open);
            },
            iter: 300);

    async Task ReturnAllAsync(ConnectionPool<FakeConnection> pool, int count)
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => pool.RentAsync(Stop)));
        foreach (var lease in leases)
        {
            lease.MarkClean();
            lease.Dispose();
        }
    }
}
