using System.Globalization;
using System.Text;
using System.Text.Json;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Json.Nested;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Json;

/// <summary>Nested JSON into list and struct columns, without a file around it.</summary>
public sealed class NestedValueTests
{
    static readonly NullSpellings Nulls = new(FormatHint.DefaultNullSpellings);

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Every_value_fits_the_type_that_all_of_them_give_and_is_read_back(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var values = Enumerable.Range(0, random.Next(1, 60)).Select(_ => Object(random, 0)).ToArray();
            var type = Profile(values).Infer("a", []);
            var builder = ColumnBuilder.For(type);
            var parser = new NestedParser(type, builder, Nulls);
            Assert.All(values, v => Assert.True(parser.TryAppend(Encoding.UTF8.GetBytes(v)), $"{v} as {type}"));
            using var column = builder.Detach();
            Assert.Equal(values.Select(v => Text(JsonDocument.Parse(v).RootElement, type)), Enumerable.Range(0, values.Length).Select(i => Text(column.GetValue(i), type)));
        }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void Profiles_of_parts_merge_to_that_of_the_whole(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var values = Enumerable.Range(0, random.Next(2, 40)).Select(_ => random.Next(20) == 0 ? "[1]" : Object(random, 0)).ToArray();
            var cut = random.Next(values.Length);
            var (whole, first) = (Profile(values), Profile(values[..cut]));
            first.Merge(Profile(values[cut..]), cut);
            var (reasons, merged) = (new List<string>(), new List<string>());
            Assert.Equal(whole.Infer("a", reasons), first.Infer("a", merged));
            Assert.Equal(reasons, merged);
        }
    }

    [Theory]
    [InlineData("""[1]|[2.50]|[]|[null]""", "list<decimal(18,2)>")]
    [InlineData("""["2024-01-02"]|["NA"]""", "list<date>")]
    [InlineData("""["31/12/2024"]""", "list<string>")]
    [InlineData("""[1]|[{"b":2}]""", "list<string>")]
    [InlineData("""{"a":1}|{"A":"x"}|{"b":{"c":[]}}""", "struct<a:int64,A:string,b:struct<c:list<string>>>")]
    [InlineData("""{"a":{}}|{"a":null}""", "struct<a:string>")]
    [InlineData("""{"a":1,"":2}""", "string")]
    [InlineData("""{"a":1}|[1]""", "string")]
    public void Types_are_those_that_hold_every_value(string values, string type) =>
        Assert.Equal(type, Profile(values.Split('|')).Infer("a", []).ToString());

    [Fact]
    public void An_object_of_very_many_keys_is_a_map_and_stays_text()
    {
        var reasons = new List<string>();
        var values = Enumerable.Range(0, 1_001).Select(i => $"{{\"k{i}\":1}}").ToArray();
        Assert.Equal(DataType.String, Profile(values).Infer("the map", reasons));
        Assert.Equal("the map has more than 1000 keys, so it stays JSON text", Assert.Single(reasons));
    }

    [Fact]
    public void Nesting_beyond_what_a_type_can_have_stays_text_where_it_begins()
    {
        var deep = new string('[', 100) + new string(']', 100);
        var type = Profile([deep]).Infer("a", []);
        Assert.Equal(DataType.MaxDepth, type.Depth);
        Assert.True(new NestedParser(type, ColumnBuilder.For(type), Nulls).TryAppend(Encoding.UTF8.GetBytes(deep)));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}"""), InlineData("""{"a":1,"c":2}"""), InlineData("""{"a":"x"}"""), InlineData("""{"a":[1]}"""), InlineData("[1]"), InlineData("1"), InlineData("null"), InlineData("{\"a\":1}{}"), InlineData("{\"a\"")]
    public void What_would_lose_something_is_none_of_the_type(string text)
    {
        var builder = ColumnBuilder.For(DataType.Parse("struct<a:int64,b:list<string>>"));
        var parser = new NestedParser(builder.Type, builder, Nulls);
        Assert.True(parser.TryAppend("""{"b":["x"],"a":5}"""u8));
        Assert.False(parser.TryAppend(Encoding.UTF8.GetBytes(text)));
        Assert.True(parser.TryAppend("{}"u8));
        using var column = builder.Detach();
        Assert.Equal(["{5,[x]}", "{-,-}"], new[] { 0, 1 }.Select(i => Text(column.GetValue(i), column.Type)));
    }

    static NestedProfile Profile(string[] values)
    {
        var profile = new NestedProfile(Nulls);
        for (var i = 0; i < values.Length; i++)
            profile.Add(Encoding.UTF8.GetBytes(values[i]), i + 1);
        return profile;
    }

    static string Object(Random random, int depth)
    {
        var fields = new List<string> { $"\"p\":{random.Next(1000)}.{random.Next(100):00}", $"\"t\":\"a\\u00e9{random.Next(9)}\\n\"", $"\"n\":{random.NextInt64()}", "\"z\":null" };
        if (depth < 3)
        {
            fields.Add($"\"o\":{(random.Next(4) == 0 ? "null" : Object(random, depth + 1))}");
            fields.Add($"\"l\":[{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(5) == 0 ? "null" : Object(random, depth + 1)))}]");
            fields.Add($"\"m\":[[{random.Next(9)}],[]]");
        }

        var some = fields.Where(_ => random.Next(4) > 0).ToArray();
        random.Shuffle(some);
        return $"{{{string.Join(',', some.DefaultIfEmpty(fields[0]))}}}";
    }

    /// <summary>A value by its type, absent and null alike.</summary>
    static string Text(JsonElement value, DataType type) => value.ValueKind switch
    {
        JsonValueKind.Null => "-",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(v => Text(v, type.Element!)))}]",
        JsonValueKind.Object => $"{{{string.Join(',', type.Fields!.Select(f => value.TryGetProperty(f.Name, out var inner) ? Text(inner, f.Type) : "-"))}}}",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetDecimal().ToString("0.##", CultureInfo.InvariantCulture),
    };

    static string Text(object? value, DataType type) => value switch
    {
        null => "-",
        object?[] many when type.Kind == DataKind.List => $"[{string.Join(',', many.Select(v => Text(v, type.Element!)))}]",
        object?[] many => $"{{{string.Join(',', many.Select((v, i) => Text(v, type.Fields![i].Type)))}}}",
        string text => text,
        _ => decimal.Parse(value.ToString()!, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture),
    };
}
