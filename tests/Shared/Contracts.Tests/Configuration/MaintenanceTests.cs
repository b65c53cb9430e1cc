using System.Globalization;

namespace DataIngestion.Contracts.Tests.Configuration;

public sealed class MaintenanceTests
{
    [Theory]
    // within a day
    [InlineData("", "01:00", "03:00", "UTC", "2026-03-04T01:00:00Z", "2026-03-04T03:00:00Z")]
    [InlineData("", "01:00", "03:00", "UTC", "2026-03-04T02:59:59Z", "2026-03-04T03:00:00Z")]
    [InlineData("", "01:00", "03:00", "UTC", "2026-03-04T03:00:00Z", null)]
    [InlineData("", "01:00", "03:00", "UTC", "2026-03-04T00:59:59Z", null)]
    // over midnight, on the day on which it begins
    [InlineData("Saturday", "22:00", "06:00", "UTC", "2026-03-08T05:00:00Z", "2026-03-08T06:00:00Z")]
    [InlineData("Saturday", "22:00", "06:00", "UTC", "2026-03-07T05:00:00Z", null)]
    // all day
    [InlineData("Sunday", "00:00", "00:00", "UTC", "2026-03-08T12:00:00Z", "2026-03-09T00:00:00Z")]
    // in the vendor's time: 17:00 in New York is 22:00 in winter and 21:00 in summer
    [InlineData("", "17:00", "19:00", "America/New_York", "2026-01-15T22:30:00Z", "2026-01-16T00:00:00Z")]
    [InlineData("", "17:00", "19:00", "America/New_York", "2026-07-15T21:30:00Z", "2026-07-15T23:00:00Z")]
    // clocks go forward over its end, which is skipped, and back over its beginning, which comes twice
    [InlineData("", "01:00", "02:30", "America/New_York", "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z")]
    [InlineData("", "01:30", "03:00", "America/New_York", "2026-11-01T07:30:00Z", "2026-11-01T08:00:00Z")]
    public void It_ends_when_it_says(string days, string from, string to, string zone, string now, string? end)
    {
        var window = new MaintenanceDefinition
        {
            Days = [.. days.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<DayOfWeek>)],
            From = TimeOnly.Parse(from, CultureInfo.InvariantCulture),
            To = TimeOnly.Parse(to, CultureInfo.InvariantCulture),
            TimeZone = zone,
        };

        Assert.Equal(end is null ? null : DateTimeOffset.Parse(end, CultureInfo.InvariantCulture), window.EndAt(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));
    }
}
