namespace DataIngestion.Contracts.Tests.Configuration;

public sealed class FileNamePatternTests
{
    [Theory]
    [InlineData("TRADES_{value}.gz", "TRADES_20240105.gz", "20240105")]
    [InlineData("EQY_US_ALL_TRADE_{value}*", "EQY_US_ALL_TRADE_20240105.gz", "2")] // the shortest: say what ends it
    [InlineData("*_{value}.csv", "cme.settle_x_20240105.csv", "20240105")]
    [InlineData("{value}.csv", "a/b/20240105.csv", "20240105")]
    [InlineData("*/{value}/*.csv", "a/20240105/x.csv", "20240105")]
    [InlineData("trades_{value}.gz", "QUOTES_20240105.gz", null)]
    [InlineData("TRADES_{value}.gz", "TRADES_.gz", null)]
    public void The_value_is_the_shortest_text_with_which_the_name_fits(string pattern, string name, string? value) =>
        Assert.Equal(value, FileNamePattern.Find(pattern, name));

    [Theory]
    [InlineData("a_{value}.csv", true)]
    [InlineData("a_*.csv", false)]
    [InlineData("{value}_{value}.csv", false)]
    public void A_pattern_has_one_value(string pattern, bool expected) => Assert.Equal(expected, FileNamePattern.HasValue(pattern));
}
