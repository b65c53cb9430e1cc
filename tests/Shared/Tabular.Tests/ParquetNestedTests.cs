using System.Globalization;
using CsCheck;
using DataIngestion.TestKit;
using DuckDB.NET.Data;

namespace DataIngestion.Tabular.Tests;

public sealed class ParquetNestedTests
{
    static readonly ParquetWriteOptions Tiny = new() { RowGroupRows = 150, PageRows = 40, PageBytes = 400, DictionaryBytes = 300 };

    [Fact]
    public async Task Rows_of_any_nested_schema_are_read_as_they_were_written()
    {
        await Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 400], Gen.Int[1, 200], Gen.Double[0, 0.6]).SampleAsync(
            async c =>
            {
                var (seed, rows, atOnce, nulls) = c;
                var random = new Random(seed);
                DataSchema schema = new(Enumerable.Range(0, random.Next(1, 4)).Select(i => AnyColumn($"c{i}", 4, random)));
                using var batch = SampleRows.Batch(schema, rows, seed, nulls, distinct: random.Next(2) * 20);
                await AssertSame(batch, await ParquetRoundTripTests.Write(batch, Tiny, atOnce));
            },
            iter: 60,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    [Fact]
    public async Task The_bytes_of_nested_columns_depend_on_neither_batches_nor_threads()
    {
        using var batch = SampleRows.Batch(SampleRows.NestedSchema, 500, seed: 31, nulls: 0.2, distinct: 0);

        var whole = await ParquetRoundTripTests.Write(batch, Tiny, 500);

        Assert.Equal(whole, await ParquetRoundTripTests.Write(batch, Tiny, 7));
        Assert.Equal(whole, await ParquetRoundTripTests.Write(batch, Tiny with { Threads = 4 }, 113));
    }

    [Fact]
    public async Task DuckDB_reads_nested_columns_as_we_wrote_them()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder("tabular");
        var path = folder.File("nested.parquet");
        DataSchema schema = new(
        [
            new("words", DataType.Parse("list<string>")), new("quote", DataType.Parse("struct<bid:decimal(18,4),ask:decimal(18,4) not null>")),
            new("legs", DataType.Parse("list<struct<id:int64 not null,sizes:list<int32 not null>> not null>"), false), new("deep", DataType.Parse("list<list<list<int64>>>")),
        ]);
        using var batch = SampleRows.Batch(schema, 700, seed: 5, nulls: 0.15, distinct: 0);
        await File.WriteAllBytesAsync(path, await ParquetRoundTripTests.Write(batch, Tiny, 700), cancellationToken);

        using var duck = new DuckDBConnection("Data Source=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = $"select to_json(words)::varchar, to_json({{'bid': quote.bid::varchar, 'ask': quote.ask::varchar}})::varchar, quote is null, to_json(legs)::varchar, to_json(deep)::varchar from '{path}'";
        using var rows = command.ExecuteReader();
        for (var row = 0; row < batch.Count; row++)
        {
            Assert.True(rows.Read());
            Assert.Equal(batch["words"].GetText(row), Text(rows, 0));
            Assert.Equal(batch["quote"].IsNull(row), rows.GetBoolean(2));
            var (bid, ask) = (((StructColumn)batch["quote"])["bid"].GetText(row), ((StructColumn)batch["quote"])["ask"].GetText(row));
            Assert.Equal($$"""{"bid":{{Quoted(bid)}},"ask":{{Quoted(ask)}}}""", Text(rows, 1));
            Assert.Equal(batch["legs"].GetText(row), Text(rows, 3));
            Assert.Equal(batch["deep"].GetText(row), Text(rows, 4));
        }

        Assert.False(rows.Read());
    }

    [Fact]
    public async Task Parquet_Net_reads_nested_columns_as_we_wrote_them()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        DataSchema schema = new([new("prices", DataType.Parse("list<double>"))]);
        var builder = new RecordBatchBuilder(schema);
        builder.AppendRow([new object?[] { 1.5, null, 2.5 }]);
        builder.AppendRow([null]);
        builder.AppendRow([Array.Empty<object?>()]);
        builder.AppendRow([new object?[] { 3.5 }]);
        using var batch = builder.Detach();
        using var file = new MemoryStream(await ParquetRoundTripTests.Write(batch, new(), 4));

        await using var reader = await global::Parquet.ParquetReader.CreateAsync(file, cancellationToken: cancellationToken);
        using var group = reader.OpenRowGroupReader(0);
        var values = new double[6];
        var (definition, repetition) = (new int[6], new int[6]);
        await group.ReadRawAsync(reader.Schema.DataFields.Single(), values.AsMemory(), definition.AsMemory(), repetition.AsMemory(), cancellationToken);

        Assert.Equal([1.5, 2.5, 3.5], values[..3]);
        Assert.Equal([3, 2, 3, 0, 1, 3], definition);
        Assert.Equal([0, 1, 1, 0, 0, 0], repetition);
    }

    [Fact]
    public async Task A_null_where_the_type_allows_none_is_refused()
    {
        var builder = new RecordBatchBuilder(new([new("x", DataType.Parse("list<int64 not null>"))]));
        builder.AppendRow([new object?[] { 1L, null }]);
        using var batch = builder.Detach();

        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => ParquetRoundTripTests.Write(batch, new(), 1));

        Assert.Contains("'x'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_nested_files_give_one_clear_error_and_nothing_else()
    {
        using var batch = SampleRows.Batch(SampleRows.NestedSchema, 120, seed: 3, nulls: 0.2, distinct: 9);
        var good = await ParquetRoundTripTests.Write(batch, Tiny with { Compression = ParquetCompression.None }, 120);
        var random = new Random(4);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var bytes = good.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                await foreach (var read in ParquetReader.ReadAsync(new MemoryStream(bytes), null, TestContext.Current.CancellationToken))
                {
                    for (var row = 0; row < read.Count; row++)
                        read.GetRow(row);
                    read.Dispose();
                }
            }
            catch (Exception clear) when (clear is InvalidDataException or NotSupportedException)
            {
                refused++;
            }
        }

        Assert.True(refused > 500, $"{refused} refused");
    }

    static DataColumn AnyColumn(string name, int depth, Random random) => new(name, AnyType(depth, random), random.Next(2) == 0);

    static DataType AnyType(int depth, Random random) => (depth == 0 ? 0 : random.Next(4)) switch
    {
        1 => DataType.List(AnyType(depth - 1, random), random.Next(2) == 0),
        2 => DataType.Struct(Enumerable.Range(0, random.Next(1, 4)).Select(i => AnyColumn($"f{i}", depth - 1, random))),
        _ => SampleRows.Types[random.Next(SampleRows.Types.Length)],
    };

    static async Task AssertSame(RecordBatch expected, byte[] file)
    {
        var row = 0;
        await foreach (var read in ParquetReader.ReadAsync(new MemoryStream(file), null, TestContext.Current.CancellationToken))
        {
            Assert.Equal(expected.Schema, read.Schema);
            for (var i = 0; i < read.Count; i++, row++)
            {
                for (var c = 0; c < read.Columns.Count; c++)
                    Assert.Equal(expected.Columns[c].GetText(row), read.Columns[c].GetText(i));
            }

            read.Dispose();
        }

        Assert.Equal(expected.Count, row);
    }

    static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";

    static string? Text(System.Data.Common.DbDataReader rows, int column) =>
        rows.IsDBNull(column) ? null : System.Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture);
}
