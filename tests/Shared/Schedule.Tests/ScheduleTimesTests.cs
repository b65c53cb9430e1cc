using System.Globalization;
using CsCheck;
using DataIngestion.Contracts;

namespace DataIngestion.Schedule.Tests;

public sealed class ScheduleTimesTests
{
    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    static List<string> Between(ScheduleDefinition schedule, string from, string to)
    {
        var times = new List<string>();
        for (var next = ScheduleTimes.Next(schedule, At(from)); next <= At(to); next = ScheduleTimes.Next(schedule, next.Value))
            times.Add(next.Value.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture));
        return times;
    }

    [Theory]
    // The clocks of New York go from 02:00 to 03:00 on 2026-03-08 and from 02:00 back to 01:00 on 2026-11-01.
    [InlineData("30 18 * * *", "America/New_York", "2026-03-07", "2026-03-10", "03-07 23:30", "03-08 22:30", "03-09 22:30")]
    [InlineData("30 2 * * *", "America/New_York", "2026-03-07", "2026-03-10", "03-07 07:30", "03-08 07:00", "03-09 06:30")]
    [InlineData("30 1 * * *", "America/New_York", "2026-10-31", "2026-11-03", "10-31 05:30", "11-01 05:30", "11-02 06:30")]
    [InlineData("*/30 * * * *", "America/New_York", "2026-11-01T04:45Z", "2026-11-01T07:15Z", "11-01 05:00", "11-01 05:30", "11-01 06:00", "11-01 06:30", "11-01 07:00")]
    [InlineData("*/30 * * * *", "America/New_York", "2026-03-08T06:15Z", "2026-03-08T07:45Z", "03-08 06:30", "03-08 07:00", "03-08 07:30")]
    // The clocks of London go from 01:00 to 02:00 on 2026-03-29 and from 02:00 back to 01:00 on 2026-10-25.
    [InlineData("30 1 * * *", "Europe/London", "2026-03-28", "2026-03-31", "03-28 01:30", "03-29 01:00", "03-30 00:30")]
    [InlineData("30 1 * * *", "Europe/London", "2026-10-24", "2026-10-27", "10-24 00:30", "10-25 00:30", "10-26 01:30")]
    [InlineData("0 9 * * 1-5", "Europe/London", "2026-10-22", "2026-10-27", "10-22 08:00", "10-23 08:00", "10-26 09:00")]
    [InlineData("0 0 * * *", "UTC", "2026-03-08", "2026-03-10", "03-09 00:00", "03-10 00:00")]
    public void Cron_follows_the_clocks_of_its_zone(string cron, string zone, string from, string to, params string[] expected) =>
        Assert.Equal(expected, Between(new() { Cron = cron, TimeZone = zone }, from, to));

    [Fact]
    public void An_interval_is_counted_from_the_epoch_before_and_after_it() =>
        Gen.Select(Gen.Long[10_000_000, 100_000_000_000], Gen.Long[-1_000_000_000_000_000, 1_000_000_000_000_000_000]).Sample((every, offset) =>
        {
            var schedule = new ScheduleDefinition { Every = TimeSpan.FromTicks(every) };
            var now = DateTimeOffset.UnixEpoch.AddTicks(offset);

            var next = ScheduleTimes.Next(schedule, now)!.Value;

            Assert.Equal(0, (next - DateTimeOffset.UnixEpoch).Ticks % every);
            Assert.InRange(next - now, TimeSpan.FromTicks(1), TimeSpan.FromTicks(every));
            Assert.Equal((next, 0), ScheduleTimes.Latest(schedule, now, next)!.Value);
            Assert.Equal((next.AddTicks(2 * every), 2), ScheduleTimes.Latest(schedule, now, next.AddTicks((3 * every) - 1))!.Value);
            Assert.Null(ScheduleTimes.Latest(schedule, now, next.AddTicks(-1)));
        });

    [Fact]
    public void The_latest_is_the_last_of_all_that_a_walk_through_the_minutes_finds()
    {
        var crons = Gen.Select(Gen.Int[0, 59], Gen.Int[0, 23], Gen.Int[0, 6], Gen.Int[0, 3]).Select((minute, hour, day, kind) => kind switch
        {
            0 => ($"{minute} * * * *", (Func<DateTime, bool>)(t => t.Minute == minute)),
            1 => ($"{minute} {hour} * * *", t => t.Minute == minute && t.Hour == hour),
            2 => ($"{minute} {hour} * * {day}", t => t.Minute == minute && t.Hour == hour && (int)t.DayOfWeek == day),
            _ => ("*/7 * * * *", t => t.Minute % 7 == 0),
        });

        Gen.Select(crons, Gen.OneOf(Gen.Const("America/New_York"), Gen.Const("Asia/Kolkata"), Gen.Const("UTC"), Gen.Const("Australia/Lord_Howe")), Gen.Int[0, 40_000], Gen.Int[0, 6_000]).Sample((cron, zoneId, start, length) =>
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
            var after = At("2026-05-01").AddMinutes(start).AddSeconds(17); // no clock changes in these weeks
            var until = after.AddMinutes(length);
            var matches = Enumerable.Range(0, length + 2)
                .Select(i => At("2026-05-01").AddMinutes(start + i))
                .Where(t => t > after && t <= until && cron.Item2(TimeZoneInfo.ConvertTime(t, zone).DateTime))
                .ToList();

            var latest = ScheduleTimes.Latest(new() { Cron = cron.Item1, TimeZone = zoneId }, after, until);

            if (matches.Count == 0)
                Assert.Null(latest);
            else
                Assert.Equal((matches[^1], matches.Count - 1), latest);
        }, iter: 300);
    }
}
