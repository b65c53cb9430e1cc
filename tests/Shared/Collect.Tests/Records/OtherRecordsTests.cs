using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class OtherRecordsTests
{
    [Theory]
    [InlineData(1), InlineData(5), InlineData(10_000)]
    public async Task Csv_records_are_lines_after_the_header_wherever_the_stream_is_split(int chunk)
    {
        var sink = new RecordingSink();
        var csv = Encoding.UTF8.GetBytes("\uFEFFname;\"day\";text\r\nA;2026-01-02;\"two\r\nlines; and a \"\"quote\"\"\"\r\n\r\nB;\"2026-01-03\";x\nC\n");

        var content = await new CsvRecords(null, hasHeader: true, "day").ReadAsync(new ChunkedStream(csv, chunk), sink, TestContext.Current.CancellationToken);

        Assert.Equal(3, content.Records);
        Assert.Equal(["2026-01-02", "2026-01-03", null], sink.Cursors);
    }

    [Fact]
    public async Task Csv_without_a_header_takes_the_cursor_by_column_number()
    {
        var sink = new RecordingSink();

        await new CsvRecords("|", hasHeader: false, "1").ReadAsync(new MemoryStream("A|1\nB|2"u8.ToArray()), sink, TestContext.Current.CancellationToken);

        Assert.Equal(["1", "2"], sink.Cursors);
    }

    [Fact]
    public async Task An_empty_line_is_a_record_only_where_there_is_one_column()
    {
        var wide = await new CsvRecords(null, hasHeader: true, null).ReadAsync(new MemoryStream("a,b\n1,2\n\n  \n3,4\n"u8.ToArray()), NoSink.Instance, TestContext.Current.CancellationToken);
        var narrow = await new CsvRecords(null, hasHeader: true, null).ReadAsync(new MemoryStream("a\n1\n\n3\n"u8.ToArray()), NoSink.Instance, TestContext.Current.CancellationToken);

        Assert.Equal((3L, 3L), (wide.Records, narrow.Records));
    }

    [Fact]
    public async Task Ndjson_records_are_lines_and_a_broken_one_is_one_too()
    {
        var sink = new RecordingSink();

        await new NdjsonRecords("seq").ReadAsync(new ChunkedStream("{\"seq\":1}\n\n{\"seq\":\r\n{\"seq\":\"3\"}"u8.ToArray(), 3), sink, TestContext.Current.CancellationToken);

        Assert.Equal(["1", null, "3"], sink.Cursors);
    }

    [Fact]
    public async Task Xml_records_are_elements_at_a_path_whatever_their_prefixes()
    {
        var sink = new RecordingSink();
        const string xml = """<g:Envelope xmlns:g="urn:g" xmlns="urn:x"><Cube><Cube time="2026-01-02"><R v="1"/></Cube><Cube time="2026-01-03"/></Cube><Other><time>no</time></Other></g:Envelope>""";

        var content = await new XmlRecords("gesmes:Envelope/Cube/Cube", "@time").ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(xml)), sink, TestContext.Current.CancellationToken);

        Assert.Equal((2L, "2026-01-02,2026-01-03"), (content.Records, string.Join(',', sink.Cursors)));
    }

    [Theory]
    [InlineData(null, "<!DOCTYPE html><html>", "text/html", "is an HTML page: expected xml")]
    [InlineData("json", "\uFEFF <HTML>", "application/json", "is an HTML page: expected json")]
    [InlineData("json", "Too many requests", "text/plain", "does not begin like JSON")]
    public async Task A_page_for_people_is_told_from_data_without_counting(string? format, string text, string type, string expected)
    {
        var reader = new ArtefactReader(new() { Dataset = "d", Format = new() { Format = format } }, mustCount: false);

        var fault = await Assert.ThrowsAsync<UnexpectedContentException>(() =>
            reader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), type, NoSink.Instance, TestContext.Current.CancellationToken));

        Assert.Equal(expected, fault.Message);
    }

    [Theory]
    [InlineData("{\"d\":1}\n{\"d\":2}\n", null, 2)]
    [InlineData("{\"rows\":[\n{\"d\":1},\n{\"d\":2}]}", "application/json", 2)]
    [InlineData("d,e\n1,2\n3,4\n5,6\n", "text/csv", 3)]
    [InlineData("{\"d\":1}", "application/x-ndjson", 1)]
    public async Task The_format_is_recognised_where_it_is_not_configured(string text, string? type, int records)
    {
        var dataset = new SourceDatasetDefinition { Dataset = "d", Cursor = new() { Field = "d", Type = CursorType.Integer, Parameter = "from" } };

        var content = await new ArtefactReader(dataset, mustCount: true).ReadAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(text)), type, NoSink.Instance, TestContext.Current.CancellationToken);

        Assert.Equal(records, content!.Records);
    }

    [Theory]
    [InlineData("//Cube[@currency]", 2)]
    [InlineData("//Cube[@currency='USD']", 1)]
    [InlineData("Cube[@time]", 1)]
    [InlineData("//Cube[@currency='USD'] | //Other", 2)]
    public async Task Xml_paths_may_demand_attributes_and_stand_for_several(string path, int expected)
    {
        const string xml = "<E><Cube><Cube time='2026-01-02'><Cube currency='USD' rate='1'/><Cube currency='JPY' rate='2'/></Cube></Cube><Other/></E>";

        var content = await new XmlRecords(path, null).ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(xml)), NoSink.Instance, TestContext.Current.CancellationToken);

        Assert.Equal(expected, content.Records);
    }

    [Fact]
    public async Task Xml_in_a_code_page_is_read()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var xml = Encoding.GetEncoding("windows-1251").GetBytes("<?xml version=\"1.0\" encoding=\"windows-1251\"?><V><R><Name>Доллар</Name></R></V>");
        var sink = new RecordingSink();

        await new XmlRecords("//R", "Name").ReadAsync(new MemoryStream(xml), sink, TestContext.Current.CancellationToken);

        Assert.Equal(["Доллар"], sink.Cursors);
    }

    [Fact]
    public async Task Csv_after_titles_is_counted_from_its_header()
    {
        var sink = new RecordingSink();

        var content = await new CsvRecords("|", hasHeader: true, "day", skipLines: 2).ReadAsync(new MemoryStream("Title\n\nday|x\n2026-01-02|1\n"u8.ToArray()), sink, TestContext.Current.CancellationToken);

        Assert.Equal((1L, "2026-01-02"), (content.Records, Assert.Single(sink.Cursors)));
    }
}
