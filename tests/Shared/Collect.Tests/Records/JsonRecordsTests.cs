using System.Text;

namespace DataIngestion.Collect.Tests;

public sealed class JsonRecordsTests
{
    [Theory]
    [InlineData(null, """[{"d":"1"},{"d":"2"}]""", "1,2")]
    [InlineData("$[1][*]", """[{"d":"9"},[{"d":"1"},{"d":"2"}],[{"d":"8"}]]""", "1,2")]
    [InlineData("data[0].bars[*]", """{"data":[{"bars":[{"d":"1"}]},{"bars":[{"d":"2"}]}]}""", "1")]
    [InlineData("result.{d}[*]", """{"error":[],"result":{"XBT":[[1,2],[3,4]],"ETH":[[5]],"last":6}}""", "XBT,XBT,ETH")]
    [InlineData("rates.{d}.{c}", """{"rates":{"1":{"AUD":1.5,"EUR":2},"2":{"AUD":3}}}""", "1,1,2")]
    [InlineData("quotes.USD{d}", """{"quotes":{"USDEUR":1.5,"GBPEUR":9.5,"USD\u004aPY":1.0}}""", "EUR,JPY")]
    [InlineData("quotes.{d}", """{"quotes":{}}""", "")]
    [InlineData("data[*].bars[*]", """{"data":[]}""", "")]
    [InlineData("data[*]", """{"data":{"d":"1"}}""", "1")]
    [InlineData("[*]", """[{"d":"1"},{"d":"2"}]""", "1,2")]
    [InlineData("$", """[{"d":"1"}]""", "1")]
    [InlineData("data.bars[*]", """{"x":[{"d":"9"}],"data":{"meta":{"bars":[{"d":"8"}]},"bars":[{"d":"1"},{"d":"2"}]},"bars":[{"d":"7"}]}""", "1,2")]
    [InlineData("data.bars", """{"data":{"bars":[{"d":"1"},{"d":"2"}]}}""", "1,2")]
    [InlineData("data[*].bars[*]", """{"data":[{"bars":[{"d":"1"}]},{"no":1},{"bars":[{"d":"2"},{"d":"3"}]}]}""", "1,2,3")]
    [InlineData("data[*][*]", """{"data":[[{"d":"1"}],[{"d":"2"}]]}""", "1,2")]
    [InlineData("data", """{"data":{"d":"1"}}""", "1")]
    [InlineData("$.data.bars[*]", """{"data":{"bars":[{"d":"1"},{"d":"2"}]}}""", "1,2")]
    [InlineData("$[*]", """[{"d":"1"},{"d":"2"}]""", "1,2")]
    [InlineData("$['a.b c'][\"x\"][*]", """{"a":{"b c":[{"d":"9"}]},"a.b c":{"x":[{"d":"1"}]}}""", "1")]
    [InlineData("series.*", """{"meta":{"d":"9"},"series":{"one":{"d":"1"},"two":{"d":"2"}}}""", "1,2")]
    [InlineData("series.{d}", """{"series":{"2026-01-02":{"close":1},"2026-01-03":[2],"2026-01-04":3}}""", "2026-01-02,2026-01-03,2026-01-04")]
    [InlineData("[*].{d}", """[{"1":{"x":{"y":1}},"2":{}},{"3":{}}]""", "1,2,3")]
    [InlineData("data", """{"data":null}""", "")]
    [InlineData("data", """{"data":[]}""", "")]
    [InlineData(null, """{"data":[],"note":"none"}""", "")]
    [InlineData(null, """{"tags":["a","b"],"data":{"rows":[{"d":"1"},{"d":"2"}]},"more":[{"d":"9"}]}""", "1,2")]
    [InlineData(null, """{"d":"1","tags":["a"]}""", "1")]
    [InlineData(null, """[{"e":{"d":"9"},"d":"1","f":[{"d":"8"}]}]""", "1")]
    [InlineData(null, """[{"d":17},{"d":1.50},{"d":null},{"d":{"d":"9"}},{"e":1},5,[1]]""", "17,1.50,,,,,")]
    public async Task Records_are_found_with_their_cursor(string? path, string json, string expected)
    {
        var sink = new RecordingSink();

        var content = await new JsonRecords(new() { RecordPath = path }, "d", null).ReadAsync(Bytes(json), sink, TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Join(',', sink.Cursors));
        Assert.Equal(sink.Records.Count, content.Records);
        Assert.Equal(Enumerable.Range(0, sink.Records.Count).Select(i => (long)i), sink.Records.Select(r => r.Place));
    }

    [Fact]
    public async Task A_cursor_may_lie_deeper()
    {
        var sink = new RecordingSink();

        await new JsonRecords(new() { RecordPath = null }, "meta.updated.at", null).ReadAsync(
            Bytes("""[{"meta":{"at":"9","updated":{"at":"1","x":{"at":"8"}}},"updated":{"at":"7"}},{"meta":{"updated":{"at":"2"}}}]"""), sink, TestContext.Current.CancellationToken);

        Assert.Equal(["1", "2"], sink.Cursors);
    }

    [Theory]
    [InlineData("""{"next":"abc","data":[]}""", "next", "abc")]
    [InlineData("""{"data":[{"next":"no"}],"page":{"next":17}}""", "page.next", "17")]
    [InlineData("""{"data":[],"next":null}""", "next", null)]
    [InlineData("""{"data":[],"next":""}""", "next", null)]
    [InlineData("""{"data":[],"next":false}""", "next", null)]
    [InlineData("""{"data":[]}""", "next", null)]
    public async Task The_next_token_is_found(string json, string path, string? expected)
    {
        var content = await new JsonRecords(new() { RecordPath = "data" }, null, path).ReadAsync(Bytes(json), NoSink.Instance, TestContext.Current.CancellationToken);

        Assert.Equal(expected, content.Next);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(7), InlineData(64), InlineData(4096)]
    public async Task Records_do_not_depend_on_where_the_stream_is_split(int chunk)
    {
        var rows = Enumerable.Range(0, 200).Select(i => $$"""{"d":{{i}},"text":"é\"{{new string('x', i % 90)}}\\","n":[1,{"a":[]}],"e":{} }""");
        var json = Encoding.UTF8.GetBytes($"\uFEFF{{\"next\":\"t\", \"data\" : {{ \"rows\":[{string.Join(" ,\n", rows)}]}}}}");
        var (whole, split) = (new RecordingSink(), new RecordingSink());
        var records = new JsonRecords(new() { RecordPath = "data.rows[*]" }, "d", "next");

        var first = await records.ReadAsync(new MemoryStream(json), whole, TestContext.Current.CancellationToken);
        var second = await records.ReadAsync(new ChunkedStream(json, chunk), split, TestContext.Current.CancellationToken);

        Assert.Equal(200, first.Records);
        Assert.Equal(first, second);
        Assert.Equal(whole.Records, split.Records);
    }

    [Fact]
    public async Task A_record_is_known_by_its_content_and_not_by_its_layout()
    {
        var sink = new RecordingSink();

        await new JsonRecords(new() { RecordPath = null }, "d", null).ReadAsync(Bytes("""[{"d":1,"e":[2]},  { "d" : 1, "e" : [ 2 ] },{"d":1,"e":[3]},{"d":"1","e":[2]}]"""), sink, TestContext.Current.CancellationToken);

        Assert.Equal(sink.Records[0].Content, sink.Records[1].Content);
        Assert.Equal(3, sink.Records.Select(r => r.Content).Distinct().Count());
    }

    [Fact]
    public async Task Entries_of_a_map_are_told_apart_by_their_keys()
    {
        var sink = new RecordingSink();

        await new JsonRecords(new() { RecordPath = "$.series.{day}" }, "day", null).ReadAsync(Bytes("""{"series":{"2026-01-02":{"c":1},"2026-01-03":{"c":1}}}"""), sink, TestContext.Current.CancellationToken);

        Assert.NotEqual(sink.Records[0].Content, sink.Records[1].Content);
    }

    [Fact]
    public async Task Records_that_are_arrays_have_their_cursor_by_place()
    {
        var sink = new RecordingSink();

        await new JsonRecords(new() { RecordPath = "$.result.{pair}[*]" }, "column2", null).ReadAsync(
            Bytes("""{"result":{"XBT":[["1.5",17,[3]],[{"x":[9]},"18"]],"ETH":[["1.5",17,[3]],[1]]}}"""), sink, TestContext.Current.CancellationToken);

        Assert.Equal(["17", "18", "17", null], sink.Cursors);
        Assert.Equal(4, sink.Records.Select(r => r.Content).Distinct().Count()); // the pair tells them apart
    }

    [Theory]
    [InlineData("$.c", """{"c":{"t":[1,2],"o":[1.5,null],"s":"ok","x":[{"y":"a"},["b"]]}}""", "1,2")]
    [InlineData(null, """{"t":[1,2],"o":[1.5,null]}""", "1,2")]
    [InlineData(null, """{"s":"no_data"}""", "")]
    [InlineData("$.list[*]", """{"list":[{"t":[1,2]},{"t":[3]}]}""", "1,2,3")]
    [InlineData("$.{t}", """{"A":{"o":[1,2]},"B":{"o":[3]}}""", "A,A,B")]
    public async Task Columns_are_counted_as_the_records_that_they_make(string? path, string json, string expected)
    {
        var (whole, split) = (new RecordingSink(), new RecordingSink());
        var records = new JsonRecords(new() { RecordPath = path, Layout = Contracts.RecordLayout.Columns }, "t", null);

        var content = await records.ReadAsync(Bytes(json), whole, TestContext.Current.CancellationToken);
        await records.ReadAsync(new ChunkedStream(Encoding.UTF8.GetBytes(json), 1), split, TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Join(',', whole.Cursors));
        Assert.Equal(whole.Records.Count, content.Records);
        Assert.Equal(whole.Records, split.Records);
    }

    [Fact]
    public async Task Columns_of_different_lengths_are_not_what_was_expected()
    {
        var fault = await Assert.ThrowsAsync<UnexpectedContentException>(() =>
            new JsonRecords(new() { Layout = Contracts.RecordLayout.Columns }, null, null).ReadAsync(Bytes("""{"t":[1,2],"o":[1]}"""), NoSink.Instance, TestContext.Current.CancellationToken));

        Assert.Equal("has columns of different lengths: \"t\" has 2 values, \"o\" has 1", fault.Message);
    }

    [Fact]
    public async Task A_value_longer_than_the_buffer_is_read()
    {
        var sink = new RecordingSink();

        await new JsonRecords(new() { RecordPath = null }, "d", null).ReadAsync(Bytes($$"""[{"text":"{{new string('x', 300_000)}}","d":"1"}]"""), sink, TestContext.Current.CancellationToken);

        Assert.Equal(["1"], sink.Cursors);
    }

    [Theory]
    [InlineData("data.bars[*]", """{"error":"slow down"}""", "has nothing at the record path 'data.bars[*]'")]
    [InlineData("data[*]", """{"data":"slow down"}""", "has nothing at the record path 'data[*]'")]
    [InlineData("quotes.{d}", """{"error":"slow down"}""", "has nothing at the record path 'quotes.{d}'")]
    [InlineData(null, "\"text\"", "holds neither an array nor an object")]
    [InlineData(null, "{\"a\":1,\n\"b\"", "is not JSON, at line 2, byte 4 of it")]
    [InlineData(null, "[{}] x", "is not JSON, at line 1, byte 6 of it")]
    public async Task What_is_not_expected_is_said(string? path, string json, string expected)
    {
        var fault = await Assert.ThrowsAsync<UnexpectedContentException>(() =>
            new JsonRecords(new() { RecordPath = path }, "d", null).ReadAsync(Bytes(json), NoSink.Instance, TestContext.Current.CancellationToken));

        Assert.Equal(expected, fault.Message);
    }

    static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text), writable: false);
}
