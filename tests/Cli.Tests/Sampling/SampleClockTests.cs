using DataIngestion.Cli.Sampling;

namespace DataIngestion.Cli.Tests.Sampling;

public sealed class SampleClockTests
{
    static readonly DateTimeOffset Start = new(2024, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_delay_is_over_at_once_and_moves_the_clock()
    {
        var clock = new SampleClock(Start);
        var began = clock.GetTimestamp();
        await Task.Delay(TimeSpan.FromDays(20), clock, TestContext.Current.CancellationToken);
        Assert.Equal(Start.AddDays(20), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromDays(20), clock.GetElapsedTime(began));
    }

    [Fact]
    public async Task A_limit_is_a_real_one()
    {
        var clock = new SampleClock(Start);
        using var limit = new CancellationTokenSource(TimeSpan.FromDays(20), clock);
        var waiting = new TaskCompletionSource();
        var bounded = waiting.Task.WaitAsync(TimeSpan.FromDays(20), clock, TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromHours(1), clock, TestContext.Current.CancellationToken);
        Assert.False(limit.IsCancellationRequested);
        Assert.False(bounded.IsCompleted);
        waiting.SetResult();
        await bounded;
        Assert.Equal(Start.AddHours(1), clock.GetUtcNow());
    }
}
