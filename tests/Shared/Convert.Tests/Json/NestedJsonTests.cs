using System.Globalization;
using System.Text.Json;
using DataIngestion.Tabular;
using DataIngestion.TestKit;
using DuckDB.NET.Data;

namespace DataIngestion.Conversion.Tests.Json;

public sealed class NestedJsonTests
{
    static ConversionRequest Nested(string format) => new() { Hint = new() { Format = format, Nesting = NestingMode.Nested } };

    [Fact]
    public async Task Objects_become_structs_and_arrays_lists_with_exact_values()
    {
        var converted = await Conversions.RunAsync(
            """
            [{"s":"A","q":{"bid":1.50,"size":3},"levels":[{"p":1.25,"n":1},{"p":2,"n":null}],"tags":["x","y"]},
             {"s":"B","q":{"bid":0.123456789012345678901234,"at":"2024-01-02T10:00:00Z"},"levels":[],"tags":null}]
            """, Nested("json"));

        Assert.Equal(
            ["s string", "q struct<bid:decimal(38,24),size:int64,at:timestamp(us,utc)>", "levels list<struct<p:decimal(18,2),n:int64>>", "tags list<string>"],
            converted.Schema.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal("0.123456789012345678901234", ((object?[])converted[1, "q"]!)[0]!.ToString());
        Assert.Empty((object?[])converted[1, "levels"]!);
        Assert.Null(converted[1, "tags"]);
    }

    [Theory]
    [InlineData("""{"a":[1,{"b":2}]}""", "list<string>", "lists")]
    [InlineData("""{"a":{"b":1}},{"a":[1]}""", "string", "lists and objects")]
    [InlineData("""{"a":{"b":1}},{"a":5}""", "string", "some values are nested and some are not")]
    [InlineData("""{"a":{}}""", "string", "has no key")]
    [InlineData("""{"a":{"":1}}""", "string", "has an empty key")]
    [InlineData("""{"a":{"b":[1]}},{"a":{"b":{"c":1}}}""", "struct<b:string>", "the value.b holds lists and objects")]
    public async Task What_differs_in_shape_stays_JSON_text_with_the_reason(string records, string type, string reason)
    {
        var converted = await Conversions.RunAsync($"[{records}]", Nested("json"));
        Assert.Equal(type, converted.TypeOf("a"));
        if (reason != "lists")
            Assert.Contains(reason, converted.Result.Columns[0].Evidence, StringComparison.Ordinal);
        Assert.Empty(converted.Rejected);
    }

    [Fact]
    public async Task A_key_that_stands_twice_inside_a_nested_value_rejects_the_record_rather_than_lose_a_value()
    {
        var converted = await Conversions.RunAsync("""[{"a":{"b":1}},{"a":{"b":2,"b":3}}]""", Nested("json"));
        Assert.Single(converted.Rows);
        Assert.Equal(("a", "type"), (converted.Rejected[0].Column, converted.Rejected[0].Rule));
    }

    [Fact]
    public async Task DuckDB_reads_nested_columns()
    {
        var converted = await Conversions.RunAsync(
            """
            [{"s":"A","q":{"bid":1.50,"size":3},"levels":[{"p":1.25,"tags":["x","y"]},{"p":2}]},
             {"s":"B","q":null,"levels":[]},
             {"s":"C","q":{"bid":null},"levels":[null,{"tags":[null,"z"]}]}]
            """, Nested("json"));
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "nested.parquet");
        await File.WriteAllBytesAsync(path, converted.Bytes, TestContext.Current.CancellationToken);

        await using var duck = new DuckDBConnection("Data Source=:memory:");
        await duck.OpenAsync(TestContext.Current.CancellationToken);
        await using var query = duck.CreateCommand();
        query.CommandText = $"select string_agg(concat_ws(' ', s, q, levels), '|' order by s) from read_parquet('{path}')";
        Assert.Equal(
            "A {'bid': 1.50, 'size': 3} [{'p': 1.25, 'tags': [x, y]}, {'p': 2.00, 'tags': NULL}]|B []|C {'bid': NULL, 'size': NULL} [NULL, {'p': NULL, 'tags': [NULL, z]}]",
            await query.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task Nested_records_survive_conversion_whatever_the_form_and_the_split(int seed)
    {
        var random = new Random(seed);
        var records = Enumerable.Range(0, 300).Select(_ => Record(random)).ToArray();
        var lines = await Conversions.RunAsync(string.Join('\n', records) + "\n", Nested("ndjson"));
        var split = await Conversions.RunAsync(string.Join('\n', records) + "\n", Nested("ndjson"), random.Next(1, 50));
        var array = await Conversions.RunAsync("{\"data\":[" + string.Join(",\n", records) + "]}", Nested("json") with { Hint = new() { Format = "json", Nesting = NestingMode.Nested, RecordPath = "$.data[*]" } }, random.Next(1, 50));

        Assert.Equal(lines.Bytes, split.Bytes);
        Assert.Equal(lines.Schema, array.Schema);
        Assert.Equal(records.Select(r => Text(JsonDocument.Parse(r).RootElement, lines.Schema)), lines.Rows.Select(r => Text(r, lines.Schema)));
        Assert.Equal(lines.Rows.Select(r => Text(r, lines.Schema)), array.Rows.Select(r => Text(r, array.Schema)));
    }

    static string Record(Random random)
    {
        var fields = new List<string> { $"\"id\":{random.Next(1000)}" };
        if (random.Next(4) > 0)
            fields.Add($"\"o\":{(random.Next(5) == 0 ? "null" : Object(random))}");
        if (random.Next(4) > 0)
            fields.Add($"\"l\":[{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(5) == 0 ? "null" : Object(random)))}]");
        if (random.Next(4) > 0)
            fields.Add($"\"m\":[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => $"[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(100)))}]"))}]");
        return $"{{{string.Join(',', fields)}}}";
    }

    static string Object(Random random)
    {
        string[] fields = [$"\"p\":{random.Next(1000)}.{random.Next(100):00}", $"\"t\":\"a\\u00e9{random.Next(9)}\\n\"", $"\"k\":{{\"x\":[{random.Next(9)}]}}"];
        return $"{{{string.Join(',', fields.Where(_ => random.Next(4) > 0).DefaultIfEmpty(fields[0]))}}}";
    }

    /// <summary>A value by its type, absent and null alike.</summary>
    static string Text(JsonElement value, DataSchema fields) => string.Join(';', fields.Select(f => value.TryGetProperty(f.Name, out var inner) ? Text(inner, f.Type) : "-"));

    static string Text(JsonElement value, DataType type) => value.ValueKind switch
    {
        JsonValueKind.Null => "-",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(v => Text(v, type.Element!)))}]",
        JsonValueKind.Object => $"{{{Text(value, type.Fields!)}}}",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetDecimal().ToString("0.##", CultureInfo.InvariantCulture),
    };

    static string Text(object?[] row, DataSchema fields) => string.Join(';', fields.Select((f, i) => Text(row[i], f.Type)));

    static string Text(object? value, DataType type) => value switch
    {
        null => "-",
        object?[] many when type.Kind == DataKind.List => $"[{string.Join(',', many.Select(v => Text(v, type.Element!)))}]",
        object?[] many => $"{{{Text(many, type.Fields!)}}}",
        string text => text,
        _ => decimal.Parse(value.ToString()!, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture),
    };
}
