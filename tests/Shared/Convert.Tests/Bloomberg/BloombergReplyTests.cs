namespace DataIngestion.Conversion.Tests.Bloomberg;

public sealed class BloombergReplyTests
{
    const string Getdata = """
        START-OF-FILE
        RUNDATE=20240105
        PROGRAMNAME=getdata
        # asked by hand
        START-OF-FIELDS
        PX_LAST
        CRNCY
        START_DT

        END-OF-FIELDS
        TIMESTARTED=Fri Jan  5 18:00:00 EST 2024
        START-OF-DATA
        ALPHA US Equity|0|3|10.25|USD|01/05/2024|
        BETA LN Equity|0|3|N.A.|GBp| |
        GONE US Equity|10|3| | | |
        GAMMA GR Equity|0|3|N.S.|EUR|N.S.|
        SHORT GR Equity|0|3|1|
        END-OF-DATA
        DATARECORDS=5
        TIMEFINISHED=Fri Jan  5 18:01:00 EST 2024
        END-OF-FILE

        """;

    const string History = """
        START-OF-FILE
        PROGRAMNAME=gethistory
        DATEFORMAT=yyyymmdd
        START-OF-FIELDS
        PX_LAST
        END-OF-FIELDS
        START-OF-DATA
        START SECURITY|ALPHA US Equity|PX_LAST|
        ALPHA US Equity|20240104|10.00|
        ALPHA US Equity|20240105|10.25|
        END SECURITY|ALPHA US Equity|PX_LAST|2|0|
        START SECURITY|ALPHA US Equity|PX_VOLUME|
        ALPHA US Equity|20240105|900|
        END SECURITY|ALPHA US Equity|PX_VOLUME|1|0|
        END-OF-DATA
        END-OF-FILE

        """;

    [Theory]
    [InlineData(1), InlineData(7), InlineData(int.MaxValue)]
    public async Task Fields_are_columns_and_a_security_without_an_answer_is_rejected(int chunk)
    {
        var converted = await Conversions.RunAsync(Getdata, new() { Hint = new() { Inherit = ["RUNDATE"] } }, chunk);

        Assert.Equal("bloomberg-reply", converted.Result.Format.Format);
        Assert.Equal(["identifier", "rcode", "nfields", "PX_LAST", "CRNCY", "START_DT", "RUNDATE"], converted.Schema.Select(c => c.Name));
        Assert.Equal(["ALPHA US Equity", "BETA LN Equity", "GAMMA GR Equity"], converted.Rows.Select(r => r[0]));
        Assert.Equal(("10.25", null, null), (converted[0, "PX_LAST"]?.ToString(), converted[1, "PX_LAST"], converted[2, "PX_LAST"]));
        Assert.Equal(("USD", new DateOnly(2024, 1, 5)), (converted[0, "CRNCY"], converted[0, "RUNDATE"]));
        Assert.Equal([(3L, "return-code"), (5L, "ragged")], converted.Rejected.Select(r => (r.Row, r.Rule)));
        Assert.Contains("2 values are 'N.S.', which is no value: the field is not subscribed", converted.Result.Notes);
    }

    [Fact]
    public async Task Days_of_a_series_have_the_field_of_the_line_around_them()
    {
        var converted = await Conversions.RunAsync(History.ReplaceLineEndings("\r\n"));

        Assert.Equal(["identifier", "date", "value", "field"], converted.Schema.Select(c => c.Name));
        Assert.Equal(["PX_LAST", "PX_LAST", "PX_VOLUME"], converted.Rows.Select(r => r[3]));
        Assert.Equal(new DateOnly(2024, 1, 4), converted[0, "date"]);
        Assert.Equal(3, converted.Rows.Count);
    }

    [Theory]
    [InlineData("END-OF-FILE", "The reply ends without END-OF-FILE: it was cut, fetch it again.")]
    [InlineData("END-OF-DATA", "The reply ends without END-OF-DATA: it was cut, fetch it again.")]
    [InlineData("BETA", "The reply says DATARECORDS=5, but 4 records came: it is damaged, ask for it again.")]
    public async Task A_reply_that_was_cut_is_no_shorter_reply(string cut, string expected)
    {
        var at = Getdata.IndexOf(cut, StringComparison.Ordinal);
        var damaged = cut == "BETA" ? Getdata.Remove(at, Getdata.IndexOf('\n', at) - at + 1) : Getdata[..at];

        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(damaged, Conversions.As("bloomberg-reply")));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_header_says_the_delimiter_and_that_a_line_names_the_columns()
    {
        const string Reply = "START-OF-FILE\nDELIMITER=;\nCOLUMNHEADER=yes\nSTART-OF-FIELDS\nPX_LAST\nPX_LAST\nEND-OF-FIELDS\nSTART-OF-DATA\nSECURITIES;ERROR CODE;NUM FLDS;PX_LAST;PX_LAST;\nA;0;2;1;2;\nEND-OF-DATA\nEND-OF-FILE\n";

        var converted = await Conversions.RunAsync(Reply);

        Assert.Equal(["identifier", "rcode", "nfields", "PX_LAST", "PX_LAST_2"], converted.Schema.Select(c => c.Name));
        Assert.Equal((1, 1L, 2L), (converted.Rows.Count, converted[0, "PX_LAST"], converted[0, "PX_LAST_2"]));
    }
}
