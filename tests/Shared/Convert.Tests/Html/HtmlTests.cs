using System.Text;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Html;

public sealed class HtmlTests
{
    static Task<Converted> ReadAsync(string page, string? table = null) => Conversions.RunAsync(page, new() { Hint = new() { Format = "html", Table = table } });

    [Fact]
    public async Task Headers_of_several_rows_are_joined_and_spans_are_resolved()
    {
        var read = await ReadAsync(HtmlPages.Page());
        Assert.Equal(["Fund", "2023 Net", "2023 Gross", "2024 Net", "2024 Gross"], read.Schema.Select(c => c.Name));
        Assert.Equal(["A&B", "A&B", "Total [1]"], read.Rows.Index().Select(r => read[r.Index, "Fund"]));
        Assert.Equal([1.5m, 2m, 3.5m], read.Rows.Index().Select(r => read[r.Index, "2023 Net"]));
        Assert.Contains("1 tables only lay out the page, or are not shown", read.Result.Notes);
        Assert.Contains("1 rows without any text were passed over", read.Result.Notes);
    }

    [Fact]
    public async Task A_table_is_named_by_its_caption_or_number()
    {
        var read = await ReadAsync(HtmlPages.Page(), "Rates of the day");
        Assert.Equal(["EUR", "USD"], read.Rows.Index().Select(r => read[r.Index, "Code"]));
        Assert.Equal([1.0812m, 1m], read.Rows.Index().Select(r => read[r.Index, "Rate"]));
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(HtmlPages.Page(), "table9"));
        Assert.Contains("table1, Rates of the day", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<meta charset=windows-1251>", 1251), InlineData("<meta http-equiv='Content-Type' content='text/html; charset=ISO-8859-1'>", 1252), InlineData("", 1252)]
    public async Task Encodings_are_those_of_the_page(string meta, int codePage)
    {
        var word = codePage == 1251 ? "имя" : "naïve€";
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!.GetBytes($"<html><head>{meta}</head><table><tr><th>a<th>b<tr><td>{word}<td>1</table>");
        var read = await Conversions.RunAsync(bytes, Conversions.As("html"));
        Assert.Equal(word, read[0, "a"]);
    }

    [Fact]
    public async Task A_page_without_tables_says_so() =>
        Assert.Contains("no tables", (await Assert.ThrowsAsync<ConversionException>(() => ReadAsync("<p>x"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("<div>"), InlineData("<b>")]
    public async Task Elements_that_nothing_ends_cannot_take_the_time(string tag) =>
        Assert.Contains("deep", (await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(string.Concat(Enumerable.Repeat(tag, 200_000))))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Long_tables_take_a_time_that_grows_with_their_length()
    {
        var read = await ReadAsync("<table><tr><th>a<th>b" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"<tr><td>{i}<td>x")) + "</table>");
        Assert.Equal(50_000, read.Rows.Count);
    }

    [Fact]
    public async Task Spans_cannot_fill_the_memory()
    {
        var page = "<table><tr><td rowspan=65534 colspan=900>x<td>y" + string.Concat(Enumerable.Repeat("<tr><td>z", 6_000)) + "</table>";
        await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(page, Conversions.As("html")));
    }

    [Fact]
    public async Task Shared_report_pages_are_read()
    {
        var read = await Conversions.RunAsync(await File.ReadAllBytesAsync(SharedData.Require("excel", "sec_financial_report", "R2.htm"), TestContext.Current.CancellationToken), Conversions.As("html"));
        Assert.Equal(5, read.Schema.Count);
        Assert.Contains("3 Months Ended Mar. 29, 2025", read.Schema.Select(c => c.Name));
    }
}
