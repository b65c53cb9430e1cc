using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Columns;

public sealed class ParquetInputTests
{
    static readonly DataSchema Prices = new(
    [
        new("symbol", DataType.String, false), new("price", DataType.Decimal(18, 4)), new("time", DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: true)), new("ratio", DataType.Float),
        new("sizes", DataType.List(DataType.Int32)),
    ]);

    static readonly object?[][] Rows =
    [
        ["AAA", 1.25m, new TimestampValue(1_704_067_200_000_000_001, TimeUnit.Nanoseconds, true), 0.1f, new object?[] { 1, null }],
        ["BBB", null, null, null, null],
        ["CCC", 99999.5m, new TimestampValue(0, TimeUnit.Nanoseconds, true), -1f, Array.Empty<object?>()],
    ];

    [Fact]
    public async Task Columns_keep_the_types_and_values_that_the_file_gives_them()
    {
        var converted = await Conversions.RunAsync(await FileAsync());

        Assert.Equal(Prices, converted.Result.Schema);
        Assert.Equal((3L, 3L, 0L), (converted.Result.RowsIn, converted.Result.RowsOut, converted.Result.RowsRejected));
        Assert.Equal("the file says decimal(18,4)", converted.Result.Columns[1].Evidence);
        Assert.Equal(await TextsAsync(await FileAsync()), await TextsAsync(converted.Bytes));
    }

    [Theory]
    [InlineData(OutputFormat.Csv, "symbol,price,time,ratio,sizes\nAAA,1.2500,2024-01-01T00:00:00.000000001Z,0.1,\"[1,null]\"\nBBB,,,,\nCCC,99999.5000,1970-01-01T00:00:00.000000000Z,-1,[]\n")]
    [InlineData(OutputFormat.Ndjson, """
        {"symbol":"AAA","price":1.2500,"time":"2024-01-01T00:00:00.000000001Z","ratio":0.1,"sizes":[1,null]}
        {"symbol":"BBB","price":null,"time":null,"ratio":null,"sizes":null}
        {"symbol":"CCC","price":99999.5000,"time":"1970-01-01T00:00:00.000000000Z","ratio":-1,"sizes":[]}

        """)]
    public async Task Parquet_becomes_text(OutputFormat format, string expected)
    {
        var file = await FileAsync();
        using var output = new MemoryStream();

        await new Converter().ConvertAsync(
            _ => new(new MemoryStream(file)), output, (_, _) => throw new InvalidOperationException("No row was to be rejected."), new() { Output = format }, null, TestContext.Current.CancellationToken);

        Assert.Equal(expected, Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task A_value_that_does_not_fit_follows_the_policy()
    {
        DataSchema expected = new([new("symbol", DataType.String, false), new("price", DataType.Decimal(6, 2))]);

        var discardRow = await Conversions.RunAsync(await FileAsync(), new() { Schema = expected, Policy = SchemaPolicy.DiscardRow });
        var discardValue = await Conversions.RunAsync(await FileAsync(), new() { Schema = expected, Policy = SchemaPolicy.DiscardValue });
        var evolved = await Conversions.RunAsync(await FileAsync(), new() { Schema = expected, Policy = SchemaPolicy.Evolve });

        Assert.Equal((2L, 1L), (discardRow.Result.RowsOut, discardRow.Result.RowsRejected));
        var rejected = Assert.Single(discardRow.Rejected);
        Assert.Equal((3L, "price", "type"), (rejected.Row, rejected.Column, rejected.Rule));
        Assert.StartsWith("symbol=CCC; price=99999.5000", rejected.Raw, StringComparison.Ordinal);
        Assert.Equal((3L, 1L), (discardValue.Result.RowsOut, discardValue.Result.ValuesDiscarded));
        Assert.Equal(DataType.Decimal(18, 4), evolved.Result.Schema[1].Type);
        var frozen = await Assert.ThrowsAsync<ConversionException>(async () => await Conversions.RunAsync(await FileAsync(), new() { Schema = expected, Policy = SchemaPolicy.Freeze }));
        Assert.Contains("'time' is not in the expected schema", frozen.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_value_of_a_required_column_rejects_the_row_and_lineage_keeps_its_number()
    {
        DataSchema expected = new([new("symbol", DataType.String, false), new("price", DataType.Double, false)]);
        var request = new ConversionRequest { Schema = expected, Policy = SchemaPolicy.DiscardRow, Lineage = new("vendor", "run", new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)) };

        var converted = await Conversions.RunAsync(await FileAsync(), request);

        Assert.Equal((2L, "not-null", "price"), (Assert.Single(converted.Rejected).Row, converted.Rejected[0].Rule, converted.Rejected[0].Column));
        var texts = await TextsAsync(converted.Bytes);
        Assert.Equal(["AAA", "1.25", "vendor", "run", "1", "2026-01-02T00:00:00Z"], texts[0]);
        Assert.Equal(["CCC", "99999.5", "vendor", "run", "3", "2026-01-02T00:00:00Z"], texts[1]);
    }

    [Fact]
    public async Task Text_mode_keeps_every_value_as_its_exact_text()
    {
        var converted = await Conversions.RunAsync(await FileAsync(), new() { Types = TypesMode.Text });

        Assert.All(converted.Result.Schema, c => Assert.Equal(DataType.String, c.Type));
        Assert.Equal(["AAA", "1.2500", "2024-01-01T00:00:00.000000001Z", "0.1", "[1,null]"], (await TextsAsync(converted.Bytes))[0]);
    }

    [Fact]
    public async Task A_stream_that_cannot_seek_and_one_that_is_compressed_give_the_same()
    {
        var file = await FileAsync();
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync(file, TestContext.Current.CancellationToken);

        var near = await Conversions.RunAsync(file);
        var compressed = await Conversions.RunAsync(packed.ToArray(), new() { Hint = new() { Format = "parquet" } });

        Assert.Equal(near.Bytes, compressed.Bytes);
    }

    [Fact]
    public async Task A_damaged_file_is_one_clear_error()
    {
        var file = await FileAsync();
        var damaged = await Assert.ThrowsAsync<ConversionException>(async () => await Conversions.RunAsync(file[..^20]));

        Assert.Contains("PAR1", damaged.Message, StringComparison.Ordinal);
    }

    static async Task<byte[]> FileAsync()
    {
        using var file = new MemoryStream();
        var builder = new RecordBatchBuilder(Prices);
        foreach (var row in Rows)
            builder.AppendRow(row);
        using var batch = builder.Detach();
        await using var writer = ParquetBatchWriter.Create(file, Prices);
        await writer.WriteAsync(batch, TestContext.Current.CancellationToken);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return file.ToArray();
    }

    static async Task<List<string?[]>> TextsAsync(byte[] file)
    {
        var rows = new List<string?[]>();
        await foreach (var batch in ParquetReader.ReadAsync(new MemoryStream(file), null, TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Count; row++)
                    rows.Add([.. batch.Columns.Select(c => c.GetText(row))]);
            }
        }

        return rows;
    }
}
