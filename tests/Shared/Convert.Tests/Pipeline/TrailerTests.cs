using System.IO.Compression;
using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Tests.Pipeline;

public sealed class TrailerTests
{
    static ConversionRequest Request => new() { Hint = new() { Format = "csv", Delimiter = "|", Header = true, FooterLines = 0, Trailer = "END|" } };

    [Theory]
    [InlineData("a|b\n1|2\n3|4\nEND|2\n")]
    [InlineData("a|b\r\n1|2\r\n3|4\r\nEND|20240105|2|||\r\n\r\n")]
    [InlineData("a|b\n1|2\n3|4\nEND|2")]
    public async Task The_last_line_is_no_record_where_it_is_the_trailer(string text)
    {
        var converted = await Conversions.RunAsync(text, Request);

        Assert.Equal([1L, 3L], converted.Rows.Select(r => r[0]));
        Assert.Empty(converted.Rejected);
    }

    [Theory]
    [InlineData("a|b\n1|2\n3|4\n", "3|4")]
    [InlineData("a|b\n1|2\n3|", "3|")]
    [InlineData("", "")]
    public async Task Content_without_the_trailer_was_cut(string text, string last)
    {
        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(text, Request));

        Assert.Equal($"The last line is '{last}', where one is expected that begins with 'END|': the content was cut, fetch it again.", refused.Message);
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(4096)]
    public async Task What_is_handed_on_does_not_depend_on_how_much_comes_at_once(int chunk)
    {
        var lines = string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i}|{new string('x', i % 90)}\n"));
        await using var content = new TrailerStream(new ChunkedStream(Encoding.UTF8.GetBytes(lines + "END|2000\n"), chunk), "END|");
        using var kept = new MemoryStream();

        await content.CopyToAsync(kept, TestContext.Current.CancellationToken);

        Assert.Equal(lines, Encoding.UTF8.GetString(kept.ToArray()));
    }

    [Fact]
    public async Task A_line_longer_than_any_trailer_is_a_record()
    {
        var text = "a|b\n" + new string('x', 300_000) + "|1\nEND|1\n";
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

        var converted = await Conversions.RunAsync(packed.ToArray(), Request);

        Assert.Equal(300_000, ((string)converted[0, "a"]!).Length);
    }
}
