using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class RequestRateTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_burst_passes_at_once_and_the_rest_in_order_at_the_rate()
    {
        var rate = new RequestRate(perSecond: 10, burst: 3, new FakeTimeProvider(Start));

        var waits = Enumerable.Range(0, 6).Select(_ => rate.Take(DateTimeOffset.MaxValue).Wait.TotalMilliseconds);

        Assert.Equal([0, 0, 0, 100, 200, 300], waits);
    }

    [Fact]
    public void A_pause_fills_the_bucket_up_to_the_burst_and_no_further()
    {
        var time = new FakeTimeProvider(Start);
        var rate = new RequestRate(perSecond: 2, burst: 2, time);
        rate.Take(DateTimeOffset.MaxValue);
        rate.Take(DateTimeOffset.MaxValue);
        time.Advance(TimeSpan.FromHours(1));

        var waits = Enumerable.Range(0, 3).Select(_ => rate.Take(DateTimeOffset.MaxValue).Wait.TotalMilliseconds);

        Assert.Equal([0, 0, 500], waits);
    }

    [Fact]
    public void A_place_after_the_deadline_is_not_taken()
    {
        var time = new FakeTimeProvider(Start);
        var rate = new RequestRate(perSecond: 1, burst: 1, time);
        rate.Take(DateTimeOffset.MaxValue);

        var late = rate.Take(Start.AddMilliseconds(500));

        Assert.Equal((TimeSpan.FromSeconds(1), false), late);
        Assert.Equal((TimeSpan.FromSeconds(1), true), rate.Take(Start.AddSeconds(1)));
    }

    [Fact]
    public void Nobody_passes_before_the_moment_that_the_source_asked_for()
    {
        var rate = new RequestRate(perSecond: 10, burst: 5, new FakeTimeProvider(Start));
        rate.PauseUntil(Start.AddSeconds(30));
        rate.PauseUntil(Start.AddSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(30), rate.Take(DateTimeOffset.MaxValue).Wait);
    }

    [Fact]
    public void No_window_of_time_ever_holds_more_than_the_burst_and_the_rate_allow() =>
        Gen.Select(Gen.Double[0.5, 200], Gen.Int[1, 20], Gen.Int[0, 400].Array[1, 60]).Sample((perSecond, burst, pauses) =>
        {
            var time = new FakeTimeProvider(Start);
            var rate = new RequestRate(perSecond, burst, time);
            var passed = new List<DateTimeOffset>();
            foreach (var pause in pauses)
            {
                time.Advance(TimeSpan.FromMilliseconds(pause));
                passed.Add(time.GetUtcNow() + rate.Take(DateTimeOffset.MaxValue).Wait);
            }

            for (var from = 0; from < passed.Count; from++)
            {
                for (var to = from; to < passed.Count; to++)
                {
                    var allowed = burst + ((passed[to] - passed[from]).TotalSeconds * perSecond);
                    Assert.True(to - from + 1 <= allowed + 0.001, $"{to - from + 1} passed where {allowed} may");
                }
            }
        }, iter: 200);
}
