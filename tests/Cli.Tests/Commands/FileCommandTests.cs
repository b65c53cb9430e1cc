using System.Text.Json;

namespace DataIngestion.Cli.Tests.Commands;

public sealed class FileCommandTests
{
    const string Csv = "day,symbol,close\n2019-11-15,AAPL,265.76\n2019-11-18,AAPL,267.10\n2019-11-19,IBM\n2019-11-20,IBM,133.76\n";

    [Fact]
    public async Task A_file_is_converted_inspected_and_read_again()
    {
        using var cli = new CommandRun();
        cli.Write("bars.csv", Csv);

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "out/bars.parquet", "--json"));
        var result = JsonDocument.Parse(cli.Text).RootElement.GetProperty("result");
        Assert.Equal((4, 3, 1), (result.GetProperty("rowsIn").GetInt32(), result.GetProperty("rowsOut").GetInt32(), result.GetProperty("rowsRejected").GetInt32()));
        Assert.Contains("2019-11-19,IBM", File.ReadAllText(Path.Combine(cli.Root, "out/bars.parquet.rejected.ndjson")), StringComparison.Ordinal);

        cli.Output.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("schema", "out/bars.parquet", "--json"));
        Assert.Contains("\"type\":\"date\"", cli.Text, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"decimal", cli.Text, StringComparison.Ordinal);

        cli.Output.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("read", "out/bars.parquet", "--where", "symbol=AAPL", "--where", "close=267.1", "--json"));
        var row = JsonDocument.Parse(Assert.Single(cli.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal("2019-11-18", row.GetProperty("day").GetString());
        Assert.Equal(267.10m, row.GetProperty("close").GetDecimal());
    }

    [Fact]
    public async Task Several_files_go_into_a_folder()
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", Csv);
        cli.Write("b.ndjson", """{"symbol":"AAPL","close":1.5}""" + "\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "a.csv", "b.ndjson", "-o", "out"));
        Assert.True(File.Exists(Path.Combine(cli.Root, "out/a.parquet")));
        Assert.True(File.Exists(Path.Combine(cli.Root, "out/b.parquet")));
        Assert.Empty(Directory.GetFiles(Path.Combine(cli.Root, "out"), "*.part"));
    }

    [Fact]
    public async Task Two_files_that_would_become_one_are_refused_before_anything_is_written()
    {
        using var cli = new CommandRun();
        cli.Write("a/bars.csv", Csv);
        cli.Write("b/bars.csv", Csv);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("convert", "a/bars.csv", "b/bars.csv", "-o", "out"));
        Assert.False(Directory.Exists(Path.Combine(cli.Root, "out")));
    }

    [Fact]
    public async Task Input_that_cannot_be_read_leaves_no_output()
    {
        using var cli = new CommandRun();
        File.WriteAllBytes(Path.Combine(cli.Root, "noise.bin"), [.. Enumerable.Range(0, 512).Select(i => (byte)(i * 37))]);
        Assert.Equal(ExitCodes.Unreadable, await cli.RunAsync("convert", "noise.bin", "-o", "out/noise.parquet"));
        Assert.Contains("noise.bin", cli.Fault, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(cli.Root, "out")));
    }

    [Fact]
    public async Task Formats_are_told_by_their_bytes()
    {
        using var cli = new CommandRun();
        cli.Write("bars.txt", Csv);
        cli.Write("rates.dat", "<rates><rate currency=\"USD\">1.1</rate><rate currency=\"JPY\">120.5</rate></rates>");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("detect", "bars.txt", "rates.dat", "--json"));
        var formats = cli.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("format").GetString());
        Assert.Equal(["csv", "xml"], formats);
    }

    [Fact]
    public async Task A_file_that_nobody_knows_is_unreadable()
    {
        using var cli = new CommandRun();
        File.WriteAllBytes(Path.Combine(cli.Root, "noise.bin"), [.. Enumerable.Range(0, 512).Select(i => (byte)(i * 37))]);
        Assert.Equal(ExitCodes.Unreadable, await cli.RunAsync("detect", "noise.bin"));
        Assert.Contains("unknown", cli.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convert", "missing.csv", "-o", "x.parquet")]
    [InlineData("detect", "missing.csv")]
    [InlineData("schema", "missing.csv")]
    [InlineData("read", "missing.parquet")]
    public async Task A_missing_file_is_named(params string[] args)
    {
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync(args));
        Assert.Contains("missing.", cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_on_a_column_that_is_not_there_names_those_that_are()
    {
        using var cli = new CommandRun();
        cli.Write("bars.csv", Csv);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "bars.parquet"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("read", "bars.parquet", "--where", "ticker=AAPL"));
        Assert.Contains("day, symbol, close", cli.Fault, StringComparison.Ordinal);
    }
}
