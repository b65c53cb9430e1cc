using System.Text;

namespace DataIngestion.Conversion.Tests.Json;

/// <summary>What other readers of JSON lose: digits, keys, halves of surrogate pairs, places.</summary>
public sealed class JsonExactnessTests
{
    [Theory]
    [InlineData("json"), InlineData("ndjson")]
    public async Task Numbers_keep_every_digit(string format)
    {
        string[] numbers = ["9223372036854775807", "-12345678901234567890123456789012345678", "0.10000000000000000555", "123456789012345678901234567890123456789", "1e3", "-0", "-0.0"];
        var records = string.Join(',', numbers.Select((n, i) => $"\"n{i}\":{n}"));
        var converted = await Conversions.RunAsync(format == "json" ? $"[{{{records}}}]" : $"{{{records}}}\n{{}}\n", Conversions.As(format));

        Assert.Equal(
            ["int64", "decimal(38,0)", "decimal(38,20)", "string", "double", "int64", "decimal(18,1)"],
            converted.Schema.Select(c => c.Type.ToString()));
        Assert.Equal(["9223372036854775807", numbers[1], numbers[2], numbers[3]], converted.Rows[0].Take(4).Select(v => v!.ToString()));
    }

    [Theory]
    [InlineData("5", "int64", "5"), InlineData("\"a\\u0062c\"", "string", "abc"), InlineData("true", "boolean", "True"), InlineData(" -1.50 ", "decimal(18,2)", "-1.50")]
    public async Task A_scalar_at_the_top_is_one_record_with_the_column_value(string text, string type, string value)
    {
        var converted = await Conversions.RunAsync(text, Conversions.As("json"));
        Assert.Equal(("value", type), (converted.Schema[0].Name, converted.TypeOf("value")));
        Assert.Equal(value, Assert.Single(converted.Rows)[0]!.ToString());
    }

    [Theory]
    [InlineData("json"), InlineData("ndjson")]
    public async Task Keys_are_kept_apart_by_case_and_escape_and_the_empty_one_has_a_name(string format)
    {
        const string record = """{"Price":1,"price":2,"pri\u0063e2":3,"":4,"o":{"":5,"a.b":6}}""";
        var converted = await Conversions.RunAsync(format == "json" ? $"[{record}]" : $"{record}\n{{}}\n", Conversions.As(format));
        Assert.Equal(["Price", "price", "price2", "empty", "o.empty", "o.a.b"], converted.Schema.Select(c => c.Name));
        Assert.Equal([1L, 2L, 3L, 4L, 5L, 6L], converted.Rows[0]);
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_rejects_its_record_and_not_the_file()
    {
        var converted = await Conversions.RunAsync("""[{"a":"x"},{"a":"\ud83d\ude00"},{"a":"\ud83d"},{"\ude00":1},{"a":[{"b":"\uDFAA"}]},{"a":"y"}]""", Conversions.As("json"));
        Assert.Equal(["x", "😀", "y"], converted.Rows.Select(r => r[0]));
        Assert.Equal([("utf-8", 3L), ("utf-8", 4L), ("utf-8", 5L)], converted.Rejected.Select(r => (r.Rule, r.Row)));
        Assert.Equal(["a"], converted.Schema.Select(c => c.Name));
    }

    [Theory]
    [InlineData("{\"\\ud800\":1,\"data\":[{\"a\":1}]}", "$.data[*]", "x", 1)]
    [InlineData("{\"data\":{\"\\ud800\":{\"a\":1}}}", "$.data.{key}", "x", -1)]
    [InlineData("{\"x\":\"\\ud800\",\"data\":[{\"a\":1}]}", "$.data[*]", "x", -1)]
    public async Task Half_of_a_surrogate_pair_outside_the_records_matters_only_where_it_is_used(string text, string path, string inherit, int rows)
    {
        var run = () => Conversions.RunAsync(text, Conversions.As("json", path, inherit));
        if (rows >= 0)
            Assert.Equal(rows, (await run()).Rows.Count);
        else
            Assert.NotNull((await Assert.ThrowsAsync<ConversionException>(run)).Column);
    }

    [Theory]
    [InlineData(1), InlineData(3), InlineData(1000)]
    public async Task Text_that_is_not_UTF8_is_refused_at_its_first_wrong_byte(int chunk)
    {
        byte[] text = [.. "[{\"a\":\"é\"},\n {\"b\":\"xy"u8, 0xE4, 0xB8, 0x22, .. "}]"u8];
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(text, Conversions.As("json"), chunk));
        Assert.Equal((2L, 12L), (wrong.Line!.Value, wrong.Column!.Value));
    }

    [Fact]
    public async Task A_line_that_is_not_UTF8_is_rejected_with_the_byte()
    {
        byte[] text = [.. "{\"a\":1}\n{\"a\":\""u8, 0xFF, .. "\"}\n{\"a\":2}\n"u8];
        var converted = await Conversions.RunAsync(text, Conversions.As("ndjson"));
        var rejected = Assert.Single(converted.Rejected);
        Assert.Equal(("utf-8", 2L, 8L), (rejected.Rule, rejected.Line, rejected.ByteOffset));
        Assert.Contains("byte 7", rejected.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeated_keys_say_how_often_which_and_where()
    {
        var converted = await Conversions.RunAsync("[{\"a\":1},\n{\"b\":1,\"b\":2,\"b\":3},\n{\"a\":1,\"a\":2}]", Conversions.As("json"));
        Assert.Contains("2 times key 'b' stood again in its object; the last value was taken", converted.Result.Notes);
        Assert.Contains("1 times key 'a' stood again in its object; the last value was taken", converted.Result.Notes);
        Assert.Contains("the first repeated key is 'b' in record 2, line 2", converted.Result.Notes);
        Assert.Equal(3L, converted[1, "b"]);
    }

    [Fact]
    public async Task A_value_beyond_the_limit_rejects_its_record()
    {
        var request = Conversions.As("json") with { Limits = new() { MaxFieldBytes = 10 } };
        var converted = await Conversions.RunAsync("""[{"a":"short","l":[1]},{"a":"longer than ten"},{"l":[1,2,3,4,5,6,7]}]""", request);
        Assert.Equal([("field-size", "a"), ("field-size", "l")], converted.Rejected.Select(r => (r.Rule, r.Column!)));
        Assert.Single(converted.Rows);
    }

    [Fact]
    public async Task Arrays_inside_records_are_written_in_one_form()
    {
        var converted = await Conversions.RunAsync("""[{"l":[ 1.50 , "a\u00e9\/\"\n\u0001" , { "x" : [ ] , "y":null} , "😀" ]}]""", Conversions.As("json"));
        Assert.Equal("[1.50,\"aé/\\\"\\n\\u0001\",{\"x\":[],\"y\":null},\"😀\"]", converted[0, "l"]);
    }

    [Fact]
    public async Task A_long_array_of_records_takes_no_more_memory_than_its_records()
    {
        var request = Conversions.As("json", "$.data[*]") with { Limits = new() { MaxRecordBytes = 1 << 20 } };
        var text = new StringBuilder("{\"data\":[");
        for (var i = 0; i < 40_000; i++)
            text.Append(i == 0 ? "" : ",").Append("{\"i\":").Append(i).Append(",\"text\":\"").Append('x', 40).Append("\"}");
        // Larger than the largest record by far, so that a reader that kept what it has read would refuse it.
        var converted = await Conversions.RunAsync(text.Append("]}").ToString(), request, 10_000);
        Assert.Equal(40_000, converted.Rows.Count);
    }
}
