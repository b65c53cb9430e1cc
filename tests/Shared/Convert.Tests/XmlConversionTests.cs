using System.Text;

namespace DataIngestion.Conversion.Tests;

public sealed class XmlConversionTests
{
    const string Ecb = """
        <?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
        <gesmes:subject>Reference rates</gesmes:subject><Cube>
        <Cube time="2019-11-29"><Cube currency="USD" rate="1.0982"/><Cube currency="JPY" rate="120.43"/></Cube>
        <Cube time="2019-11-28"><Cube currency="USD" rate="1.1005"/></Cube></Cube></gesmes:Envelope>
        """;

    [Theory]
    [InlineData("//Cube[@currency]"), InlineData("/Envelope/Cube/Cube/Cube"), InlineData("//e:Cube[@rate]"), InlineData("//Cube[@time]/Cube")]
    public async Task A_record_inherits_its_parents_attributes(string path)
    {
        var converted = await Conversions.RunAsync(Ecb, new()
        {
            Hint = new() { RecordPath = path, Inherit = ["@time"], Namespaces = new Dictionary<string, string> { ["e"] = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref" } },
        });

        Assert.Equal(["time date", "currency string", "rate decimal(18,4)"], converted.Schema.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal([new DateOnly(2019, 11, 28), "USD", 1.1005m], converted.Rows[2]);
    }

    [Fact]
    public async Task Records_and_what_they_inherit_are_found_without_a_path()
    {
        var converted = await Conversions.RunAsync(Ecb);
        Assert.Equal("xml", converted.Result.Format.Format);
        Assert.Equal(["time", "currency", "rate"], converted.Schema.Select(c => c.Name));
        Assert.Equal(3, converted.Rows.Count);
    }

    [Fact]
    public async Task Treasury_properties_are_columns()
    {
        const string xml = """
            <feed xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" xmlns="http://www.w3.org/2005/Atom">
            <entry><id>1</id><content type="application/xml"><m:properties><d:NEW_DATE m:type="Edm.DateTime">2024-01-02T00:00:00</d:NEW_DATE><d:BC_1MONTH m:type="Edm.Double">5.55</d:BC_1MONTH><d:BC_4MONTH m:type="Edm.Double" m:null="true" /></m:properties></content></entry>
            <entry><id>2</id><content type="application/xml"><m:properties><d:NEW_DATE m:type="Edm.DateTime">2024-01-03T00:00:00</d:NEW_DATE><d:BC_1MONTH m:type="Edm.Double">5.54</d:BC_1MONTH><d:BC_4MONTH m:type="Edm.Double">5.4</d:BC_4MONTH></m:properties></content></entry>
            </feed>
            """;
        var converted = await Conversions.RunAsync(xml, new()
        {
            Hint = new() { RecordPath = "//m:properties", Namespaces = new Dictionary<string, string> { ["m"] = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" } },
        });

        Assert.Equal(["NEW_DATE timestamp(us)", "BC_1MONTH decimal(18,2)", "BC_4MONTH decimal(18,1)"], converted.Schema.Select(c => $"{c.Name} {c.Type}"));
        Assert.Null(converted[0, "BC_4MONTH"]);
        Assert.Equal(5.54m, converted[1, "BC_1MONTH"]);
    }

    [Fact]
    public async Task Nested_repeated_and_mixed_content_keeps_everything()
    {
        var converted = await Conversions.RunAsync(
            "<r><head><Date>2024-01-02</Date></head><Date>2024-05-06</Date><i id=\"1\"><a>x</a><a>y</a><b><c k=\"v\">1</c></b>tail</i><i id=\"2\"><a/></i></r>", Conversions.As("xml", "/r/i", "Date"));
        Assert.Equal(["Date", "id", "a", "a_2", "b.c.k", "b.c", "value"], converted.Schema.Select(c => c.Name));
        Assert.Equal([new DateOnly(2024, 5, 6), 1L, "x", "y", "v", 1L, "tail"], converted.Rows[0]);
    }

    [Fact]
    public async Task Declared_code_pages_are_read()
    {
        var xml = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><v><u>имя</u><u>курс</u></v>";
        var converted = await Conversions.RunAsync(CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes(xml), Conversions.As("xml", "//u"));
        Assert.Equal([["имя"], ["курс"]], converted.Rows);
    }

    [Fact]
    public async Task Document_types_and_entities_are_refused()
    {
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(
            "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<r><i>&b;</i></r>", Conversions.As("xml", "//i")));
        Assert.Contains("document types are refused", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(1, wrong.Line);
    }

    [Fact]
    public async Task Nesting_is_bounded_and_broken_markup_says_where()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 5000)) + string.Concat(Enumerable.Repeat("</a>", 5000));
        var tooDeep = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(deep, Conversions.As("xml", "//x")));
        Assert.Contains("deep", tooDeep.Message, StringComparison.Ordinal);

        var broken = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("<r>\n<i a=\"1\"/>\n<i a=></r>", Conversions.As("xml", "//i")));
        Assert.Equal(3, broken.Line);
    }

    [Theory]
    [InlineData("r/i"), InlineData("//"), InlineData("//x:i"), InlineData("//i[a]")]
    public async Task Record_paths_that_are_not_understood_say_so(string path) =>
        Assert.Contains(path, (await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("<r><i/></r>", Conversions.As("xml", path)))).Message, StringComparison.Ordinal);
}
