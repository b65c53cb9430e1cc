using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Arrow;

public sealed class ArrowRoundTripTests
{
    public static TheoryData<ArrowCompression, bool> Forms => new()
    {
        { ArrowCompression.None, false }, { ArrowCompression.None, true }, { ArrowCompression.Lz4, false }, { ArrowCompression.Zstd, false }, { ArrowCompression.Zstd, true },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Random_tables_come_back_as_they_were_written(ArrowCompression compression, bool isStream)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var schema = seed == 0 ? RandomTables.Everything : RandomTables.Schema(random);
            var rows = RandomTables.Rows(schema, random.Next(300), random);
            var options = new ArrowWriteOptions { Compression = compression, IsStream = isStream };

            var file = await ArrowFiles.WriteAsync(schema, RandomTables.Batches(schema, rows, () => random.Next(1, 100)), options);
            var read = await ArrowFiles.ReadAsync(new ChunkedStream(file, isStream ? random.Next(1, 200) : int.MaxValue));

            Assert.Equal(schema, read.Schema);
            Assert.Equal(Texts(schema, rows), Texts(schema, read.Rows));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_bytes_do_not_depend_on_how_rows_came(ArrowCompression compression, bool isStream)
    {
        var random = new Random(7);
        var rows = RandomTables.Rows(RandomTables.Everything, 2500, random);
        var options = new ArrowWriteOptions { Compression = compression, IsStream = isStream, BatchRows = 1024 };

        var whole = await ArrowFiles.WriteAsync(RandomTables.Everything, RandomTables.Batches(RandomTables.Everything, rows, () => 5000), options);
        var pieces = await ArrowFiles.WriteAsync(RandomTables.Everything, RandomTables.Batches(RandomTables.Everything, rows, () => random.Next(1, 700)), options);

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public async Task A_table_without_rows_is_a_file_with_a_schema()
    {
        var read = await ArrowFiles.ReadAsync(new MemoryStream(await ArrowFiles.WriteAsync(RandomTables.Everything, [])));

        Assert.Equal(RandomTables.Everything, read.Schema);
        Assert.Empty(read.Rows);
    }

    [Fact]
    public async Task A_conversion_writes_arrow_and_reads_it()
    {
        using var output = new MemoryStream();
        await new Converter().ConvertAsync(
            _ => new(new MemoryStream("symbol,price,day\nAAA,1.25,2024-01-02\nBBB,,2024-01-03\n"u8.ToArray())), output, (_, _) => throw new InvalidOperationException("No row was to be rejected."),
            new() { Output = OutputFormat.Arrow }, null, TestContext.Current.CancellationToken);

        var converted = await Conversions.RunAsync(output.ToArray(), Conversions.As("arrow"));

        Assert.Equal(["string", "decimal(18,2)", "date"], converted.Schema.Select(c => c.Type.ToString()));
        Assert.Equal(["AAA", 1.25m, new DateOnly(2024, 1, 2)], converted.Rows[0]);
        Assert.Null(converted.Rows[1][1]);
    }

    [Fact]
    public async Task A_file_that_cannot_be_sought_is_copied_and_read()
    {
        var rows = RandomTables.Rows(RandomTables.Everything, 50, new(1));
        var file = await ArrowFiles.WriteAsync(RandomTables.Everything, RandomTables.Batches(RandomTables.Everything, rows, () => 7));
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync(file, TestContext.Current.CancellationToken);

        var read = await Conversions.RunAsync(packed.ToArray(), Conversions.As("arrow"));

        Assert.Equal(Texts(RandomTables.Everything, rows), Texts(RandomTables.Everything, read.Rows));
    }

    static IEnumerable<string> Texts(DataSchema schema, IReadOnlyList<object?[]> rows)
    {
        foreach (var batch in RandomTables.Batches(schema, rows, () => 1000))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Count; row++)
                    yield return string.Join('|', batch.Columns.Select(c => c.GetText(row) ?? "(null)"));
            }
        }
    }
}
