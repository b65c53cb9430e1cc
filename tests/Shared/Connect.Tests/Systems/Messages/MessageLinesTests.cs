using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace DataIngestion.Connect.Tests;

public sealed class MessageLinesTests
{
    static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Gen.String.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(truth => (JsonNode?)JsonValue.Create(truth)),
        Gen.Const((JsonNode?)null));

    static readonly Gen<JsonNode?> Node = Gen.OneOf(
        Leaf,
        Leaf.Array[0, 4].Select(items => (JsonNode?)new JsonArray(Array.ConvertAll(items, i => i?.DeepClone()))),
        Gen.Select(Gen.String, Leaf).Array[0, 4].Select(members => (JsonNode?)Object(members)));

    [Theory]
    [InlineData("""{"a":1,"b":"x"}""", """{"_offset":7,"a":1,"b":"x"}""")]
    [InlineData("{ }", """{"_offset":7}""")]
    [InlineData(" \t{\n  \"a\": 1,\r\n  \"b\": [1,\n2]\n}\n", "{\"_offset\":7,\"a\": 1,    \"b\": [1, 2]}")]
    [InlineData("""{"a":"line\nbreak \u00e9 \"q\""}""", """{"_offset":7,"a":"line\nbreak \u00e9 \"q\""}""")]
    [InlineData("""{"amount":12345678901234567890.1234567890,"e":1E400}""", """{"_offset":7,"amount":12345678901234567890.1234567890,"e":1E400}""")]
    [InlineData("""{"a":1,"a":2}""", """{"_offset":7,"a":1,"a":2}""")]
    [InlineData("[1,\n 2]", """{"_offset":7,"value":[1,  2]}""")]
    [InlineData("12.50", """{"_offset":7,"value":12.50}""")]
    [InlineData("\"x\"", """{"_offset":7,"value":"x"}""")]
    [InlineData("null", """{"_offset":7,"value":null}""")]
    [InlineData("", """{"_offset":7,"value":""}""")]
    [InlineData("hello\nworld <é>", """{"_offset":7,"value":"hello\nworld <é>"}""")]
    [InlineData("{\"a\":1} {\"b\":2}", """{"_offset":7,"value":"{\"a\":1} {\"b\":2}"}""")]
    [InlineData("{\"a\":1", """{"_offset":7,"value":"{\"a\":1"}""")]
    [InlineData("007", """{"_offset":7,"value":"007"}""")]
    [InlineData("  ", """{"_offset":7,"value":"  "}""")]
    [InlineData("""{"_offset":1,"a":2}""", """{"_offset":7,"value":{"_offset":1,"a":2}}""")]
    [InlineData("""{"\u005foffset":1}""", """{"_offset":7,"value":{"\u005foffset":1}}""")]
    [InlineData("""{"_id":1,"deep":{"_offset":2}}""", """{"_offset":7,"_id":1,"deep":{"_offset":2}}""")]
    [InlineData("""{"\ud800":1}""", """{"_offset":7,"\ud800":1}""")]
    public async Task A_payload_becomes_one_line(string payload, string expected)
    {
        Assert.Equal([expected], await LinesAsync(Encoding.UTF8.GetBytes(payload)));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_kept_as_base64()
    {
        byte[] bytes = [0xff, 0x00, 0xfe, 0x3e];

        Assert.Equal([$$"""{"_offset":7,"value_base64":"{{Convert.ToBase64String(bytes)}}"}"""], await LinesAsync(bytes));
    }

    [Fact]
    public async Task A_JSON_object_with_bytes_that_are_no_text_is_kept_as_base64()
    {
        byte[] bytes = [.. "{\"a\":\""u8, 0xc3, 0x28, .. "\"}"u8];

        Assert.Equal([$$"""{"_offset":7,"value_base64":"{{Convert.ToBase64String(bytes)}}"}"""], await LinesAsync(bytes));
    }

    [Fact]
    public async Task An_absent_payload_is_null_and_an_empty_one_is_not()
    {
        using var landed = new MemoryStream();
        var lines = new MessageLines(landed);

        lines.Add(1, Offset, [], isNull: true);
        lines.Add(2, Offset, []);
        await lines.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal("{\"_offset\":1,\"value\":null}\n{\"_offset\":2,\"value\":\"\"}\n", Encoding.UTF8.GetString(landed.ToArray()));
        Assert.Equal((2, landed.Length), (lines.Records, lines.Bytes));
    }

    [Fact]
    public async Task A_payload_far_larger_than_the_buffer_is_whole()
    {
        var text = new string('x', 5 << 20);

        var line = Assert.Single(await LinesAsync(Encoding.UTF8.GetBytes($$"""{"a":"{{text}}"}""")));

        Assert.Equal(text, JsonNode.Parse(line)!["a"]!.GetValue<string>());
    }

    [Theory, InlineData(63), InlineData(64), InlineData(300)]
    public async Task Every_line_can_be_read_with_the_usual_depth(int depth)
    {
        var payload = new string('[', depth) + new string(']', depth);

        var line = Assert.Single(await LinesAsync(Encoding.UTF8.GetBytes(payload)));

        using var document = JsonDocument.Parse(line);
        Assert.Equal(depth > 63 ? JsonValueKind.String : JsonValueKind.Array, document.RootElement.GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task Metadata_may_be_missing()
    {
        using var landed = new MemoryStream();
        var lines = new MessageLines(landed);

        lines.Add(0, (_, _) => { }, "{\"_a\":1}"u8);
        lines.Add(0, (_, _) => { }, "x"u8);
        await lines.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal("{\"_a\":1}\n{\"value\":\"x\"}\n", Encoding.UTF8.GetString(landed.ToArray()));
    }

    [Fact]
    public async Task It_says_when_it_is_full_and_starts_anew_after_flushing()
    {
        using var landed = new MemoryStream();
        var lines = new MessageLines(landed);
        var added = 0;
        while (!lines.IsFull)
            lines.Add(added++, Offset, new byte[1000]);

        Assert.Equal(0, landed.Length);
        await lines.FlushAsync(TestContext.Current.CancellationToken);

        Assert.False(lines.IsFull);
        Assert.Equal(lines.Bytes, landed.Length);
    }

    [Fact]
    public void Every_line_parses_in_order_with_the_members_of_its_payload() =>
        Node.Select(node => (Node: node, Text: Encoding.UTF8.GetBytes(node?.ToJsonString(new() { WriteIndented = true }) ?? "null"))).Array[1, 20].Sample(messages =>
        {
            using var landed = new MemoryStream();
            var lines = new MessageLines(landed);
            for (var i = 0; i < messages.Length; i++)
                lines.Add(i, Offset, messages[i].Text);
            lines.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

            var read = Encoding.UTF8.GetString(landed.ToArray()).Split('\n');
            Assert.Equal(messages.Length + 1, read.Length);
            for (var i = 0; i < messages.Length; i++)
                Assert.True(JsonNode.DeepEquals(Expected(i, messages[i].Node), JsonNode.Parse(read[i])), read[i]);
        });

    [Fact]
    public void Any_bytes_come_back() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        using var landed = new MemoryStream();
        var lines = new MessageLines(landed);
        lines.Add(1, Offset, bytes);
        lines.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

        var line = JsonNode.Parse(landed.ToArray())!.AsObject();
        var back = line["value_base64"] is { } binary ? Convert.FromBase64String(binary.GetValue<string>())
            : line["value"] is JsonValue value && value.TryGetValue<string>(out var text) && !bytes.AsSpan().StartsWith("\""u8) ? Encoding.UTF8.GetBytes(text)
            : null;
        Assert.True(back is null ? JsonNode.DeepEquals(JsonNode.Parse(bytes), line["value"]) : back.AsSpan().SequenceEqual(bytes));
    });

    static void Offset(Utf8JsonWriter writer, int offset) => writer.WriteNumber("_offset", offset);

    static JsonObject Object(IEnumerable<(string Name, JsonNode? Value)> members)
    {
        var made = new JsonObject();
        foreach (var (name, value) in members)
            made[name] = value?.DeepClone();
        return made;
    }

    static JsonObject Expected(int offset, JsonNode? payload)
    {
        var line = new JsonObject { ["_offset"] = offset };
        if (payload is JsonObject members && !members.ContainsKey("_offset"))
        {
            foreach (var (name, value) in members)
                line[name] = value?.DeepClone();
        }
        else
        {
            line["value"] = payload?.DeepClone();
        }

        return line;
    }

    static async Task<string[]> LinesAsync(params byte[][] payloads)
    {
        using var landed = new MemoryStream();
        var lines = new MessageLines(landed);
        foreach (var payload in payloads)
            lines.Add(7, Offset, payload);
        await lines.FlushAsync(TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(landed.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
