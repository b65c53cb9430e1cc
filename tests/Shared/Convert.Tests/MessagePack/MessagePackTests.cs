using DataIngestion.Conversion.Tests.Documents;

namespace DataIngestion.Conversion.Tests.MessagePack;

public sealed class MessagePackTests
{
    /// <summary>Every form of the specification, with the bounds of each.</summary>
    [Theory]
    [InlineData("c0", "null"), InlineData("c2", "false"), InlineData("c3", "true"), InlineData("00", "0"), InlineData("7f", "127"), InlineData("ff", "-1"), InlineData("e0", "-32")]
    [InlineData("cc80", "128"), InlineData("cdffff", "65535"), InlineData("ceffffffff", "4294967295"), InlineData("cfffffffffffffffff", "18446744073709551615")]
    [InlineData("d080", "-128"), InlineData("d18000", "-32768"), InlineData("d280000000", "-2147483648"), InlineData("d38000000000000000", "-9223372036854775808")]
    [InlineData("ca3dcccccd", "0.1"), InlineData("cb3fb999999999999a", "0.1"), InlineData("cb7ff0000000000000", "\"Infinity\""), InlineData("cb3ff0000000000000", "1.0")]
    [InlineData("a161", "\"a\""), InlineData("d90161", "\"a\""), InlineData("da000161", "\"a\""), InlineData("db0000000161", "\"a\""), InlineData("a2c3bc", "\"ü\"")]
    [InlineData("c40201ff", "\"Af8=\""), InlineData("c5000201ff", "\"Af8=\""), InlineData("c60000000201ff", "\"Af8=\"")]
    [InlineData("93010203", "[1,2,3]"), InlineData("dc000101", "[1]"), InlineData("dd0000000101", "[1]"), InlineData("90", "[]")]
    [InlineData("82a7636f6d70616374c3a6736368656d6100", "{\"compact\":true,\"schema\":0}"), InlineData("de0001a16101", "{\"a\":1}"), InlineData("df00000001a16101", "{\"a\":1}")]
    [InlineData("8301020304c0c2", "{\"1\":2,\"3\":4,\"null\":false}"), InlineData("8191a16101", "{\"[\\\"a\\\"]\":1}"), InlineData("81c4010101", "{\"AQ==\":1}")]
    [InlineData("d6ff00000000", "\"1970-01-01T00:00:00Z\""), InlineData("d7ff0000000400000001", "\"1970-01-01T00:00:01.000000001Z\""), InlineData("c70cff3b9ac9ffffffffffffffffff", "\"1969-12-31T23:59:59.999999999Z\"")]
    [InlineData("d40510", "{\"ext\":5,\"data\":\"EA==\"}"), InlineData("c70001", "{\"ext\":1,\"data\":\"\"}"), InlineData("d800000102030405060708090a0b0c0d0e0f", "{\"ext\":0,\"data\":\"AAECAwQFBgcICQoLDA0ODw==\"}")]
    public async Task Every_form_is_read(string hex, string json) => Assert.Equal(json, await DocumentJson.OfHexAsync("messagepack", hex));

    [Theory]
    [InlineData("c1"), InlineData("a3"), InlineData("ddffffffff00"), InlineData("dfffffffff"), InlineData("93a1"), InlineData("d7ffffffffffffffffff"), InlineData("9281a16101")]
    public async Task Damage_is_refused(string hex) => Assert.Contains("MessagePack content", await DocumentJson.RefusalAsync("messagepack", System.Convert.FromHexString(hex)), StringComparison.Ordinal);

    [Theory]
    [InlineData(1), InlineData(7), InlineData(int.MaxValue)]
    public async Task Messages_do_not_depend_on_where_the_stream_is_cut(int chunk)
    {
        var message = System.Convert.FromHexString("82a16101a16293c0c3a3616263");
        byte[] messages = [.. Enumerable.Repeat(message, 30_000).SelectMany(m => m)];
        var json = await DocumentJson.OfAsync("messagepack", messages, chunk: chunk);

        Assert.Equal(30_000, json.Split('\n').Count(l => l == """{"a":1,"b":[null,true,"abc"]}"""));
    }

    [Fact]
    public async Task An_array_of_maps_is_its_records_and_they_become_rows()
    {
        var converted = await Conversions.RunAsync(System.Convert.FromHexString("9282a26964cd03e8a27078cb400921fb54442d1882a2696401a27078c0"), Conversions.As("messagepack"));

        Assert.Equal("id int64, px decimal(18,15)", string.Join(", ", converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal((1000L, 3.141592653589793m), (converted[0, "id"], converted[0, "px"]));
        Assert.Equal(2, converted.Rows.Count);
    }

    [Fact]
    public async Task A_record_longer_than_the_limit_and_one_too_deep_are_refused()
    {
        Assert.Contains("recordBytes", await DocumentJson.RefusalAsync("messagepack", [0xC6, 0, 0x20, 0, 0, .. new byte[3 << 20]], limits: new() { MaxRecordBytes = 1 << 20 }), StringComparison.Ordinal);
        Assert.Contains("nested too deeply", await DocumentJson.RefusalAsync("messagepack", [.. Enumerable.Repeat((byte)0x91, 100_000), 0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_rejects_its_record_only()
    {
        var converted = await Conversions.RunAsync(System.Convert.FromHexString("81a161a161 81a161a1ff 81a161a162".Replace(" ", "", StringComparison.Ordinal)), Conversions.As("messagepack"));

        Assert.Equal(["a", "b"], converted.Rows.Select(r => r[0]));
        Assert.Single(converted.Rejected);
    }
}
