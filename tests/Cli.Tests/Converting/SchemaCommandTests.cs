using System.Text;
using System.Text.Json;

namespace DataIngestion.Cli.Tests.Converting;

public sealed class SchemaCommandTests
{
    const string Csv = "day,price,note\n2024-01-02,1.25,a\n2024-01-03,NA,b\n2024-01-05,1000,\n";

    [Fact]
    public async Task Each_column_shows_what_its_type_rests_on()
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", Csv);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("schema", "a.csv"));
        Assert.Contains("2024-01-02 to 2024-01-05", cli.Text, StringComparison.Ordinal);
        Assert.Contains("1 (NA 1)", cli.Text, StringComparison.Ordinal);
        Assert.Contains("(4+2 digits)", cli.Text, StringComparison.Ordinal);
        Assert.Contains("csv, 3 rows, 0 of them do not fit", cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_the_same_as_json()
    {
        using var cli = new CommandRun { StandardInput = Encoding.UTF8.GetBytes(Csv) };
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("schema", "-", "--json"));
        var price = JsonDocument.Parse(cli.Text).RootElement.GetProperty("columns")[1];
        Assert.Equal(("price", 2, 1), (price.GetProperty("name").GetString(), price.GetProperty("values").GetInt32(), price.GetProperty("nullSpellings").GetProperty("NA").GetInt32()));
        Assert.Equal(4, price.GetProperty("details").GetProperty("wholeDigits").GetInt32());
        Assert.True(price.GetProperty("details").GetProperty("patterns").GetArrayLength() > 0);
    }

    [Fact]
    public async Task One_schema_is_of_one_file()
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", Csv);
        cli.Write("b.csv", Csv);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("schema", "*.csv"));
        Assert.Equal("ingest: '*.csv' stands for 2 files: name one.", cli.Fault);
    }
}
