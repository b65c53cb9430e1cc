using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests.Pooling;

public sealed class ConnectionPoolsTests
{
    readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    readonly FakeConnections _source = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    ConnectionPools<FakeConnection> Pools(int maxPools) => new(new() { MaxPools = maxPools }, _time);

    Task<ConnectionLease<FakeConnection>> RentAsync(ConnectionPools<FakeConnection> pools, string source, CancellationToken? stop = null) =>
        pools.RentAsync(source, max: 3, _source.Handlers, stop ?? Stop);

    async Task UseAsync(ConnectionPools<FakeConnection> pools, string source)
    {
        using var lease = await RentAsync(pools, source);
        lease.MarkClean();
    }

    [Fact]
    public async Task The_least_recently_used_idle_pool_makes_room()
    {
        await using var pools = Pools(2);
        await UseAsync(pools, "a");
        _time.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(pools, "b");
        _time.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(pools, "a");
        _time.Advance(TimeSpan.FromSeconds(1));

        await UseAsync(pools, "c");

        Assert.Equal(["a", "c"], pools.States.Select(s => s.Key).Order());
        Assert.Equal((1, 2), (pools.Evicted, _source.Open));
    }

    [Fact]
    public async Task Is_every_pool_in_use_the_newcomer_waits_and_a_busy_source_cannot_keep_it_out()
    {
        await using var pools = Pools(1);
        var first = await RentAsync(pools, "busy");
        var newcomer = RentAsync(pools, "new");
        var later = RentAsync(pools, "busy"); // comes after the newcomer, although its own pool is there

        Assert.False(newcomer.IsCompleted);
        Assert.False(later.IsCompleted);
        first.Dispose();
        (await newcomer).Dispose();
        (await later).Dispose();

        Assert.Equal(2, pools.Evicted);
    }

    [Fact]
    public async Task Only_as_many_pools_are_closed_to_newcomers_as_stand_in_line()
    {
        await using var pools = Pools(2);
        var a = await RentAsync(pools, "a");
        _time.Advance(TimeSpan.FromSeconds(1));
        var b = await RentAsync(pools, "b");
        var newcomer = RentAsync(pools, "c");

        using var more = await RentAsync(pools, "b"); // goes on: 'a' is the one that makes room
        Assert.False(newcomer.IsCompleted);

        a.Dispose();
        (await newcomer).Dispose();
        b.Dispose();
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_for_a_pool_opens_it_to_the_others_again()
    {
        await using var pools = Pools(1);
        var first = await RentAsync(pools, "a");
        using var impatient = new CancellationTokenSource();
        var newcomer = RentAsync(pools, "b", impatient.Token);
        var second = RentAsync(pools, "a");
        Assert.False(second.IsCompleted);

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => newcomer);
        (await second).Dispose();
        first.Dispose();
        Assert.Equal((0, 0L), (pools.Waiting, pools.Evicted));
    }

    [Fact]
    public async Task No_source_starves_while_many_more_than_there_is_room_for_keep_asking()
    {
        await using var pools = Pools(3);
        var served = new int[20];

        await Task.WhenAll(Enumerable.Range(0, served.Length).SelectMany(source => Enumerable.Range(0, 5).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 4; i++)
                {
                    using var lease = await RentAsync(pools, $"source-{source}");
                    await lease.Connection.UseAsync(async () => await Task.Yield());
                    lease.MarkClean();
                    Interlocked.Increment(ref served[source]);
                }
            },
            Stop))));

        Assert.All(served, count => Assert.Equal(20, count));
        Assert.InRange(pools.States.Count, 1, 3);
        await pools.DisposeAsync();
        Assert.Equal(0, _source.Open);
    }

    [Fact]
    public async Task A_pool_without_connections_that_nobody_uses_is_forgotten()
    {
        await using var pools = Pools(5);
        await UseAsync(pools, "a");

        _time.Advance(TimeSpan.FromMinutes(6));
        await pools.SweepAsync();
        await pools.SweepAsync();

        Assert.Empty(pools.States);
        Assert.Equal(0, _source.Open);
    }
}
