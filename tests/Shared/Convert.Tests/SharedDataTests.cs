using System.Text;
using System.Text.Json;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests;

/// <summary>Files from public corpora.</summary>
public sealed class SharedDataTests
{
    [Fact]
    public async Task Csv_spectrum_gives_the_expected_records()
    {
        var folder = SharedData.Require("csv", "csv_spectrum");
        var wrong = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "csvs"), "*.csv"))
        {
            var expected = JsonSerializer.Deserialize<Dictionary<string, string>[]>(
                await File.ReadAllTextAsync(Path.Combine(folder, "json", Path.GetFileNameWithoutExtension(path) + ".json"), TestContext.Current.CancellationToken))!;
            var converted = await Conversions.RunAsync(
                await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken),
                new() { Types = TypesMode.Text, Hint = new() { Format = "csv", Delimiter = ",", Header = true } });
            var same = expected.Length == converted.Rows.Count
                && expected.Index().All(e => e.Item.All(p => Equals(p.Value.ReplaceLineEndings("\n"), ((string?)converted[e.Index, p.Key])?.ReplaceLineEndings("\n"))));
            if (!same)
                wrong.Add(Path.GetFileName(path));
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("market/fx_feeds/EuropeanCentralBank/historical-90d.xml", "//Cube[@currency]", "@time", "time date,currency string,rate decimal(18,5)")]
    [InlineData("market/fx_feeds/Fixer/latest.json", "$.rates.{currency}", "date", "currency string,date date,value decimal(18,4)")]
    [InlineData("market/fx_feeds/NationalBankOfGeorgia/nbog_today.json", "$[*].currencies[*]", null, "code string,quantity int64,rateFormated decimal(18,4),diffFormated decimal(18,4),rate decimal(18,4),name string,diff decimal(18,4),date timestamp(us,utc),validFromDate timestamp(us,utc)")]
    [InlineData("market/yfinance_bad_vs_fixed/CALM-1d-no-bad-divs.csv", null, null, "Datetime timestamp(us,utc),Open decimal(")]
    [InlineData("market/lean/equity/usa/fundamental/coarse/20140324.csv.gz", null, null, null)]
    [InlineData("market/fx_feeds/RussianCentralBank/success.xml", "//Valute", null, null)]
    [InlineData("market/fx_feeds/CentralBankOfCzechRepublic/cnb_today.txt", null, null, null)]
    public async Task Market_files_are_converted_without_a_rejected_row(string file, string? path, string? inherit, string? schema)
    {
        var bytes = await File.ReadAllBytesAsync(SharedData.Require(file.Split('/')), TestContext.Current.CancellationToken);
        var converted = await Conversions.RunAsync(bytes, new() { Name = Path.GetFileName(file), Hint = new() { RecordPath = path, Inherit = inherit is null ? null : [inherit] } });

        Assert.NotEmpty(converted.Rows);
        Assert.Empty(converted.Rejected);
        if (schema is not null)
            Assert.StartsWith(schema, string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twins_in_UTF8_and_UTF16_give_the_same_rows()
    {
        var files = new[] { "utf8.csv", "utf8_bom.csv", "utf16le_bom.csv", "utf16be_bom.csv" };
        var rows = new List<string>();
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(SharedData.Require("csv", "exceldatareader_csv", file), TestContext.Current.CancellationToken);
            var converted = await Conversions.RunAsync(bytes, new() { Types = TypesMode.Text, Hint = new() { Format = "csv", Delimiter = ",", Header = false } });
            rows.Add(string.Join('\n', converted.Rows.Select(r => string.Join('|', r))));
        }

        Assert.Single(rows.Distinct(StringComparer.Ordinal));
    }
}
