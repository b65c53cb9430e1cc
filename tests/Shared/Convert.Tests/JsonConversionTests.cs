using System.Text;

namespace DataIngestion.Conversion.Tests;

public sealed class JsonConversionTests
{
    [Fact]
    public async Task An_array_of_records_is_flattened_with_exact_numbers()
    {
        var converted = await Conversions.RunAsync(
            """[{"s":"A","p":0.1000000000000000055511151231257827,"q":{"bid":1.5,"size":3},"tags":["x",1.50]},{"s":"B\u00e9","q":null,"n":12345678901234567890}]""");

        Assert.Equal(["s string", "p decimal(38,34)", "q.bid decimal(18,1)", "q.size int64", "tags string", "q string", "n uint64"], converted.Schema.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal("0.1000000000000000055511151231257827", converted[0, "p"]!.ToString());
        Assert.Equal("[\"x\",1.50]", converted[0, "tags"]);
        Assert.Equal("Bé", converted[1, "s"]);
    }

    [Fact]
    public async Task A_map_keyed_by_date_becomes_rows_with_the_key_as_column()
    {
        const string bars = """
            {"Meta Data":{"2. Symbol":"IBM"},"Time Series (Daily)":{
              "2024-01-03":{"1. open":"161.0000","5. volume":"4086100"},
              "2024-01-02":{"1. open":"162.8300","5. volume":"3825000"}}}
            """;
        var named = await Conversions.RunAsync(bars, Conversions.As("json", "$['Time Series (Daily)'].{date}"));
        Assert.Equal(["date date", "1. open decimal(18,4)", "5. volume int64"], named.Schema.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal([new DateOnly(2024, 1, 2), 162.83m, 3825000L], named.Rows[1]);

        var found = await Conversions.RunAsync(bars.Replace("\"Meta Data\":{\"2. Symbol\":\"IBM\"},", "", StringComparison.Ordinal));
        Assert.Equal("key", found.Schema[0].Name);
        Assert.Equal(2, found.Rows.Count);
    }

    [Fact]
    public async Task A_map_of_numbers_becomes_rows_that_inherit_what_stands_around_it()
    {
        var converted = await Conversions.RunAsync(
            """{"base":"EUR","date":"2016-08-26","rates":{"AUD":1.4771,"BGN":1.9558}}""", Conversions.As("json", "$.rates.{currency}", "base", "date"));

        Assert.Equal(["currency", "base", "date", "value"], converted.Schema.Select(c => c.Name));
        Assert.Equal(["AUD", "EUR", new DateOnly(2016, 8, 26), 1.4771m], converted.Rows[0]);
    }

    [Fact]
    public async Task Arrays_as_records_are_columns_by_place()
    {
        var converted = await Conversions.RunAsync("""{"candles":[[1499040000000,"0.01634790",[1]],[1499040060000,"0.02",null]]}""", Conversions.As("json", "$.candles[*]"));
        Assert.Equal(["column1 int64", "column2 decimal(18,8)", "column3 string"], converted.Schema.Select(c => $"{c.Name} {c.Type}"));
    }

    [Theory]
    [InlineData("$.data", """{"data":[{"a":1},{"a":2}]}""", "1;2")] // a list without [*] is a list all the same
    [InlineData("$.data", """{"data":{"a":1}}""", "1")]
    [InlineData("$.data", """{"data":null}""", "")]
    [InlineData("$.data[*]", """{"data":{"a":1}}""", "1")] // one record, written without its list
    [InlineData("$.data[*]", """{"data":"none"}""", "")]
    [InlineData("$", """[{"a":1},{"a":2}]""", "1;2")]
    [InlineData("$", """{"a":1}""", "1")]
    [InlineData("$[1][*]", """[{"page":1},[{"a":1},{"a":2}],[{"a":3}]]""", "1;2")]
    [InlineData("$[1]", """[{"page":1},[{"a":1},{"a":2}]]""", "1;2")]
    [InlineData("$.data[0].rows[*]", """{"data":[{"rows":[{"a":1}]},{"rows":[{"a":2}]}]}""", "1")]
    [InlineData("$.result.{pair}[*]", """{"error":[],"result":{"XBT":[[1,"2.5"],[2,"2.6"]],"ETH":[[3,"9.0"]],"last":4}}""", "XBT,1,2.5;XBT,2,2.6;ETH,3,9.0")]
    [InlineData("$.rates.{date}.{currency}", """{"rates":{"D1":{"AUD":1.5,"EUR":2.5},"D2":{"AUD":1.6}}}""", "D1,AUD,1.5;D1,EUR,2.5;D2,AUD,1.6")]
    [InlineData("$.quotes.USD{currency}", """{"quotes":{"USDEUR":1.5,"GBPEUR":9.5,"USDUSD":1.0}}""", "EUR,1.5;USD,1.0")]
    [InlineData("$.quotes.{base}=X", """{"quotes":{"EUR=X":1.5,"EUR":9.5}}""", "EUR,1.5")]
    public async Task Records_are_where_the_path_leads(string path, string json, string expected)
    {
        var converted = await Conversions.RunAsync(json, Conversions.As("json", path), 7);

        Assert.Equal(expected, string.Join(';', converted.Rows.Select(row => string.Join(',', row.Select(v => FormattableString.Invariant($"{v}"))))));
    }

    [Fact]
    public async Task A_list_that_is_the_whole_of_an_ndjson_line_stays_one_record()
    {
        var converted = await Conversions.RunAsync("[1,2]\n[3,4]\n", Conversions.As("ndjson", "$"));

        Assert.Equal([[1L, 2L], [3L, 4L]], converted.Rows);
    }

    [Theory]
    [InlineData(1), InlineData(9), InlineData(4096)]
    public async Task Columns_become_rows(int chunk)
    {
        const string candles = """{"meta":{"symbol":"A\u0042"},"c":{"t":[1,2],"o":[1.5,null],"s":"ok","x":[{"y":"é"},{"y":"z"}]}}""";
        var request = new ConversionRequest { Hint = new() { Format = "json", RecordPath = "$.c", HasParallelArrays = true, Inherit = ["meta.symbol"] } };

        var converted = await Conversions.RunAsync(candles, request, chunk);

        Assert.Equal(["meta.symbol", "t", "o", "s", "x.y"], converted.Schema.Select(c => c.Name));
        Assert.Equal([["AB", 1L, 1.5m, "ok", "é"], ["AB", 2L, null, "ok", "z"]], converted.Rows);
    }

    [Theory]
    [InlineData("""{"s":"no_data"}""", "")]
    [InlineData("""{"t":[],"o":[]}""", "")]
    [InlineData("""[[1,2],[3,4]]""", "1,3;2,4")]
    public async Task Columns_may_be_none_or_have_no_names(string json, string expected)
    {
        var converted = await Conversions.RunAsync(json, new() { Hint = new() { Format = "json", HasParallelArrays = true } });

        Assert.Equal(expected, string.Join(';', converted.Rows.Select(row => string.Join(',', row))));
    }

    [Fact]
    public async Task A_row_made_of_columns_is_rejected_alone_and_shown_as_a_record()
    {
        var schema = new Tabular.DataSchema([new("t", Tabular.DataType.Int64)]);
        var request = new ConversionRequest { Hint = new() { Format = "json", HasParallelArrays = true }, Schema = schema, Policy = SchemaPolicy.DiscardRow };

        var converted = await Conversions.RunAsync("""{"t":[1,"no",3],"s":"ok"}""", request);

        Assert.Equal([[1L], [3L]], converted.Rows);
        Assert.Equal((2L, """{"t":"no","s":"ok"}"""), (Assert.Single(converted.Rejected).Row, converted.Rejected[0].Raw));
    }

    [Fact]
    public async Task Columns_of_different_lengths_fail_the_file()
    {
        var fault = await Assert.ThrowsAsync<ConversionException>(() =>
            Conversions.RunAsync("{\n\"c\":{\"t\":[1,2],\"o\":[1]}}", new() { Hint = new() { Format = "json", RecordPath = "c", HasParallelArrays = true } }));

        Assert.EndsWith("What is at $.c has columns of different lengths: \"t\" has 2 values, \"o\" has 1.", fault.Message);
        Assert.Equal(2, fault.Line);
    }

    [Fact]
    public async Task Columns_on_the_lines_of_ndjson_become_rows()
    {
        var converted = await Conversions.RunAsync("{\"t\":[1,2]}\n{\"t\":[3]}\n", new() { Hint = new() { Format = "ndjson", HasParallelArrays = true } });

        Assert.Equal([[1L], [2L], [3L]], converted.Rows);
    }

    [Fact]
    public async Task What_a_record_inherits_ends_with_the_object_around_it()
    {
        const string json = """{"all":"x","list":[{"id":1,"at":{"place":{"mic":"XNYS"}},"rows":[{"a":1},{"a":2}]},{"rows":[{"a":3}]}]}""";

        var converted = await Conversions.RunAsync(json, Conversions.As("json", "$.list[*].rows[*]", "all", "id", "at.place.mic"));

        Assert.Equal(["all", "id", "at.place.mic", "a"], converted.Schema.Select(c => c.Name));
        Assert.Equal([["x", 1L, "XNYS", 1L], ["x", 1L, "XNYS", 2L], ["x", null, null, 3L]], converted.Rows);
    }

    [Fact]
    public async Task The_one_array_of_objects_in_a_root_object_is_found()
    {
        var converted = await Conversions.RunAsync("""{"status":"ok","count":2,"results":[{"v":1},{"v":2}]}""");
        Assert.Equal([[1L], [2L]], converted.Rows);
        Assert.Contains("records are at $['results'][*]", converted.Result.Notes);
    }

    [Theory]
    [InlineData(1), InlineData(3), InlineData(16), InlineData(1000)]
    public async Task Rows_do_not_depend_on_where_the_stream_is_split(int chunk)
    {
        var text = "[" + string.Join(",\n", Enumerable.Range(0, 200).Select(i => $$"""{"i":{{i}},"text":"a\u20acb €{{i}}","deep":{"x":[{{i}},{"y":null}],"z":{{i}}.25} }""")) + "]";
        var whole = await Conversions.RunAsync(text, Conversions.As("json"));
        var split = await Conversions.RunAsync(text, Conversions.As("json"), chunk);
        Assert.Equal(whole.Bytes, split.Bytes);
        Assert.Equal("a€b €7", whole[7, "text"]);
    }

    [Fact]
    public async Task Records_larger_than_the_buffer_are_read_and_placed()
    {
        var large = new string('x', 700_000);
        var schema = new Tabular.DataSchema([new("a", Tabular.DataType.Int64), new("b", Tabular.DataType.String)]);
        var converted = await Conversions.RunAsync(
            $$"""
            [{"a":1,"b":"{{large}}"},
            {"a":"no","b":"q"},
            {"a":3,"b":"{{large}}"}]
            """, Conversions.As("json") with { Schema = schema, Policy = SchemaPolicy.DiscardRow });

        Assert.Equal(2, converted.Rows.Count);
        var bad = Assert.Single(converted.Rejected);
        Assert.Equal((2L, 2L, "a", """{"a":"no","b":"q"}"""), (bad.Row, bad.Line, bad.Column, bad.Raw));
    }

    [Fact]
    public async Task A_syntax_error_of_the_whole_file_says_where()
    {
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("[{\"a\":1},\n{\"a\":}]", Conversions.As("json")));
        Assert.Equal((2, 6), (wrong.Line, wrong.Column));
        Assert.False(wrong.IsTransient);
    }

    [Fact]
    public async Task A_bad_line_of_ndjson_is_rejected_and_the_others_are_kept()
    {
        var bytes = Encoding.UTF8.GetBytes("{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"c\":}\n\n{\"a\":3}{\"a\":4}\n{\"a\":5,\"b\":\"\\uD800\"}\n{\"a\":6,\"b\":\"y\"}").ToArray();
        var converted = await Conversions.RunAsync(bytes, Conversions.As("ndjson"));

        Assert.Equal(["a", "b"], converted.Schema.Select(c => c.Name));
        Assert.Equal([("json", 2L, 2L), ("json", 4L, 3L), ("utf-8", 5L, 4L)], converted.Rejected.Select(r => (r.Rule, r.Line, r.Row)));
        Assert.Equal([[1L, "x"], [6L, "y"]], converted.Rows);
        Assert.Equal("{\"a\":2,\"c\":}", converted.Rejected[0].Raw);
    }

    [Fact]
    public async Task Ndjson_is_recognised_and_does_not_depend_on_splits()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $$"""{"t":"2024-01-02T10:00:00.{{i:000}}Z","p":{{i}}.5}""" + "\n"));
        var whole = await Conversions.RunAsync(text);
        Assert.Equal("ndjson", whole.Result.Format.Format);
        Assert.Equal("timestamp(us,utc)", whole.TypeOf("t"));
        Assert.Equal(whole.Bytes, (await Conversions.RunAsync(text, null, 5)).Bytes);
    }

    [Fact]
    public async Task Repeated_keys_are_reported()
    {
        var converted = await Conversions.RunAsync("""[{"a":1,"a":2}]""");
        Assert.Equal([[2L]], converted.Rows);
        Assert.Contains("1 times key 'a' stood again in its object; the last value was taken", converted.Result.Notes);
        Assert.Contains("the first repeated key is 'a' in record 1, line 1", converted.Result.Notes);
    }
}
