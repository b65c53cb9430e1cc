using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests.Slices;

/// <summary>What holds for all days and states, tried with many.</summary>
public sealed class SlicePropertyTests
{
    static readonly DateTimeOffset Epoch = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void Over_any_sequence_of_runs_every_day_that_is_over_is_asked_for_and_none_twice_unless_it_is_to_be(int seed)
    {
        var random = new Random(seed);
        var definition = new DatePartitionDefinition
        {
            From = new DateOnly(2024, 1, 1).AddDays(random.Next(60)),
            Step = (DateStep)random.Next(5),
            Delay = TimeSpan.FromHours(random.Next(100)),
            Again = random.Next(3) == 0 ? random.Next(40) : 0,
        };
        definition = definition with { Weekdays = definition.Step is DateStep.Day && random.Next(2) == 0 };
        var dates = new DateValues(definition);
        var (now, done) = (Epoch.AddDays(random.Next(90)), DayRanges.None);
        Dictionary<DateOnly, int> asked = [];

        for (var run = 0; run < 30; run++, now += TimeSpan.FromHours(random.Next(1, 300)))
        {
            var days = dates.Asked(done, window: null, now).ToList();
            foreach (var day in days)
            {
                var times = asked[day] = asked.GetValueOrDefault(day) + 1;
                Assert.True(times == 1 || dates.IsAskedAgain(day, now), $"{day} was done, and is asked for again at {now:u}");
            }

            done = DayRanges.Parse(done.With(days.Select(dates.Covered)).Texts);
            Assert.Equal(dates.Until(now), asked.Keys.Order());
            Assert.All(dates.Until(now), day => Assert.True(done.Contains(day)));
            Assert.All(days, day => Assert.True(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) + definition.Delay < now, "it is over"));
            Assert.True(done.Texts.Count <= 1 || definition.Weekdays, "days in a row are one range");
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Days_in_ranges_are_those_in_a_set(int seed)
    {
        var random = new Random(seed);
        var (ranges, set) = (DayRanges.None, new HashSet<DateOnly>());
        for (var i = 0; i < 20; i++)
        {
            var first = new DateOnly(2024, 1, 1).AddDays(random.Next(300));
            var last = first.AddDays(random.Next(10));
            ranges = ranges.With([DayRanges.Of(first, last)]);
            for (var day = first; day <= last; day = day.AddDays(1))
                set.Add(day);
        }

        Assert.Equal(set.Order(), Enumerable.Range(-1, 400).Select(n => new DateOnly(2024, 1, 1).AddDays(n)).Where(ranges.Contains));
        Assert.Equal(ranges.Texts, DayRanges.Parse(ranges.Texts).Texts);
        Assert.Equal(set.Max(), ranges.Last);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Over_any_change_of_the_values_no_slice_loses_its_state_and_each_request_asks_from_one_cursor(int seed)
    {
        var random = new Random(seed);
        var batch = random.Next(1, 6);
        var states = SliceStates.None;
        Dictionary<string, int> cursors = []; // what each value should stand at
        for (var run = 1; run <= 20; run++)
        {
            var values = Enumerable.Range(0, 25).Where(_ => random.Next(3) > 0).Select(n => $"S{n}").ToArray();
            var moves = new SliceMoves(dates: null, Epoch);
            foreach (var group in new SlicePlan([new(new() { Name = "symbol", Values = values, Batch = batch }, values)], states).Groups())
            {
                moves.Begin(group);
                var asked = batch > 1 ? group.Values : [group.Partition["symbol"]];
                Assert.InRange(asked.Count, 1, batch);
                Assert.All(asked, value => Assert.Equal(cursors.TryGetValue(value, out var at) ? $"{at}" : null, group.Before?.Cursor));
                var next = random.Next(2) == 0 ? group.Before?.Cursor : $"{run}"; // some find nothing new
                if (next is null)
                    continue;
                var ledger = new RecordLedger(new(new() { Field = "n", Type = CursorType.Integer }), group.Before?.Cursor, [], window: null);
                if (next != group.Before?.Cursor)
                    ledger.OnRecord(0, next, "{}"u8);
                moves.Add(group, day: null, new(new() { Ledger = ledger }, [], Nothing: null));
                foreach (var value in asked)
                    cursors[value] = int.Parse(next, System.Globalization.CultureInfo.InvariantCulture);
            }

            if (states.With(moves.States()) is not { } moved)
                continue;
            Assert.Equal(moved.Count(s => s.Values.Count == 0) + moved.Sum(s => s.Values.Count), moved.SelectMany(s => s.Values.Count == 0 ? [s.Key] : s.Values).Distinct().Count());
            states = SliceStates.Of(moved);
        }
    }
}
