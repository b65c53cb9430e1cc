using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Xbrl;

public sealed class XbrlTests
{
    static Task<Converted> ReadAsync(string text, string? table = null, string format = "xbrl") =>
        Conversions.RunAsync(text, new() { Hint = new() { Format = format, Table = table } });

    [Fact]
    public async Task A_fact_is_a_row_with_its_context_and_unit()
    {
        var read = await ReadAsync(XbrlDocuments.Instance());
        Assert.Equal(["us-gaap:Assets", "us-gaap:Eps", "us-gaap:Policy", "us-gaap:Nothing", "us-gaap:Debt", "us-gaap:Share"], read.Rows.Index().Select(r => read[r.Index, "concept"]));
        Assert.Equal("decimal(18,2)", read.TypeOf("number"));
        Assert.Equal([1234567.00m, -0.61m, null, null, 5m, null], read.Rows.Index().Select(r => read[r.Index, "number"]));
        Assert.Equal(("USD", "1234567", "-3", "0000320193", "http://www.sec.gov/CIK", new DateOnly(2024, 9, 28)), (read[0, "unit"], read[0, "value"], read[0, "decimals"], read[0, "entity"], read[0, "entity_scheme"], read[0, "instant"]));
        Assert.Equal(("USD/shares", new DateOnly(2024, 1, 1), new DateOnly(2024, 9, 28)), (read[1, "unit"], read[1, "start"], read[1, "end"]));
        Assert.Equal("""{"us-gaap:LegalEntityAxis":"aapl:Sub","aapl:TypedAxis":"T 1"}""", read[1, "dimensions"]);
        Assert.Equal(("fr", "Politique <b>A</b>"), (read[2, "language"], read[2, "value"]));
        Assert.Equal((true, null), (read[3, "nil"], read[3, "value"]));
        Assert.Equal("us-gaap:Loan[1]", read[4, "tuple"]);
        Assert.Equal("1/3", read[5, "value"]);
        Assert.Equal("See note A", read[0, "footnotes"]);
    }

    [Fact]
    public async Task Contexts_and_units_are_tables()
    {
        var contexts = await ReadAsync(XbrlDocuments.Instance(), "contexts");
        Assert.Equal(["i", "d"], contexts.Rows.Index().Select(r => contexts[r.Index, "context"]));
        var units = await ReadAsync(XbrlDocuments.Instance(), "units");
        Assert.Equal([("usd", "USD"), ("eps", "USD/shares")], units.Rows.Index().Select(r => ((string)units[r.Index, "unit_id"]!, (string)units[r.Index, "unit"]!)));
    }

    [Theory]
    [InlineData("contextRef=\"i\" unitRef=\"usd\" dec", "contextRef=\"gone\" unitRef=\"usd\" dec", "context", "gone")]
    [InlineData("unitRef=\"usd\" decimals=\"-3\"", "unitRef=\"gbp\" decimals=\"-3\"", "unit_id", "gbp")]
    [InlineData(">1234567<", ">1,234<", "number", "1,234")]
    public async Task A_fact_that_refers_to_nothing_is_rejected(string old, string changed, string column, string found)
    {
        var read = await ReadAsync(XbrlDocuments.Instance().Replace(old, changed, StringComparison.Ordinal));
        var rejected = Assert.Single(read.Rejected);
        Assert.Equal(column, rejected.Column);
        Assert.Contains(found, rejected.Expected, StringComparison.Ordinal);
        Assert.Equal(5, read.Rows.Count);
    }

    [Fact]
    public async Task Inline_facts_are_brought_back_to_values()
    {
        var read = await ReadAsync(XbrlDocuments.Inline(), format: "ixbrl");
        var values = read.Rows.Index().ToDictionary(r => (string)read[r.Index, "concept"]!, r => (read[r.Index, "value"], read[r.Index, "number"]));
        Assert.Equal(("1234500000", 1234500000m), values["t:Revenue"]);
        Assert.Equal(-1234.56m, values["t:Loss"].Item2);
        Assert.Equal(0m, values["t:Zero"].Item2);
        Assert.Equal(0.0525m, values["t:Rate"].Item2);
        Assert.Equal("2024-12-31", values["t:Date"].Item1);
        Assert.Equal("--09-28", values["t:YearEnd"].Item1);
        Assert.Equal("10-K", values["t:Type"].Item1);
        Assert.Equal("<p>Our policy</p> &amp; more<i>end</i>", values["t:Policy"].Item1);
        Assert.Equal("outer 12 inner", values["t:Outer"].Item1);
        Assert.Equal(12m, values["t:Inner"].Item2);
        Assert.Equal("1/3", values["t:Third"].Item1);
        Assert.Equal(("8", 8m), values["t:Eight"]);
        Assert.Equal(true, read[read.Rows.Index().First(r => Equals(read[r.Index, "concept"], "t:Type")).Index, "hidden"]);
        Assert.Contains(read.Result.Notes, n => n.Contains("ixt:other", StringComparison.Ordinal));
        Assert.Equal("http://t", read[0, "namespace"]);
    }

    [Theory]
    [InlineData("12", 3, "12000"), InlineData("1.2345", 2, "123.45"), InlineData("-5", -2, "-0.05"), InlineData("0.10", 1, "1.0"), InlineData("0", 6, "0")]
    public async Task Scales_move_the_point(string shown, int scale, string value)
    {
        var read = await ReadAsync(XbrlDocuments.Inline().Replace(">99<", $">{shown}<", StringComparison.Ordinal).Replace("scale=\"0\"", $"scale=\"{scale}\"", StringComparison.Ordinal), format: "ixbrl");
        Assert.Equal(value, read[read.Rows.Index().First(r => Equals(read[r.Index, "concept"], "t:Plain")).Index, "value"]);
    }

    [Theory]
    [InlineData("ixt:num-comma-decimal", "1.234,5", "1234.5"), InlineData("ixt:numdotdecimal", "12 345.60", "12345.60"), InlineData("ixt-sec:numwordsen", "twenty-one thousand and five", "21005")]
    [InlineData("ixt:num-unit-decimal", "5 dollars and 30 cents", "5.30")]
    public void Numbers_are_transformed(string format, string shown, string value) => Assert.Equal(value, Conversion.Xbrl.InlineTransforms.Apply(format, shown));

    [Theory]
    [InlineData("ixt:date-monthname-day-year-en", "December 31, 2024", "2024-12-31"), InlineData("ixt:datedoteu", "31.12.24", "2024-12-31"), InlineData("ixt:date-year-month-day", "2024/1/5", "2024-01-05")]
    [InlineData("ixt:date-monthname-year-en", "Dec. 2024", "2024-12"), InlineData("ixt:datemonthdayyear", "2/30/2024", null), InlineData("ixt:dateslashus", "1st of", null)]
    public void Dates_are_transformed(string format, string shown, string? value) => Assert.Equal(value, Conversion.Xbrl.InlineTransforms.Apply(format, shown));

    [Theory]
    [InlineData("<html><p>x<br></p></html>", "ixbrl", "not well-formed"), InlineData("<html xmlns='http://www.w3.org/1999/xhtml'/>", "ixbrl", "not inline XBRL"), InlineData("<a/>", "xbrl", "not an XBRL instance")]
    public async Task What_is_not_XBRL_says_so(string text, string format, string sentence) =>
        Assert.Contains(sentence, (await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(text, format: format))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Continuations_in_a_circle_are_refused()
    {
        var text = XbrlDocuments.Inline().Replace("id=\"c2\"", "id=\"c2\" continuedAt=\"c1\"", StringComparison.Ordinal);
        Assert.Contains("circle", (await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(text, format: "ixbrl"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shared_instances_are_read_whole()
    {
        var path = SharedData.Require("xml", "xbrl", "nflx", "2010", "nflx-20100930.xml");
        var read = await Conversions.RunAsync(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), Conversions.As("xbrl"));
        Assert.Empty(read.Rejected);
        Assert.True(read.Rows.Count > 100);
    }
}
