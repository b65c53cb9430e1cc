using System.Text;
using DataIngestion.Conversion.Tests.Documents;

namespace DataIngestion.Conversion.Tests.Yaml;

public sealed class YamlTests
{
    static Task<string> JsonAsync(string yaml) => DocumentJson.OfAsync("yaml", Encoding.UTF8.GetBytes(yaml));

    static Task<string> RefusalAsync(string yaml, ConversionLimits? limits = null) => DocumentJson.RefusalAsync("yaml", Encoding.UTF8.GetBytes(yaml), limits: limits);

    /// <summary>The core schema of YAML 1.2.2, section 10.3, and what other versions make of it.</summary>
    [Theory]
    [InlineData("NO", "\"NO\""), InlineData("yes", "\"yes\""), InlineData("on", "\"on\""), InlineData("true", "true"), InlineData("False", "false"), InlineData("tRUE", "\"tRUE\"")]
    [InlineData("null", "null"), InlineData("~", "null"), InlineData("", "null"), InlineData("'null'", "\"null\""), InlineData("nil", "\"nil\"")]
    [InlineData("0", "0"), InlineData("-19", "-19"), InlineData("+12", "12"), InlineData("0o7", "7"), InlineData("0x3A", "58"), InlineData("0b1", "\"0b1\""), InlineData("1_000", "\"1_000\""), InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("12345678901234567890123456789012345678901", "12345678901234567890123456789012345678901"), InlineData("1.2300", "1.2300"), InlineData("0.", "0.0"), InlineData(".5", "0.5"), InlineData("-.5", "-0.5"), InlineData("12e03", "12e03"), InlineData("-2E+05", "-2E+05"), InlineData("1.e5", "1.0e5")]
    [InlineData(".inf", "\"Infinity\""), InlineData("-.Inf", "\"-Infinity\""), InlineData(".NAN", "\"NaN\""), InlineData("007", "\"007\""), InlineData("!!int 007", "7"), InlineData("!!str 1", "\"1\""), InlineData("\"1\"", "\"1\""), InlineData("!!float 1", "1")]
    [InlineData("2001-12-14", "\"2001-12-14\""), InlineData("1.2.3", "\"1.2.3\""), InlineData("-", "\"-\""), InlineData("! 12", "\"12\""), InlineData("!!binary R0lG", "\"R0lG\""), InlineData("!own x", "\"x\""), InlineData("0.5.", "\"0.5.\"")]
    public async Task Scalars_have_the_types_of_the_core_schema(string yaml, string json) => Assert.Equal($"{{\"a\":{json}}}", await JsonAsync(yaml == "-" ? "a: '-'" : $"a: {yaml}"));

    [Fact]
    public async Task Documents_and_the_mappings_of_a_sequence_are_records()
    {
        Assert.Equal("{\"a\":1}\n{\"a\":2}", await JsonAsync("a: 1\n---\na: 2\n"));
        Assert.Equal("{\"a\":1}\n{\"a\":2}", await JsonAsync("# prices\n- a: 1\n- {a: 2}\n"));
        Assert.Equal("{\"a\":1}\n{\"a\":2}\n{\"a\":3}", await JsonAsync("---\n- a: 1\n- a: 2\n...\n---\n- a: 3\n"));
        Assert.Equal("[1,2]", await JsonAsync("- 1\n- 2\n"));
        Assert.Equal("", await JsonAsync("# nothing\n---\n"));
        Assert.Equal("{\"a\":[{\"b\":null},\"x y\"]}", await JsonAsync("a:\n  - b:\n  - x\n    y\n"));
    }

    [Fact]
    public async Task Aliases_merges_and_other_keys_are_resolved()
    {
        Assert.Equal("""{"base":{"x":1,"y":[2]},"copy":{"x":1,"y":[2]},"list":[2]}""", await JsonAsync("base: &b {x: 1, y: &y [2]}\ncopy: *b\nlist: *y\n"));
        Assert.Equal("""{"base":{"x":1,"y":2},"more":{"y":3,"z":4,"x":1}}""", await JsonAsync("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\n  z: 4\n"));
        Assert.Equal("""{"m":{"a":1,"b":2}}""", await JsonAsync("m:\n  <<: [{a: 1}, {a: 5, b: 2}]\n"));
        Assert.Equal("""{"1":"a","[2,3]":"b","null":"c"}""", await JsonAsync("1: a\n? [2, 3]\n: b\nnull: c\n"));
        Assert.Equal("{\"a\":\"one\\ntwo\\n\",\"b\":\"one two\"}", await JsonAsync("a: |\n  one\n  two\nb: >-\n  one\n  two\n"));
    }

    [Fact]
    public async Task Wrong_YAML_is_refused_with_its_line()
    {
        Assert.StartsWith("line 2, column", await RefusalAsync("a: 1\nb: [1, 2\nc: }"), StringComparison.Ordinal);
        Assert.Contains("&x before its alias", await RefusalAsync("a: *x"), StringComparison.Ordinal);
        Assert.Contains("holds itself", await RefusalAsync("a: &x [1, *x]"), StringComparison.Ordinal);
        Assert.Contains("no mapping", await RefusalAsync("<<: 5"), StringComparison.Ordinal);
        Assert.Contains("nested too deeply", await RefusalAsync(new string('[', 5_000)), StringComparison.Ordinal);
        Assert.Equal("The YAML is not UTF-8.", await DocumentJson.RefusalAsync("yaml", [0x61, 0x3A, 0x20, 0xFF, 0xFE, 0x0A]));
    }

    [Fact]
    public async Task A_billion_laughs_are_refused()
    {
        var yaml = new StringBuilder("a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n");
        for (var i = 1; i < 12; i++)
            yaml.Append($"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n");

        Assert.Contains("aliases repeat more than 200 times", await RefusalAsync(yaml.ToString()), StringComparison.Ordinal);

        var records = "- &a {x: " + new string('y', 100_000) + "}\n" + string.Concat(Enumerable.Repeat("- *a\n", 100_000));
        Assert.Contains("decompressionRatio", await RefusalAsync(records), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_document_may_hold_the_records()
    {
        var found = await Conversions.RunAsync("source: ECB\nprices:\n  - {sym: AAA, px: 1.25}\n  - {sym: BBB, px: 2}\n", Conversions.As("yaml"));
        var several = await Conversions.RunAsync("prices: [{sym: AAA}]\n---\nprices: [{sym: BBB}]\n", Conversions.As("yaml"));
        var none = await Conversions.RunAsync("prices: [1, 2]\nname: x\n", Conversions.As("yaml"));

        Assert.Equal(["AAA", 1.25m], found.Rows[0]);
        Assert.Contains("records are at $['prices'][*]", found.Result.Notes);
        Assert.Equal("prices", Assert.Single(several.Schema).Name);
        Assert.Equal(["[1,2]", "x"], Assert.Single(none.Rows));
    }

    [Fact]
    public async Task Records_become_rows()
    {
        var converted = await Conversions.RunAsync("- {sym: AAA, px: 1.2500, on: 2024-01-02}\n- {sym: NO, px: 7}\n", Conversions.As("yaml"));

        Assert.Equal("sym string, px decimal(18,4), on date", string.Join(", ", converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal(["NO", 7m, null], converted.Rows[1]);
    }
}
