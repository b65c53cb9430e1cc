using System.Globalization;
using System.Text;
using System.Text.Json;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Json;
using DataIngestion.Conversion.Json.Blocks;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Json;

/// <summary>The fast parser of lines, against System.Text.Json.</summary>
public sealed class NdjsonBlockParserTests
{
    static readonly string[] Names = ["id", "price", "text", "when", "flag", "o.a", "o.b.c", "list", "größe", "empty"];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Lines_become_what_System_Text_Json_reads(int seed)
    {
        var random = new Random(seed);
        for (var file = 0; file < 60; file++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 80)).Select(_ => Line(random)).ToArray();
            var (rows, used, bytes) = Parse(lines);
            Assert.Equal(bytes, used);
            Assert.Equal(lines.Select(Expected), rows);
        }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void A_damaged_line_is_left_to_the_row_reader_unless_it_is_still_JSON(int seed)
    {
        var random = new Random(seed);
        var (taken, left) = (0, 0);
        for (var i = 0; i < 1500; i++)
        {
            var line = Damage(Encoding.UTF8.GetBytes(Line(random)), random);
            var lines = new[] { Encoding.UTF8.GetBytes(Line(random)), line, Encoding.UTF8.GetBytes(Line(random)) };
            var (rows, used, _) = Parse(lines);
            if (used == lines[0].Length + 1)
            {
                Assert.Single(rows);
                left++;
                continue;
            }

            Assert.True(line.AsSpan().Trim(" \t\r"u8).IsEmpty || JsonReference.FirstFault(line) < 0, Encoding.UTF8.GetString(line));
            Assert.Equal(lines.Where(l => !l.AsSpan().Trim(" \t\r"u8).IsEmpty).Select(l => Expected(Encoding.UTF8.GetString(l))), rows);
            taken++;
        }

        Assert.True(taken > 50 && left > 50, $"{taken} taken, {left} left");
    }

    [Theory]
    [InlineData("{\"id\":1,\"id\":2}"), InlineData("{\"new\":1}"), InlineData("[1]"), InlineData("1"), InlineData("{\"id\":01}"), InlineData("{\"id\":1.}"), InlineData("{\"id\":-}")]
    [InlineData("{\"id\":1}x"), InlineData("{\"id\":1"), InlineData("{\"text\":\"\\ud800\"}"), InlineData("{\"id\":+1}"), InlineData("{\"id\":1,}"), InlineData("{\"id\":nulL}"), InlineData("{\"list\":[1,]}")]
    [InlineData("{\"id\":.5}"), InlineData("{\"id\":1.5.5}"), InlineData("{\"id\":1e}"), InlineData("{\"list\":[{\"a\" 1}]}"), InlineData("{\"list\":[01]}"), InlineData("{\"list\":[\"\\x\"]}"), InlineData("{,}")]
    public void An_unusual_line_stops_the_parser_before_it(string unusual)
    {
        var (rows, used, _) = Parse(["{\"id\":5}", unusual, "{\"id\":6}"]);
        Assert.Single(rows);
        Assert.Equal("{\"id\":5}\n".Length, used);
    }

    [Fact]
    public void Lines_of_many_shapes_and_long_keys_keep_their_places()
    {
        var text = new string('k', 100);
        string[] lines = [$$"""{ "text" : "{{text}}", "o" : { "b" : { "c" : 1 }, "a" : [ 1 , "é\/" ] } }""", """{"o":{},"id":7}""", "{}", """{"o":{"b":{}},"o":{"a":3}}""", """{"o":5.0}"""];
        var (rows, used, bytes) = Parse(lines[..4]);
        Assert.Equal(bytes, used);
        Assert.Equal($"price=∅|text={text}|o.a=[1,\"é/\"]|o.b.c=1", rows[0].Replace("id=∅|", "", StringComparison.Ordinal).Replace("|when=∅|flag=∅", "", StringComparison.Ordinal)[..^"|list=∅|größe=∅|empty=∅".Length]);
        Assert.Equal(lines[..4].Select(Expected), rows);
    }

    static (List<string> Rows, int Used, int Bytes) Parse(IEnumerable<string> lines) => Parse([.. lines.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>Every column as text, so that the rows show what was found where.</summary>
    static (List<string> Rows, int Used, int Bytes) Parse(byte[][] lines)
    {
        var request = new ConversionRequest { Types = TypesMode.Text };
        var plan = Names.Select(n => new ColumnPlan(new(n, DataType.String), n, ColumnFormat.Default, "")).ToArray();
        var parser = new NdjsonFormat(JsonPath.Root, [], keepsObjects: false, request.Limits)
            .CreateParser(new(plan, new bool[plan.Length], Names, new([]), request))!;
        var builder = new RecordBatchBuilder(new(plan.Select(p => p.Column)));
        byte[] bytes = [.. lines.SelectMany(l => (byte[])[.. l, (byte)'\n'])];
        var used = parser.Parse(bytes, builder, out var count);
        builder.EndRows(count);
        using var batch = builder.Detach();
        return (Enumerable.Range(0, batch.Count).Select(r => string.Join('|', Names.Zip(batch.GetRow(r), (n, v) => $"{n}={v ?? "∅"}"))).ToList(), used, bytes.Length);
    }

    static string Expected(string line)
    {
        var cells = Names.ToDictionary(n => n, _ => "∅", StringComparer.Ordinal);
        using var document = JsonDocument.Parse(line);
        Flatten("", document.RootElement, cells);
        return string.Join('|', cells.Select(c => $"{c.Key}={c.Value}"));
    }

    static void Flatten(string prefix, JsonElement value, Dictionary<string, string> cells)
    {
        foreach (var property in value.EnumerateObject())
        {
            var name = prefix + (property.Name.Length == 0 ? "empty" : property.Name);
            if (property.Value.ValueKind == JsonValueKind.Object)
                Flatten(name + ".", property.Value, cells);
            else
                cells[name] = property.Value.ValueKind switch
                {
                    JsonValueKind.Null => "∅",
                    JsonValueKind.String => property.Value.GetString()!,
                    JsonValueKind.Array => Compact(property.Value),
                    _ => property.Value.GetRawText(),
                };
        }
    }

    static string Compact(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Compact))}]",
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(p => $"{Quote(p.Name)}:{Compact(p.Value)}"))}}}",
        JsonValueKind.String => Quote(value.GetString()!),
        _ => value.GetRawText(),
    };

    static string Quote(string text) => $"\"{string.Concat(text.Select(c => c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\t' => "\\t", '\r' => "\\r", '\b' => "\\b", '\f' => "\\f", < ' ' => $"\\u{(int)c:x4}", _ => c.ToString() }))}\"";

    /// <summary>A record with some of the keys, mostly in one order.</summary>
    static string Line(Random random)
    {
        var blank = random.Next(5) == 0 ? " " : "";
        string[] values =
        [
            Key("id", random.Next(10_000).ToString(CultureInfo.InvariantCulture)), Key("price", Number(random)), Key("text", Text(random)), Key("when", "\"2024-01-02T10:00:00Z\""),
            Key("flag", random.Next(3) switch { 0 => "true", 1 => "false", _ => "null" }),
            Key("o", $"{{{blank}\"a\":{Number(random)},{blank}\"b\":{blank}{{\"c\":{Text(random)}{blank}}} }}"),
            Key("list", $"[{blank}{Number(random)},{{\"x\":{Text(random)},\"y\":[]}}{blank},[null,true]]"), Key("gr\\u00f6ße", Number(random)), Key("", Number(random)),
        ];
        if (random.Next(4) == 0)
            values = [.. values.Where(_ => random.Next(4) > 0)];
        if (random.Next(6) == 0)
            random.Shuffle(values);
        return $"{blank}{{{blank}{string.Join($"{blank},{blank}", values)}{blank}}}{blank}{(random.Next(6) == 0 ? "\r" : "")}";

        string Key(string name, string value) => $"\"{name}\"{blank}:{blank}{value}";
    }

    static string Number(Random random) => random.Next(6) switch
    {
        0 => "0",
        1 => (random.Next() - (random.Next() / 2)).ToString(CultureInfo.InvariantCulture),
        2 => $"-{random.Next(100)}.{random.NextInt64(1_000_000_000_000_000_000)}",
        3 => "12345678901234567890123456789012345678901234567890",
        4 => $"{random.Next(10)}e-{random.Next(300)}",
        _ => $"{random.Next(1000)}.{random.Next(10_000):0000}",
    };

    static string Text(Random random) => random.Next(6) switch
    {
        0 => "\"\"",
        1 => "\"a\\\"b\\\\c\\/d\\n\\u20ac\\ud83d\\ude00\"",
        2 => $"\"{new string('x', random.Next(200))}\"",
        3 => "\"größe 中文 😀\"",
        4 => $"\"{new string('y', random.Next(60))}\\t{new string('z', random.Next(60))}\"",
        _ => $"\"S{random.Next(100)}\"",
    };

    static byte[] Damage(byte[] line, Random random)
    {
        var bytes = line.ToList();
        var at = random.Next(bytes.Count);
        switch (random.Next(4))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes.RemoveAt(at); break;
            case 2: bytes.Insert(at, (byte)"\"\\{}[],:0-.eE tn"[random.Next(16)]); break;
            default: bytes.RemoveRange(at, random.Next(1, Math.Min(12, bytes.Count - at + 1))); break;
        }

        return [.. bytes.Where(b => b != (byte)'\n')];
    }
}
