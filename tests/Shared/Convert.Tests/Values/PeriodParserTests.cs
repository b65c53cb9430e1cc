using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Values;

public sealed class PeriodParserTests
{
    [Theory]
    [InlineData("2024", "2024-01-01")]
    [InlineData("2024-A1", "2024-01-01")]
    [InlineData("2024-S2", "2024-07-01")]
    [InlineData("2024H1", "2024-01-01")]
    [InlineData("2024-Q3", "2024-07-01")]
    [InlineData("2024q4", "2024-10-01")]
    [InlineData("2024-11", "2024-11-01")]
    [InlineData("202411", "2024-11-01")]
    [InlineData("2024M02", "2024-02-01")]
    [InlineData("2024-M13", "2024-01-01")]
    [InlineData("2024-Q05", "2024-01-01")]
    [InlineData("2021-W01", "2021-01-04")]
    [InlineData("2024-02-29", "2024-02-29")]
    [InlineData("20240229", "2024-02-29")]
    public void Periods_begin_with_a_day(string text, string expected)
    {
        Assert.True(PeriodParser.TryRead(text, out var day));
        Assert.Equal(DateOnly.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), day);
    }

    [Theory]
    [InlineData("")]
    [InlineData("24")]
    [InlineData("2024-")]
    [InlineData("2024-Q6")]
    [InlineData("2024-13")]
    [InlineData("2024-X1")]
    [InlineData("2024-W54")]
    [InlineData("2023-02-29")]
    [InlineData("0000")]
    [InlineData("2024-M")]
    public void What_is_no_period_is_refused(string text) => Assert.False(PeriodParser.TryRead(text, out _));

    [Fact]
    public async Task A_column_of_dates_takes_periods_by_its_format()
    {
        var converted = await Conversions.RunAsync(
            "p\n2024-Q1\n2024-02\n2024-X\n",
            new()
            {
                Hint = new() { Format = "csv", Delimiter = ",", Header = true },
                Schema = new([new("date", DataType.Date)]),
                Mapping = [new("date", "p", Format: "period")],
                Policy = SchemaPolicy.DiscardRow,
            });

        Assert.Equal([new DateOnly(2024, 1, 1), new DateOnly(2024, 2, 1)], converted.Rows.Select(r => r[0]));
        Assert.Equal("type", Assert.Single(converted.Rejected).Rule);
    }

    [Fact]
    public async Task A_day_may_be_written_as_an_instant()
    {
        var converted = await Conversions.RunAsync(
            "p\n2024-01-02T00:00:00.000Z\n",
            new()
            {
                Hint = new() { Format = "csv", Delimiter = ",", Header = true },
                Schema = new([new("date", DataType.Date)]),
                Mapping = [new("date", "p", Format: "yyyy-MM-ddTHH:mm:ss.fffK")],
                Policy = SchemaPolicy.DiscardRow,
            });

        Assert.Equal(new DateOnly(2024, 1, 2), converted[0, "date"]);
    }
}
