using System.Text;

namespace DataIngestion.Conversion.Tests;

public sealed class RecognitionTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", null, "csv"), InlineData("a\tb\n1\t2\n", null, "tsv"), InlineData("{\"a\":1}", null, "json"), InlineData("[1,2]", null, "json")]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", null, "ndjson"), InlineData("<a><b/></a>", null, "xml"), InlineData("<!DOCTYPE html><html>", null, "html")]
    [InlineData("hello", null, "text"), InlineData("hello\nworld\n", "x.csv", "csv"), InlineData("", null, "unknown"), InlineData("   \n", null, "unknown")]
    [InlineData("PAR1\u0015\u0004xx", null, "parquet"), InlineData("ORC\u0008\u0001\u0000", null, "orc"), InlineData("\u0001\u0000\u0002", null, "unknown"), InlineData("<3 this, is\nnot, xml\n", null, "unknown")]
    [InlineData("{\"a\":1,\n \"b\":[1,2,}\n", null, "json"), InlineData("[1,2,\n3,4,]\n", "x.json", "json"), InlineData("[a],[b]\n[1],[2]\n", null, "csv")]
    public void Formats_are_recognised_by_their_bytes(string text, string? name, string format) =>
        Assert.Equal(format, new FormatRecognizer().Recognize(Encoding.UTF8.GetBytes(text), name).Format);

    [Fact]
    public void A_title_above_the_table_is_left_out()
    {
        var finding = new FormatRecognizer().Recognize("Rates of the day\ncode|rate\nAUD|17.9\nBRL|6.5\n"u8, "x.txt");
        Assert.Equal(new CsvDialect("|") { SkipLines = 1, Columns = 2 }, finding.Dialect);
    }

    [Fact]
    public void Recognition_never_throws()
    {
        var random = new Random(6);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            for (var at = 0; i % 2 == 0 && at < bytes.Length; at++)
                bytes[at] = (byte)"{}[]<>,;\t\n\r\"'ab1.-: \\"[bytes[at] % 21];
            Assert.NotNull(new FormatRecognizer().Recognize(bytes, i % 3 == 0 ? "x.csv" : null));
        }
    }

    [Fact]
    public async Task What_is_unknown_is_refused_with_the_evidence()
    {
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("PK\u0003\u0004 and so on"));
        Assert.Contains("zip", wrong.Message, StringComparison.Ordinal);
    }
}
