using System.Text.Json;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Csv;

/// <summary>Files from public corpora, with no dialect given.</summary>
[Trait("Category", "corpus")]
public sealed class CsvCorpusTests
{
    static async Task<Converted> LoadAsync(string path) =>
        await Conversions.RunAsync(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), new() { Name = Path.GetFileName(path), Types = TypesMode.Text });

    [Fact]
    public async Task Csv_spectrum_is_equal_to_its_JSON_with_no_dialect_given()
    {
        var folder = SharedData.Require("csv", "csv_spectrum");
        var wrong = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "csvs"), "*.csv"))
        {
            var json = await File.ReadAllTextAsync(Path.Combine(folder, "json", Path.GetFileNameWithoutExtension(path) + ".json"), TestContext.Current.CancellationToken);
            var expected = JsonSerializer.Deserialize<Dictionary<string, string>[]>(json)!;
            var converted = await LoadAsync(path);
            var same = expected.Length == converted.Rows.Count
                && expected.Index().All(e => e.Item.All(p => converted.Schema.IndexOf(p.Key) >= 0 && p.Value.ReplaceLineEndings("\n") == ((string?)converted[e.Index, p.Key])?.ReplaceLineEndings("\n")));
            if (!same)
                wrong.Add(Path.GetFileName(path));
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("utf8.csv", "utf-8"), InlineData("utf8_bom.csv", "utf-8"), InlineData("utf16le_bom.csv", "utf-16"), InlineData("utf16be_bom.csv", "utf-16be"), InlineData("cp1252.csv", "windows-1252")]
    public async Task ExcelDataReader_files_have_the_encoding_of_their_name(string file, string encoding)
    {
        var converted = await LoadAsync(SharedData.Require("csv", "exceldatareader_csv", file));
        Assert.Equal(encoding, converted.Result.Format.Encoding);
        Assert.Empty(converted.Rejected);
    }

    [Fact]
    public async Task Arrow_twins_give_the_same_table()
    {
        var plain = await LoadAsync(SharedData.Require("csv", "arrow_csv", "aggregate_test_100.csv"));
        var zipped = await LoadAsync(SharedData.Require("csv", "arrow_csv", "aggregate_test_100.csv.gz"));
        Assert.Equal(plain.Rows, zipped.Rows);
        Assert.Equal(100, plain.Rows.Count);
    }

    [Theory]
    [InlineData("airedale.csv"), InlineData("imdb.csv"), InlineData("milk.csv")]
    public async Task CleverCSV_examples_have_one_width(string file)
    {
        var converted = await LoadAsync(SharedData.Require("csv", "clevercsv_examples", file));
        Assert.NotEmpty(converted.Rows);
        var width = converted.Result.Format.Dialect!.Columns!.Value;
        var fitting = converted.Rows.Count(r => r.Take(width).All(c => c is not null) && r.Skip(width).All(c => c is null));
        Assert.True(fitting >= converted.Rows.Count * 0.99, $"{fitting} of {converted.Rows.Count} have {width} fields");
    }
}
