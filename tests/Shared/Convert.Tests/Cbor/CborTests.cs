using DataIngestion.Conversion.Tests.Documents;

namespace DataIngestion.Conversion.Tests.Cbor;

public sealed class CborTests
{
    /// <summary>RFC 8949, appendix A, with what the values are as JSON here.</summary>
    [Theory]
    [InlineData("00", "0"), InlineData("01", "1"), InlineData("0a", "10"), InlineData("17", "23"), InlineData("1818", "24"), InlineData("1819", "25"), InlineData("1864", "100"), InlineData("1903e8", "1000")]
    [InlineData("1a000f4240", "1000000"), InlineData("1b000000e8d4a51000", "1000000000000"), InlineData("1bffffffffffffffff", "18446744073709551615"), InlineData("c249010000000000000000", "18446744073709551616")]
    [InlineData("3bffffffffffffffff", "-18446744073709551616"), InlineData("c349010000000000000000", "-18446744073709551617"), InlineData("20", "-1"), InlineData("29", "-10"), InlineData("3863", "-100"), InlineData("3903e7", "-1000")]
    [InlineData("f90000", "0.0"), InlineData("f98000", "-0.0"), InlineData("f93c00", "1.0"), InlineData("fb3ff199999999999a", "1.1"), InlineData("f93e00", "1.5"), InlineData("f97bff", "65500.0"), InlineData("fa47c35000", "100000.0")]
    [InlineData("fa7f7fffff", "3.4028235E+38"), InlineData("fb7e37e43c8800759c", "1E+300"), InlineData("f90001", "6E-08"), InlineData("f90400", "6.104E-05"), InlineData("f9c400", "-4.0"), InlineData("fbc010666666666666", "-4.1")]
    [InlineData("f97c00", "\"Infinity\""), InlineData("f97e00", "\"NaN\""), InlineData("f9fc00", "\"-Infinity\""), InlineData("fa7f800000", "\"Infinity\""), InlineData("fb7ff8000000000000", "\"NaN\"")]
    [InlineData("f4", "false"), InlineData("f5", "true"), InlineData("f6", "null"), InlineData("f7", "null"), InlineData("f0", "\"simple(16)\""), InlineData("f8ff", "\"simple(255)\"")]
    [InlineData("c074323031332d30332d32315432303a30343a30305a", "\"2013-03-21T20:04:00Z\""), InlineData("c11a514b67b0", "\"2013-03-21T20:04:00Z\""), InlineData("c1fb41d452d9ec200000", "\"2013-03-21T20:04:00.5Z\"")]
    [InlineData("d74401020304", "\"01020304\""), InlineData("d818456449455446", "\"ZElFVEY=\""), InlineData("d82076687474703a2f2f7777772e6578616d706c652e636f6d", "\"http://www.example.com\"")]
    [InlineData("40", "\"\""), InlineData("4401020304", "\"AQIDBA==\""), InlineData("60", "\"\""), InlineData("6161", "\"a\""), InlineData("6449455446", "\"IETF\""), InlineData("62225c", "\"\\\"\\\\\""), InlineData("62c3bc", "\"ü\""), InlineData("63e6b0b4", "\"水\"")]
    [InlineData("80", "[]"), InlineData("83010203", "[1,2,3]"), InlineData("8301820203820405", "[1,[2,3],[4,5]]"), InlineData("98190102030405060708090a0b0c0d0e0f101112131415161718181819", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]")]
    [InlineData("a0", "{}"), InlineData("a201020304", "{\"1\":2,\"3\":4}"), InlineData("a26161016162820203", "{\"a\":1,\"b\":[2,3]}"), InlineData("826161a161626163", "[\"a\",{\"b\":\"c\"}]")]
    [InlineData("5f42010243030405ff", "\"AQIDBAU=\""), InlineData("7f657374726561646d696e67ff", "\"streaming\""), InlineData("9fff", "[]"), InlineData("9f018202039f0405ffff", "[1,[2,3],[4,5]]"), InlineData("83018202039f0405ff", "[1,[2,3],[4,5]]")]
    [InlineData("bf61610161629f0203ffff", "{\"a\":1,\"b\":[2,3]}"), InlineData("826161bf61626163ff", "[\"a\",{\"b\":\"c\"}]"), InlineData("bf6346756ef563416d7421ff", "{\"Fun\":true,\"Amt\":-2}")]
    [InlineData("c48221196ab3", "273.15"), InlineData("c5822003", "1.5"), InlineData("c4820103", "30"), InlineData("d8255000112233445566778899aabbccddeeff", "\"00112233-4455-6677-8899-aabbccddeeff\""), InlineData("d864194d7c", "\"2024-04-23\""), InlineData("d9d9f7a0", "{}")]
    public async Task The_examples_of_the_standard_are_read(string hex, string json) => Assert.Equal(json, await DocumentJson.OfHexAsync("cbor", hex));

    [Theory]
    [InlineData("1c"), InlineData("ff"), InlineData("f818"), InlineData("5f00ff"), InlineData("5f5f4100ffff"), InlineData("a1"), InlineData("62c3"), InlineData("9f"), InlineData("9fa0"), InlineData("9bffffffffffffffff00"), InlineData("c259ffff00"), InlineData("fe")]
    public async Task What_is_not_well_formed_is_refused(string hex) => Assert.Contains("CBOR content", await DocumentJson.RefusalAsync("cbor", System.Convert.FromHexString(hex)), StringComparison.Ordinal);

    [Fact]
    public async Task A_sequence_and_an_array_of_maps_are_records()
    {
        const string Records = "{\"a\":1}\n{\"a\":2}";
        Assert.Equal(Records, await DocumentJson.OfHexAsync("cbor", "a1616101 a1616102"));
        Assert.Equal(Records, await DocumentJson.OfHexAsync("cbor", "82 a1616101 a1616102"));
        Assert.Equal(Records, await DocumentJson.OfHexAsync("cbor", "9f a1616101 a1616102 ff"));
        Assert.Equal(Records + "\n{\"a\":3}", await DocumentJson.OfHexAsync("cbor", "d9d9f7 82 a1616101 a1616102 a1616103"));
    }

    [Fact]
    public async Task Unknown_tags_are_told()
    {
        var converted = await Conversions.RunAsync(System.Convert.FromHexString("a16161d9270f05"), Conversions.As("cbor"));

        Assert.Equal(5L, converted[0, "a"]);
        Assert.Contains(converted.Result.Notes, n => n.StartsWith("1 values have the tag 9999", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Depth_is_bounded() =>
        Assert.Contains("nested too deeply", await DocumentJson.RefusalAsync("cbor", [.. Enumerable.Repeat((byte)0x81, 100_000), 0]), StringComparison.Ordinal);
}
