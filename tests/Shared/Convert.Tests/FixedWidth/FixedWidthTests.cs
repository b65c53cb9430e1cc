using System.IO.Compression;
using System.Text;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.FixedWidth;

public sealed class FixedWidthTests
{
    const string Index = """
        Description:           Daily Index
        Last Data Received:    Mar 18, 2020

        Form Type   Company Name              CIK         Date Filed  File Name
        ----------------------------------------------------------------------------
        1-A         DLP Positive Note Fund    1806014     20200318    edgar/data/1.txt
        10-K        Müller & Söhne AG         927719      20200319    edgar/data/2.txt
        1-A POS     A COMPANY WITH A NAME THAT IS TOO LONG  1749817     20200320    edgar/data/3.txt
        X           cut off

        """;

    [Fact]
    public async Task The_headings_above_a_rule_and_blank_columns_give_the_layout()
    {
        var converted = await Conversions.RunAsync(Index, Conversions.As("fixed-width"));

        Assert.Equal("Form Type string,Company Name string,CIK int64,Date Filed date,File Name string", string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal(["10-K", "Müller & Söhne AG", 927719L, new DateOnly(2020, 3, 19), "edgar/data/2.txt"], converted.Rows[1]);
        Assert.Equal(["1-A POS", "A COMPANY WITH A NAME THAT IS TOO LONG", 1749817L, new DateOnly(2020, 3, 20), "edgar/data/3.txt"], converted.Rows[2]);
        Assert.Equal(["X", "cut off", null, null, null], converted.Rows[3]);
        Assert.Contains(converted.Result.Notes, n => n.StartsWith("the layout is Form Type:1-12,Company Name:13-38,CIK:39-50,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rule_with_gaps_shows_the_fields_and_repeated_headings_are_no_records()
    {
        const string Page = "ACCT   BALANCE\n---- ---------\n0012    150.25\n0013     -3.50\n";

        var converted = await Conversions.RunAsync("REPORT 7\n\n" + Page + "\f" + Page, Conversions.As("fixed-width"));

        Assert.Equal(["0012", "0013", "0012", "0013"], converted.Rows.Select(r => r[0]));
        Assert.Equal([150.25m, -3.50m, 150.25m, -3.50m], converted.Rows.Select(r => r[1]));
    }

    [Fact]
    public async Task Without_a_rule_columns_that_are_blank_in_every_line_are_between_fields()
    {
        var converted = await Conversions.RunAsync("Prices of today\nSYMBOL  PRICE   QTY\nAAPL    187.44  100\nMSFT     37.10    5\nGE        1.00   12\n", Conversions.As("fixed-width"));

        Assert.Equal(["SYMBOL", "PRICE", "QTY"], converted.Schema.Select(c => c.Name));
        Assert.Equal([["AAPL", 187.44m, 100L], ["MSFT", 37.10m, 5L], ["GE", 1.00m, 12L]], converted.Rows);
    }

    [Fact]
    public async Task A_rule_above_totals_does_not_hide_the_records_above_it()
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(i => $"SYM{i,-8}{i,8}.50\n"));

        var converted = await Conversions.RunAsync("SYMBOL          PRICE\n" + rows + "---------------------\nTOTAL           99.00\n", Conversions.As("fixed-width"));

        Assert.Equal(31, converted.Rows.Count);
        Assert.Equal(["SYMBOL", "PRICE"], converted.Schema.Select(c => c.Name));
    }

    [Fact]
    public async Task Half_a_file_is_no_preamble()
    {
        var text = string.Concat(Enumerable.Range(0, 50).Select(i => $"a,{i},some text of no columns at all\n")) + string.Concat(Enumerable.Range(0, 50).Select(i => $"b   {i:00}\n"));

        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(text, Conversions.As("fixed-width")));

        Assert.Contains("option 'layout'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layout_that_is_given_counts_characters_and_rejects_lines_that_are_longer()
    {
        const string Text = "header\nAÉ 12.5\nB  7\nC  1.5 and more\nD\ntotal 2\n";

        var converted = await Conversions.RunAsync(Text, With(("layout", "name:1-2,price:4-7"), ("skip", "1"), ("footer", "1")));
        var cut = await Conversions.RunAsync(Text, With(("layout", "name:1-2,price:4-7"), ("skip", "1"), ("footer", "1"), ("long-lines", "cut"), ("short-lines", "reject")));

        Assert.Equal([["AÉ", 12.5m], ["B", 7m], ["D", null]], converted.Rows);
        Assert.Equal((4L, "ragged", "a line of at most 7 characters"), (converted.Rejected[0].Line, converted.Rejected[0].Rule, converted.Rejected[0].Expected));
        Assert.Equal([12.5m, 7m, 1.5m], cut.Rows.Select(r => r[1]));
        Assert.Equal("D", Assert.Single(cut.Rejected).Raw);
    }

    [Theory]
    [InlineData("a:1-2,a:3-4"), InlineData("a:3-1"), InlineData("a"), InlineData("a:1-4,b:4-5"), InlineData("a:x-2")]
    public async Task A_layout_that_is_none_is_refused(string layout)
    {
        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("abcdef\n", With(("layout", layout))));

        Assert.Contains("The option 'layout' of fixed-width", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_without_columns_is_refused()
    {
        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("it was a dark\nand stormy night in which\nnobody slept\n", Conversions.As("fixed-width")));

        Assert.Contains("option 'layout'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("form.20200318.idx.gz"), InlineData("empty-form.idx"), InlineData("badform.idx.txt")]
    public async Task Indexes_of_EDGAR_have_a_record_for_each_line_after_the_rule(string name)
    {
        var path = Path.Combine(SharedData.Require("market", "sec_edgar"), name);
        await using var file = File.OpenRead(path);
        await using var stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var lines = text.Split('\n').SkipWhile(l => !l.StartsWith("-----", StringComparison.Ordinal)).Skip(1).Where(l => l.Trim().Length > 0).ToList();

        var converted = await Conversions.RunAsync(Encoding.UTF8.GetBytes(text), Conversions.As("fixed-width"));

        Assert.Equal((lines.Count, 0), (converted.Rows.Count, converted.Rejected.Count));
        Assert.Equal(["Form Type", "Company Name", "CIK", "Date Filed", "File Name"], converted.Schema.Select(c => c.Name));
        Assert.All(lines.Index(), l => Assert.Equal(l.Item.TrimEnd().Split(' ')[^1], converted[l.Index, "File Name"]));
        Assert.All(converted.Rows, r => Assert.IsType<long>(r[2]));
    }

    static ConversionRequest With(params (string Name, string Value)[] options) =>
        new() { Hint = new() { Format = "fixed-width", Options = options.ToDictionary(o => o.Name, o => o.Value) } };

    /// <summary>Small texts, for fuzzing.</summary>
    internal static IReadOnlyList<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes(Index),
        Encoding.UTF8.GetBytes("ACCT   BALANCE\n---- ---------\n0012    150.25\n0013     -3.50\n"),
        Encoding.UTF8.GetBytes("SYMBOL  PRICE   QTY\nAAPL    187.44  100\nMSFT     37.10    5\nGE        1.00   12\n"),
    ];
}
