using System.Text;
using DataIngestion.Conversion.Tests.Documents;

namespace DataIngestion.Conversion.Tests.Bson;

public sealed class BsonTests
{
    /// <summary>Documents of the BSON corpus (github.com/mongodb/specifications), with what they are as JSON here.</summary>
    [Theory]
    [InlineData("0500000000", "{}"), InlineData("140000000461000C0000001030000A0000000000", "{\"a\":[10]}"), InlineData("0D000000037800050000000000", "{\"x\":{}}")]
    [InlineData("090000000862000100", "{\"b\":true}"), InlineData("090000000862000000", "{\"b\":false}"), InlineData("080000000A610000", "{\"a\":null}"), InlineData("0800000006610000", "{\"a\":null}")]
    [InlineData("0C0000001069000000008000", "{\"i\":-2147483648}"), InlineData("10000000126100000000000000008000", "{\"a\":-9223372036854775808}")]
    [InlineData("10000000016400000000000000F03F00", "{\"d\":1.0}"), InlineData("10000000016400000000000000008000", "{\"d\":-0.0}"), InlineData("10000000016400000000000000F07F00", "{\"d\":\"Infinity\"}"), InlineData("10000000016400000000000000F87F00", "{\"d\":\"NaN\"}")]
    [InlineData("0D000000026100010000000000", "{\"a\":\"\"}"), InlineData("0E00000002610002000000620000", "{\"a\":\"b\"}"), InlineData("190000000261000D000000C3A9C3A9C3A9C3A9C3A9C3A90000", "{\"a\":\"éééééé\"}")]
    [InlineData("1400000007610056E1FC72E0C917E9C471416100", "{\"a\":\"56e1fc72e0c917e9c4714161\"}"), InlineData("10000000096100C5D8D6CC3B01000000", "{\"a\":\"2012-12-24T12:15:30.501Z\"}"), InlineData("10000000096100C33CE7B9BDFFFFFF00", "{\"a\":\"1960-12-24T12:15:30.499Z\"}")]
    [InlineData("0D000000057800000000000000", "{\"x\":\"\"}"), InlineData("0F0000000578000200000000FFFF00", "{\"x\":\"//8=\"}"), InlineData("1D000000057800100000000473FFD26444B34C6990E8E7D1DFC035D400", "{\"x\":\"73ffd264-44b3-4c69-90e8-e7d1dfc035d4\"}")]
    [InlineData("13000000057800060000000202000000FFFF00", "{\"x\":\"//8=\"}"), InlineData("0A0000000B6100000000", "{\"a\":\"//\"}"), InlineData("0F0000000B610061626300696D0000", "{\"a\":\"/abc/im\"}")]
    [InlineData("100000001161002A00000015CD5B0700", "{\"a\":{\"t\":123456789,\"i\":42}}"), InlineData("08000000FF610000", "{\"a\":\"MinKey\"}"), InlineData("080000007F610000", "{\"a\":\"MaxKey\"}"), InlineData("0E0000000D610002000000620000", "{\"a\":\"b\"}")]
    [InlineData("160000000F61000E0000000100000000050000000000", "{\"a\":{\"code\":\"\",\"scope\":{}}}"), InlineData("1A0000000C610002000000620056E1FC72E0C917E9C471416100", "{\"a\":{\"$ref\":\"b\",\"$id\":\"56e1fc72e0c917e9c4714161\"}}")]
    [InlineData("180000001364000000000000000000000000000000007C00", "{\"d\":\"NaN\"}"), InlineData("180000001364000000000000000000000000000000007800", "{\"d\":\"Infinity\"}"), InlineData("18000000136400000000000000000000000000000000F800", "{\"d\":\"-Infinity\"}")]
    [InlineData("180000001364000100000000000000000000000000403000", "{\"d\":1}"), InlineData("1800000013640001000000000000000000000000003E3000", "{\"d\":0.1}"), InlineData("18000000136400D204000000000000000000000000343000", "{\"d\":0.001234}")]
    [InlineData("18000000136400F2AF967ED05C82DE3297FF6FDE3C403000", "{\"d\":1234567890123456789012345678901234}"), InlineData("1800000013640000000000000000000000000000003AB000", "{\"d\":-0.000}"), InlineData("180000001364000A00000000000000000000000000FE5F00", "{\"d\":10E6111}")]
    public async Task The_documents_of_the_corpus_are_read(string hex, string json) => Assert.Equal(json, await DocumentJson.OfHexAsync("bson", hex));

    [Theory]
    [InlineData("0400000000"), InlineData("0500000001"), InlineData("05000000"), InlineData("FFFFFFFF00"), InlineData("0C0000000261000500000062000000"), InlineData("090000000862000200"), InlineData("0D000000036100050000000001")]
    [InlineData("0E00000002610002000000626200"), InlineData("0900000014620001 00"), InlineData("1D000000057800FFFFFFFF0473FFD26444B34C6990E8E7D1DFC035D400"), InlineData("0C00000003610004000000 0000")]
    public async Task Damage_is_refused(string hex) => Assert.Contains("BSON content", await DocumentJson.RefusalAsync("bson", System.Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))), StringComparison.Ordinal);

    [Fact]
    public async Task A_dump_is_one_row_a_document()
    {
        var document = System.Convert.FromHexString("18000000136400D204000000000000000000000000343000");
        byte[] dump = [.. Enumerable.Repeat(document, 50_000).SelectMany(d => d)];

        var converted = await Conversions.RunAsync(dump, Conversions.As("bson"));

        Assert.Equal(50_000, converted.Rows.Count);
        Assert.All(converted.Rows, r => Assert.Equal(0.001234m, r[0]));
    }

    [Fact]
    public async Task An_archive_of_mongodump_is_named() =>
        Assert.Contains("mongodump --archive", await DocumentJson.RefusalAsync("bson", [0x6D, 0xE2, 0x99, 0x81, .. Encoding.ASCII.GetBytes("archive")]), StringComparison.Ordinal);
}
