namespace DataIngestion.Conversion.Tests.Orc;

/// <summary>The examples of the specification (ORCv1, "Run Length Encoding"), and what lies between them.</summary>
public sealed class OrcEncodingTests
{
    const int Long = 4;
    const int Data = 1;

    static readonly Dictionary<string, (bool IsSecond, byte[] Bytes, long[] Values)> Runs = new(StringComparer.Ordinal)
    {
        ["v1 run"] = (false, [0x61, 0x00, 0x0E], [.. Enumerable.Repeat(7L, 100)]),
        ["v1 falling run"] = (false, [0x61, 0xFF, 0xC8, 0x01], [.. Enumerable.Range(1, 100).Reverse().Select(i => (long)i)]),
        ["v1 literals"] = (false, [0xFB, 0x04, 0x06, 0x0B, 0x0E, 0x16], [2, 3, -6, 7, 11]),
        ["v2 short repeat"] = (true, [0x0A, 0x4E, 0x20], [.. Enumerable.Repeat(10_000L, 5)]),
        ["v2 direct"] = (true, [0x6E, 0x03, 0, 0xB9, 0x42, 0x01, 0x56, 0x3C, 0x01, 0xBD, 0x5A, 0x01, 0x7D, 0xDE], [23713, 43806, 57005, 48879]),
        ["v2 patched base"] = (
            true,
            [
                0x8E, 0x13, 0x2B, 0x21, 0x07, 0xD0, 0x1E, 0x00, 0x14, 0x70, 0x28, 0x32, 0x3C, 0x46, 0x50, 0x5A, 0x64, 0x6E, 0x78, 0x82, 0x8C, 0x96, 0xA0, 0xAA, 0xB4,
                0xBE, 0xFC, 0xE8,
            ],
            [2030, 2000, 2020, 1_000_000, 2040, 2050, 2060, 2070, 2080, 2090, 2100, 2110, 2120, 2130, 2140, 2150, 2160, 2170, 2180, 2190]),
        ["v2 delta"] = (true, [0xC6, 0x09, 0x04, 0x02, 0x22, 0x42, 0x42, 0x46], [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]),
        ["v2 fixed delta"] = (true, [0xC0, 0x04, 0x13, 0x05], [-10, -13, -16, -19, -22]),
        ["v2 extremes"] = (true, [0x7E, 0x01, .. Enumerable.Repeat((byte)0xFF, 16)], [long.MinValue, long.MinValue]),
    };

    public static TheoryData<string> RunNames => [.. Runs.Keys];

    [Theory, MemberData(nameof(RunNames))]
    public async Task Runs_of_integers_are_those_of_the_specification(string name)
    {
        var (isSecond, bytes, values) = Runs[name];
        var file = OrcFile.OfColumn(Long).Stripe(values.Length, [(1, Data, bytes)], [(0, 0), (isSecond ? 2 : 0, 0)]);

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc"));

        Assert.Equal(values, converted.Rows.Select(r => (long)r[0]!));
    }

    [Fact]
    public async Task Booleans_bytes_and_nulls_come_in_runs_of_bytes()
    {
        var file = new OrcFile().Type(OrcFile.Struct, [1, 2], ["t", "b"]).Type(0).Type(1).Stripe(
            9,
            [(1, 0, [0xFE, 0b1111_0111, 0x80]), (1, Data, [0xFF, 0b1000_0001]), (2, Data, [0x04, 0x44, 0xFE, 0x45, 0x80])],
            [(0, 0), (0, 0), (0, 0)]);

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc"));

        Assert.Equal([true, false, false, false, null, false, false, false, true], converted.Rows.Select(r => (bool?)r[0]));
        Assert.Equal([0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x45, -128], converted.Rows.Select(r => (long)r[1]!));
    }

    [Fact]
    public async Task Texts_are_direct_or_by_dictionary_and_repaired_where_they_are_not_utf8()
    {
        var direct = OrcFile.OfColumn(7).Stripe(3, [(1, Data, [.. OrcFile.Utf8("aé"), 0xFF]), (1, 2, OrcFile.Unsigned(1, 2, 1))], [(0, 0), (0, 0)]);
        var dictionary = OrcFile.OfColumn(16).Stripe(4, [(1, Data, OrcFile.Unsigned(1, 0, 1, 1)), (1, 2, OrcFile.Unsigned(2, 3)), (1, 3, OrcFile.Utf8("NYAPL"))], [(0, 0), (1, 2)]);

        var texts = await Conversions.RunAsync(direct.ToArray(), Conversions.As("orc"));
        var entries = await Conversions.RunAsync(dictionary.ToArray(), Conversions.As("orc"));

        Assert.Equal(["a", "é", "\uFFFD"], texts.Rows.Select(r => r[0]));
        Assert.Contains("1 texts are not UTF-8", Assert.Single(texts.Result.Notes), StringComparison.Ordinal);
        Assert.Equal(["APL", "NY", "APL", "APL"], entries.Rows.Select(r => r[0]));
    }

    [Theory]
    [InlineData(5, new byte[] { 0, 0, 192, 63 }, "1.5")]
    [InlineData(6, new byte[] { 0, 0, 0, 0, 0, 0, 4, 192 }, "-2.5")]
    [InlineData(8, new byte[] { 1, 2 }, "0102")]
    public async Task Floating_numbers_are_little_endian_and_bytes_are_bytes(int kind, byte[] data, string expected)
    {
        var file = OrcFile.OfColumn(kind).Stripe(1, [(1, Data, data), (1, 2, OrcFile.Unsigned(data.Length))], [(0, 0), (0, 0)]);

        var converted = await Conversions.RunAsync(file.ToArray(), Conversions.As("orc") with { Types = TypesMode.Text });

        Assert.Equal(expected, converted[0, "a"]);
    }
}
