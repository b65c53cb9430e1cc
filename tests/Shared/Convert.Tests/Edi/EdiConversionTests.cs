using System.Text;

namespace DataIngestion.Conversion.Tests.Edi;

/// <summary>Interchanges become rows of segments.</summary>
public sealed class EdiConversionTests
{
    public const string Edifact = """
        UNA:+.? '
        UNB+UNOC:3+5412345000013:14+8712345678913:14+240102:1200+REF1'
        UNH+1+ORDERS:D:96A:UN'
        BGM+220+B10001+9'
        DTM+137:20240102:102'
        FTX+AAI+++IT?'S A ?:TEST ??'
        UNT+5+1'
        UNH+2+ORDERS:D:96A:UN'
        BGM+220+B10002+9'
        UNT+3+2'
        UNZ+2+REF1'
        """;

    public static string X12(string segmentEnd = "~\n") => string.Join(
        segmentEnd,
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240102*1200*^*00501*000000905*0*P*>", "GS*PO*SENDER*RECEIVER*20240102*1200*1*X*005010", "ST*850*0001", "BEG*00*SA*PO-1**20240102",
        "REF*DP*038^039", "PO1*1*0010*EA*9.25**CB*065322-117>A", "CTT*1", "SE*6*0001", "GE*1*1", "IEA*1*000000905", "");

    static ConversionRequest As(string format, string? table = null) => new() { Hint = new() { Format = format, Table = table } };

    [Fact]
    public async Task X12_segments_are_rows_with_the_separators_of_their_header()
    {
        foreach (var end in new[] { "~\n", "~", "\u001c" })
        {
            var read = await Conversions.RunAsync(X12(end), As("x12"));

            Assert.Equal(10, read.Rows.Count);
            Assert.Equal(["1 interchanges with 1 messages"], read.Result.Notes.Where(n => n.Contains("interchange", StringComparison.Ordinal)));
            Assert.Equal("850", read[3, "message_type"]);
            Assert.Equal("0010", read[5, "e02"]);
            Assert.Equal("065322-117", read[5, "e07"]);
            Assert.Equal("A", read[5, "e07_2"]);
            Assert.Equal("039", read[4, "e02_r2"]);
            Assert.Equal(4L, read[5, "message_position"]);
            Assert.Equal("000000905", read[5, "interchange"]);
        }
    }

    [Fact]
    public async Task EDIFACT_segments_are_rows_with_released_characters()
    {
        var read = await Conversions.RunAsync(Edifact, As("edifact"));

        Assert.Equal(10, read.Rows.Count);
        Assert.Equal("IT'S A :TEST ?", read[4, "e04"]);
        Assert.Equal("20240102", read[3, "e01_2"]);
        Assert.Equal("2", read[7, "message"]);
        Assert.Single(read.Result.Notes, n => n.StartsWith("1 interchanges with 2 messages", StringComparison.Ordinal));
        Assert.DoesNotContain(read.Result.Notes, n => n.StartsWith("line", StringComparison.Ordinal));
        Assert.Equal(10, (await Conversions.RunAsync(Edifact.Replace("UNA:+.? '\n", "", StringComparison.Ordinal), As("edifact"))).Rows.Count);
    }

    [Fact]
    public async Task Each_segment_and_the_messages_are_tables()
    {
        var orders = await Conversions.RunAsync(Edifact, As("edifact", "BGM"));
        var messages = await Conversions.RunAsync(Edifact.Replace("UNT+3+2", "UNT+4+2", StringComparison.Ordinal), As("edifact", "messages"));

        Assert.Equal(["B10001", "B10002"], orders.Rows.Select(r => r[orders.Schema.IndexOf("e02")]));
        Assert.Equal([true, false], messages.Rows.Select(r => r[messages.Schema.IndexOf("agrees")]));
        Assert.Contains("line 10, byte 215: UNT says 4 segments, there are 3", messages.Result.Notes);
    }

    [Fact]
    public async Task Wrong_counts_are_told_and_broken_segments_rejected()
    {
        var wrong = await Conversions.RunAsync(X12().Replace("SE*6", "SE*7", StringComparison.Ordinal).Replace("IEA*1*000000905", "IEA*2*000000906", StringComparison.Ordinal), As("x12"));
        var broken = await Conversions.RunAsync(X12().Replace("CTT*1", "?!*1", StringComparison.Ordinal) + "ISA*", As("x12"));
        var none = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("hello\n", As("x12")));

        Assert.Equal(3, wrong.Result.Notes.Count(n => n.StartsWith("line", StringComparison.Ordinal)));
        Assert.Equal("segment", Assert.Single(broken.Rejected).Rule);
        Assert.Equal(7, broken.Rejected[0].Line);
        Assert.StartsWith("The content holds no X12 interchange", none.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x12", 1), InlineData("x12", 13), InlineData("edifact", 1), InlineData("edifact", 13)]
    public async Task Rows_do_not_depend_on_how_the_stream_is_cut(string format, int chunk)
    {
        var bytes = Encoding.UTF8.GetBytes(format == "x12" ? X12() + X12("|") : Edifact + Edifact);
        var (whole, cut) = (await Conversions.RunAsync(bytes, As(format)), await Conversions.RunAsync(bytes, As(format), chunk));

        Assert.Equal(20, cut.Rows.Count);
        Assert.Equal(whole.Bytes, cut.Bytes);
    }
}
