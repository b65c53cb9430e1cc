using System.Text;
using System.Text.Json;
using DataIngestion.Conversion.Writing;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Writing;

public sealed class TextOutputTests
{
    static readonly DataSchema Everything = new(
    [
        new("flag", DataType.Boolean), new("tiny", DataType.Int8), new("small", DataType.Int16), new("int", DataType.Int32), new("long", DataType.Int64),
        new("price", DataType.Decimal(18, 4)), new("wide", DataType.Decimal(38, 10)), new("number", DataType.Double), new("text", DataType.String),
        new("bytes", DataType.Binary), new("day", DataType.Date), new("at", DataType.Time(TimeUnit.Milliseconds)),
        new("local", DataType.Timestamp(TimeUnit.Microseconds, isUtc: false)), new("moment", DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: true)),
    ]);

    static RecordBatch Extremes()
    {
        var builder = new RecordBatchBuilder(Everything);
        builder.AppendRow(
            true, -128, short.MinValue, int.MinValue, long.MinValue, -0.0500m, new ExactDecimal(Int128.Parse("-99999999999999999999999999999999999999"), 10), 0.1, "a,\"b\"\nc\t\u0001\u20AC",
            new byte[] { 0, 255 }, new DateOnly(1, 1, 1), new TimeValue(86_399_999, TimeUnit.Milliseconds), new TimestampValue(-1, TimeUnit.Microseconds, false), new TimestampValue(1, TimeUnit.Nanoseconds, true));
        builder.AppendRow(
            false, 127, short.MaxValue, int.MaxValue, long.MaxValue, 99_999_999_999_999.9999m, new ExactDecimal(1, 10), double.NaN, "",
            Array.Empty<byte>(), new DateOnly(9999, 12, 31), new TimeValue(0, TimeUnit.Milliseconds), new TimestampValue(0, TimeUnit.Microseconds, false), new TimestampValue(long.MaxValue, TimeUnit.Nanoseconds, true));
        builder.AppendRow(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
        return builder.Detach();
    }

    [Fact]
    public async Task Csv_writes_every_digit_and_tells_an_empty_text_from_no_value()
    {
        using var batch = Extremes();
        var lines = await WriteAsync(OutputFormat.Csv, Everything, [batch]);
        Assert.Equal(
            "flag,tiny,small,int,long,price,wide,number,text,bytes,day,at,local,moment\n"
            + "true,-128,-32768,-2147483648,-9223372036854775808,-0.0500,-9999999999999999999999999999.9999999999,0.1,\"a,\"\"b\"\"\nc\t\u0001\u20AC\",00ff,0001-01-01,23:59:59.999,1969-12-31T23:59:59.999999,1970-01-01T00:00:00.000000001Z\n"
            + "false,127,32767,2147483647,9223372036854775807,99999999999999.9999,0.0000000001,NaN,\"\",\"\",9999-12-31,00:00:00.000,1970-01-01T00:00:00.000000,2262-04-11T23:47:16.854775807Z\n"
            + ",,,,,,,,,,,,,\n",
            lines);
    }

    [Fact]
    public async Task Ndjson_keeps_numbers_as_numbers_with_every_digit()
    {
        using var batch = Extremes();
        var lines = (await WriteAsync(OutputFormat.Ndjson, Everything, [batch])).Split('\n');
        Assert.Equal(4, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal("-9223372036854775808", first.RootElement.GetProperty("long").GetRawText());
        Assert.Equal("-0.0500", first.RootElement.GetProperty("price").GetRawText());
        Assert.Equal("-9999999999999999999999999999.9999999999", first.RootElement.GetProperty("wide").GetRawText());
        Assert.Equal("a,\"b\"\nc\t\u0001\u20AC", first.RootElement.GetProperty("text").GetString());
        Assert.Equal("00ff", first.RootElement.GetProperty("bytes").GetString());
        Assert.Equal("1970-01-01T00:00:00.000000001Z", first.RootElement.GetProperty("moment").GetString());
        using var second = JsonDocument.Parse(lines[1]);
        Assert.Equal("NaN", second.RootElement.GetProperty("number").GetString());
        Assert.Equal("", second.RootElement.GetProperty("text").GetString());
        using var third = JsonDocument.Parse(lines[2]);
        Assert.All(third.RootElement.EnumerateObject(), p => Assert.Equal(JsonValueKind.Null, p.Value.ValueKind));
        Assert.Equal(Everything.Select(c => c.Name), third.RootElement.EnumerateObject().Select(p => p.Name));
    }

    [Theory]
    [InlineData(OutputFormat.Csv), InlineData(OutputFormat.Ndjson)]
    public async Task The_bytes_depend_on_neither_batches_nor_threads(OutputFormat format)
    {
        var schema = new DataSchema([new("n", DataType.Int64), new("text", DataType.String)]);
        var one = await WriteAsync(format, schema, Numbers(schema, [20_000]), threads: 1);
        Assert.Equal(one, await WriteAsync(format, schema, Numbers(schema, [20_000]), threads: 3));
        Assert.Equal(one, await WriteAsync(format, schema, Numbers(schema, [1, 4095, 4097, 11_807]), threads: 2));
    }

    [Theory]
    [InlineData(OutputFormat.Csv), InlineData(OutputFormat.Ndjson)]
    public async Task What_is_written_reads_as_the_same_rows(OutputFormat format)
    {
        var input = TestFiles.Messy(2_000, seed: 11);
        var expected = await Conversions.RunAsync(input);
        using var text = new MemoryStream();
        var written = await new Converter().ConvertAsync(
            _ => new(new MemoryStream(input)), text, (_, _) => ValueTask.CompletedTask, new() { Output = format }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((expected.Result.RowsOut, text.Length), (written.RowsOut, written.BytesOut));

        var again = await Conversions.RunAsync(text.ToArray(), new() { Schema = expected.Schema, Policy = SchemaPolicy.Freeze });
        Assert.Equal(expected.Rows, again.Rows);
    }

    [Fact]
    public async Task An_output_without_rows_has_a_header_in_csv_and_nothing_in_ndjson()
    {
        var schema = new DataSchema([new("a \"b\"", DataType.Int64), new("c,d", DataType.String)]);
        Assert.Equal("\"a \"\"b\"\"\",\"c,d\"\n", await WriteAsync(OutputFormat.Csv, schema, []));
        Assert.Equal("", await WriteAsync(OutputFormat.Ndjson, schema, []));
    }

    [Fact]
    public async Task Nested_and_unsigned_values_are_json()
    {
        var schema = new DataSchema(
        [
            new("big", DataType.UInt64), new("single", DataType.Float), new("took", DataType.Duration(TimeUnit.Milliseconds)),
            new("levels", DataType.List(DataType.Decimal(9, 2))), new("quote", DataType.Struct(new DataColumn("bid", DataType.Decimal(9, 2)), new DataColumn("venue", DataType.String))),
        ]);
        var builder = new RecordBatchBuilder(schema);
        builder.AppendRow(ulong.MaxValue, 0.1f, new DurationValue(1500, TimeUnit.Milliseconds), new object?[] { 1.5m, null }, new object?[] { 2.25m, "a\"b" });
        builder.AppendRow(0UL, float.PositiveInfinity, null, Array.Empty<object?>(), null);
        using var batch = builder.Detach();
        Assert.Equal(
            """{"big":18446744073709551615,"single":0.1,"took":"PT1.5S","levels":[1.50,null],"quote":{"bid":2.25,"venue":"a\"b"}}""" + "\n"
            + """{"big":0,"single":"Infinity","took":null,"levels":[],"quote":null}""" + "\n",
            await WriteAsync(OutputFormat.Ndjson, schema, [batch]));
        Assert.Equal(
            "big,single,took,levels,quote\n18446744073709551615,0.1,PT1.5S,\"[1.50,null]\",\"{\"\"bid\"\":2.25,\"\"venue\"\":\"\"a\\\"\"b\"\"}\"\n0,Infinity,,[],\n",
            await WriteAsync(OutputFormat.Csv, schema, [batch]));
    }

    static IEnumerable<RecordBatch> Numbers(DataSchema schema, int[] sizes)
    {
        var builder = new RecordBatchBuilder(schema);
        var n = 0;
        foreach (var size in sizes)
        {
            for (var i = 0; i < size; i++, n++)
                builder.AppendRow(n, n % 7 == 0 ? null : $"row {n}, {(n % 3 == 0 ? "\"" : "")}");
            yield return builder.Detach();
        }
    }

    static async Task<string> WriteAsync(OutputFormat format, DataSchema schema, IEnumerable<RecordBatch> batches, int threads = 1)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var output = new MemoryStream();
        await using var writer = BatchWriters.Create(output, schema, new() { Output = format, Threads = threads });
        foreach (var batch in batches)
            await writer.WriteAsync(batch, cancellationToken);
        var summary = await writer.CompleteAsync(cancellationToken);
        Assert.Equal(output.Length, summary.Bytes);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
