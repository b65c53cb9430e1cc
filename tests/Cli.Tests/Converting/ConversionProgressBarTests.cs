using DataIngestion.Cli.Converting;

namespace DataIngestion.Cli.Tests.Converting;

public sealed class ConversionProgressBarTests
{
    [Fact]
    public void The_text_beside_the_bar_has_megabytes_and_rows_a_second()
    {
        Assert.Equal("a.csv, looking at types  50 MB/s  1,000 rows/s", ConversionProgressBar.Describe("a.csv", new(1, 100_000_000, 2_000), seconds: 2));
        Assert.Equal("a.csv  25 MB/s  500 rows/s", ConversionProgressBar.Describe("a.csv", new(2, 100_000_000, 2_000), seconds: 4));
    }

    [Fact]
    public async Task Nothing_moves_where_nobody_watches()
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", "a,b\n1,2\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "a.csv", "-o", "a.parquet"));
        Assert.Equal("", cli.Fault);
        Assert.DoesNotContain('\u001b', cli.Text);
    }
}
