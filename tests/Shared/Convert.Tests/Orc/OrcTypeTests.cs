using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Orc;

public sealed class OrcTypeTests
{
    const int Present = 0;
    const int Data = 1;
    const int Length = 2;
    const int Secondary = 5;
    const int Day = 86_400;
    const int From1970To2015 = 16_436;

    [Fact]
    public async Task Decimals_with_scales_of_their_own_become_those_of_the_column()
    {
        var file = OrcFile.OfColumn(14, precision: 20, scale: 3).Stripe(
            4, [(1, Data, [.. Zigzag(15), .. Zigzag(-7), .. Zigzag(123_456), .. Zigzag(2)]), (1, Secondary, OrcFile.Signed(1, 0, 3, -2))], [(0, 0), (0, 0)]);

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc"));

        Assert.Equal("decimal(20,3)", converted.TypeOf("a"));
        Assert.Equal([1.500m, -7.000m, 123.456m, 200.000m], converted.Rows.Select(r => (decimal)r[0]!));
    }

    [Fact]
    public async Task Decimals_without_digits_are_those_of_Hive_or_text()
    {
        var usual = OrcFile.OfColumn(14).Stripe(1, [(1, Data, Zigzag(15)), (1, Secondary, OrcFile.Signed(1))], [(0, 0), (0, 0)]);
        var fine = OrcFile.OfColumn(14).Stripe(1, [(1, Data, Zigzag(15)), (1, Secondary, OrcFile.Signed(20))], [(0, 0), (0, 0)]);

        Assert.Equal("decimal(38,18)", (await Conversions.RunAsync(usual.ToArray(), Conversions.As("orc"))).TypeOf("a"));
        var text = await Conversions.RunAsync(fine.ToArray(), Conversions.As("orc"));
        Assert.Equal("0.00000000000000000015", text[0, "a"]);
        Assert.Contains("they are text", Assert.Single(text.Result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Short_decimals_of_the_draft_are_integers()
    {
        var file = new OrcFile { Version = (1, 9999) }.Type(OrcFile.Struct, [1], ["a"]).Type(14, precision: 9, scale: 2)
            .Stripe(5, [(1, Data, [0x0A, 0x4E, 0x20])], [(0, 0), (2, 0)]);

        Assert.Equal(100.00m, (await Conversions.RunAsync(file.ToArray(), Conversions.As("orc")))[4, "a"]);
    }

    [Theory]
    [InlineData(null, -141_427, "1582-10-15")]
    [InlineData(null, -141_428, "1582-10-04")]
    [InlineData(2, -141_428, "1582-10-14")]
    [InlineData(1, -719_164, "0001-01-01")]
    [InlineData(2, -719_162, "0001-01-01")]
    public async Task Days_of_the_hybrid_calendar_keep_their_names(int? calendar, int day, string expected)
    {
        var file = new OrcFile { Calendar = calendar }.Type(OrcFile.Struct, [1], ["a"]).Type(15).Stripe(1, [(1, Data, OrcFile.Signed(day))], [(0, 0), (0, 0)]);

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc") with { Types = TypesMode.Text });

        Assert.Equal(expected, converted[0, "a"]);
    }

    [Theory]
    [InlineData("America/New_York", 0, 0, "2015-01-01T00:00:00")]
    [InlineData("America/New_York", 181 * Day, 0, "2015-07-01T01:00:00")]
    [InlineData("GMT+05:30", 0, 10 << 3, "2015-01-01T00:00:00.00000001")]
    [InlineData("UTC", (-From1970To2015 * (long)Day) - 1, (5 << 3) | 7, "1969-12-31T23:59:58.5")] // stored as the second after, by writers that round towards 1970
    [InlineData("UTC", (-From1970To2015 * (long)Day) - 1, 9 << 3, "1969-12-31T23:59:59.000000009")]
    public async Task Timestamps_are_what_the_clock_of_the_writer_showed(string zone, long second, long nanosecond, string expected)
    {
        var file = OrcFile.OfColumn(9).Stripe(1, [(1, Data, OrcFile.Signed(second)), (1, Secondary, OrcFile.Unsigned(nanosecond))], [(0, 0), (0, 0)], zone);

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc") with { Types = TypesMode.Text });

        Assert.Equal(expected, ((string)converted[0, "a"]!).Contains('.', StringComparison.Ordinal) ? ((string)converted[0, "a"]!).TrimEnd('0') : converted[0, "a"]);
        Assert.Empty(converted.Result.Notes);
    }

    [Fact]
    public async Task A_zone_that_the_file_does_not_say_is_UTC_or_that_of_the_option()
    {
        var file = OrcFile.OfColumn(9).Stripe(1, [(1, Data, OrcFile.Signed(181 * Day)), (1, Secondary, OrcFile.Unsigned(0))], [(0, 0), (0, 0)]).ToArray();
        var hint = new FormatHint { Format = "orc", Options = new Dictionary<string, string> { ["time-zone"] = "America/New_York" } };

        var unsaid = await Conversions.RunAsync(file, Conversions.As("orc"));
        var said = await Conversions.RunAsync(file, new() { Hint = hint });

        Assert.Equal("2015-07-01T00:00:00", unsaid[0, "a"]!.ToString());
        Assert.Contains("'time-zone'", Assert.Single(unsaid.Result.Notes), StringComparison.Ordinal);
        Assert.Equal("2015-07-01T01:00:00", said[0, "a"]!.ToString());
        Assert.Empty(said.Result.Notes);
    }

    [Theory]
    [InlineData(0, "timestamp(ns,utc)", "2015-01-01T00:00:00Z")]
    [InlineData(400 * 365L * Day, "timestamp(us,utc)", "2414-09-26T00:00:00Z")]
    public async Task Far_timestamps_have_microseconds(long second, string type, string expected)
    {
        var file = OrcFile.OfColumn(18).Stripe(1, [(1, Data, OrcFile.Signed(second)), (1, Secondary, OrcFile.Unsigned(0))], [(0, 0), (0, 0)]);

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc"));

        Assert.Equal((type, expected), (converted.TypeOf("a"), converted[0, "a"]!.ToString()));
    }

    [Fact]
    public async Task Far_timestamps_beside_fine_ones_are_text()
    {
        var file = OrcFile.OfColumn(9).Stripe(2, [(1, Data, OrcFile.Signed(0, 400 * 365L * Day)), (1, Secondary, OrcFile.Unsigned(1 << 3, 0))], [(0, 0), (0, 0)], "UTC");

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc"));

        Assert.Equal(["2015-01-01T00:00:00.000000001", "2414-09-26T00:00:00"], converted.Rows.Select(r => r[0]));
        Assert.Contains("they are text", Assert.Single(converted.Result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_maps_structs_and_unions_nest()
    {
        var file = Nested();

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc"));

        Assert.Equal("list<int32>", converted.TypeOf("l"));
        Assert.Equal("list<struct<key:string,value:int32> not null>", converted.TypeOf("m"));
        Assert.Equal("struct<tag:int8,value0:int32,value1:string>", converted.TypeOf("u"));
        var texts = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc") with { Types = TypesMode.Text });
        Assert.Equal(["[1,2]", "[{\"key\":\"k\",\"value\":9}]", "{\"tag\":1,\"value0\":null,\"value1\":\"u\"}", "{\"x\":5}"], texts.Rows[0]);
        Assert.Equal([null, "[]", "{\"tag\":0,\"value0\":7,\"value1\":null}", null], texts.Rows[1]);
    }

    /// <summary>Two rows of every nested type.</summary>
    internal static OrcFile Nested(OrcFile? file = null) => (file ?? new())
        .Type(OrcFile.Struct, [1, 3, 6, 9], ["l", "m", "u", "s"])
        .Type(10, [2]).Type(3).Type(11, [4, 5]).Type(7).Type(3).Type(13, [7, 8]).Type(3).Type(7).Type(OrcFile.Struct, [10], ["x"]).Type(2)
        .Stripe(
            2,
            [
                (1, Present, OrcFile.Bits(true, false)), (1, Length, OrcFile.Unsigned(2)), (2, Data, OrcFile.Signed(1, 2)),
                (3, Length, OrcFile.Unsigned(1, 0)), (4, Data, OrcFile.Utf8("k")), (4, Length, OrcFile.Unsigned(1)), (5, Data, OrcFile.Signed(9)),
                (6, Data, [0xFE, 1, 0]), (7, Data, OrcFile.Signed(7)), (8, Data, OrcFile.Utf8("u")), (8, Length, OrcFile.Unsigned(1)),
                (9, Present, OrcFile.Bits(true, false)), (10, Data, OrcFile.Signed(5)),
            ],
            [.. Enumerable.Repeat((0, 0), 11)]);

    static byte[] Zigzag(long value) => OrcFile.Varint((value << 1) ^ (value >> 63));
}
