using DataIngestion.Observe.Cost;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Observe.Tests.Cost;

public sealed class ActiveClockTests
{
    readonly FakeTimeProvider _time = new();
    readonly ActiveClock _clock;
    TimeSpan _processor;

    public ActiveClockTests() => _clock = new(_time, () => _processor);

    [Fact]
    public void One_invocation_has_all_the_time()
    {
        var one = _clock.Begin();
        Pass(3, processor: 1.5);

        Assert.Equal(new(3, 3, 1.5, 0), Rounded(_clock.End(one)));
    }

    [Fact]
    public void While_two_run_each_has_half_of_it()
    {
        var one = _clock.Begin();
        Pass(2, processor: 2);
        var two = _clock.Begin();
        Pass(4, processor: 1);

        Assert.Equal(new(6, 4, 2.5, 0), Rounded(_clock.End(one)));
        Pass(1, processor: 0);
        Assert.Equal(new(5, 3, 0.5, 0), Rounded(_clock.End(two)));
    }

    [Fact]
    public void What_is_taken_early_is_not_given_again()
    {
        var one = _clock.Begin();
        Pass(2, processor: 1);

        Assert.Equal(new(2, 2, 1, 0), Rounded(_clock.Take(one)));
        Pass(1, processor: 0);
        Assert.Equal(new(1, 1, 0, 0), Rounded(_clock.End(one)));
    }

    [Fact]
    public void Time_between_two_stretches_is_nobodys()
    {
        _clock.End(_clock.Begin());
        Pass(100, processor: 50);
        var later = _clock.Begin();
        Pass(2, processor: 0);

        Assert.Equal(new(2, 2, 0, 0), Rounded(_clock.End(later)));
    }

    [Fact]
    public void The_last_of_a_stretch_is_given_what_billing_rounds_up()
    {
        var one = _clock.Begin();
        Pass(0.2, processor: 0);
        var two = _clock.Begin();
        Pass(0.1, processor: 0);

        Assert.Equal(0, _clock.End(two).RoundedUp);
        Assert.Equal(0.7, _clock.End(one).RoundedUp, 9); // 0.3 s are billed as 1 s
    }

    [Theory]
    [InlineData(0, 1), InlineData(0.4, 1), InlineData(1, 1), InlineData(1.01, 1.1), InlineData(1.1, 1.1), InlineData(59.95, 60), InlineData(7200.3, 7200.3)]
    public void A_stretch_is_billed_for_a_second_at_least_and_in_tenths(double seconds, double billed) => Assert.Equal(billed, ActiveClock.Billed(seconds), 9);

    // Whatever begins and ends when, the shares add up to the time in which something ran.
    [Fact]
    public void Shares_add_up_to_the_time_in_which_the_instance_was_at_work()
    {
        var random = new Random(20261128);
        for (var round = 0; round < 200; round++)
        {
            var running = new List<ActiveClock.Share>();
            var (shares, processor, atWork, used) = (0.0, 0.0, 0.0, 0.0);
            for (var step = 0; step < 60; step++)
            {
                var (passed, spent) = (random.NextDouble() * 3, random.NextDouble());
                Pass(passed, spent);
                if (running.Count > 0)
                    (atWork, used) = (atWork + passed, used + spent);
                if (running.Count == 0 || random.Next(2) == 0)
                    running.Add(_clock.Begin());
                else
                    Add(_clock.End(Out(random.Next(running.Count))), ref shares, ref processor);
            }

            while (running.Count > 0)
                Add(_clock.End(Out(0)), ref shares, ref processor);

            Assert.Equal(atWork, shares, tolerance: 0.001);
            Assert.Equal(used, processor, tolerance: 0.001);

            ActiveClock.Share Out(int place)
            {
                var share = running[place];
                running.RemoveAt(place);
                return share;
            }
        }

        static void Add(ActiveClock.Times times, ref double shares, ref double processor) => (shares, processor) = (shares + times.Active, processor + times.Processor);
    }

    void Pass(double seconds, double processor)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _processor += TimeSpan.FromSeconds(processor);
    }

    static ActiveClock.Times Rounded(ActiveClock.Times times) =>
        new(Math.Round(times.Wall, 6), Math.Round(times.Active, 6), Math.Round(times.Processor, 6), Math.Round(times.RoundedUp, 6));
}
