using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Schedule.Tests;

public sealed class ScheduleChecksTests
{
    [Theory]
    [InlineData("cron: '61 * * * *'", ":9: '61 * * * *' is not a cron expression: ")]
    [InlineData("cron: '0 0 0 1 1 *'", ":9: '0 0 0 1 1 *' is not a cron expression: ")]
    [InlineData("cron: daily", ":9: 'daily' is not a cron expression: ")]
    [InlineData("cron: '0 0 31 2 *'", ":9: '0 0 31 2 *' never falls due.")]
    [InlineData("every: 1h\n  timeZone: New York", ":10: 'New York' is not a time zone that this machine knows: expected an IANA name such as America/New_York.")]
    [InlineData("cron: '0 0 * * *'\n  timeZone: Eastern Standard Time", ":10: 'Eastern Standard Time' is not a time zone that this machine knows")]
    public void A_schedule_that_is_none_is_a_fault_with_its_line(string schedule, string expected)
    {
        using var folder = Configuration(schedule);

        var broken = Assert.Throws<ConfigurationException>(() => Load(folder));

        Assert.Contains(expected, Assert.Single(broken.Faults).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cron: '30 18 * * 1-5'\n  timeZone: America/New_York")]
    [InlineData("cron: '@daily'")]
    [InlineData("every: 15m")]
    public void A_schedule_that_falls_due_loads(string schedule)
    {
        using var folder = Configuration(schedule);

        Assert.NotNull(Load(folder).Sources["alpha"].Schedule);
    }

    static PlatformConfiguration Load(TemporaryFolder folder)
    {
        var checks = new ServiceCollection().AddSchedule().BuildServiceProvider().GetServices<ConfigurationCheck>();
        return ConfigurationLoader.Load(folder.Path, Path.Combine(folder.Path, "workflows"), checks);
    }

    static TemporaryFolder Configuration(string schedule)
    {
        var folder = new TemporaryFolder("schedules");
        foreach (var name in (string[])["sources", "datasets", "workflows"])
            Directory.CreateDirectory(folder.File(name));
        File.WriteAllText(folder.File("sources/alpha.yaml"), $"source: alpha\nkind: file\n\n\ndatasets:\n- dataset: bars\n  files: '*'\nschedule:\n  {schedule}\n");
        File.WriteAllText(folder.File("datasets/bars.yaml"), "dataset: bars\nkeys: [day]\ncolumns: { day: { type: date } }\n");
        File.WriteAllText(folder.File("workflows/file.yaml"), "workflow: file\nfor: file\n");
        return folder;
    }
}
