using CsCheck;

namespace DataIngestion.Tabular.Tests;

public sealed class ParquetRoundTripTests
{
    static readonly ParquetWriteOptions Tiny = new() { RowGroupRows = 700, PageRows = 90, PageBytes = 600, DictionaryBytes = 300 };

    [Theory]
    [InlineData(0, false, 0, 0), InlineData(1, true, 0.5, 0), InlineData(1000, false, 0, 0), InlineData(2500, true, 0.1, 0)]
    [InlineData(2500, true, 0.5, 7), InlineData(1500, false, 0, 40), InlineData(900, true, 1, 0)]
    public async Task What_was_written_is_read_again(int rows, bool nullable, double nulls, int distinct)
    {
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable), rows, seed: 11, nulls, distinct);
        using var file = new MemoryStream(await Write(batch, Tiny, rows));

        await AssertSame(batch, file);
    }

    [Fact]
    public async Task Any_rows_survive_any_page_and_group_sizes()
    {
        var cases = Gen.Select(Gen.Int[0, 400], Gen.Int[1, 200], Gen.Int[1, 300], Gen.Int[0, 20], Gen.Double[0, 1], Gen.Int[0, 100_000]);
        await cases.SampleAsync(
            async c =>
            {
                var (rows, page, group, distinct, nulls, seed) = c;
                using var batch = SampleRows.Batch(SampleRows.Schema(nullable: true), rows, seed, nulls, distinct);
                using var file = new MemoryStream(await Write(batch, new() { PageRows = page, RowGroupRows = group }, rows));
                await AssertSame(batch, file);
            },
            iter: 60,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    [Fact]
    public async Task The_bytes_depend_on_neither_batches_nor_threads()
    {
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: true), 2000, seed: 5, nulls: 0.2, distinct: 0);

        var whole = await Write(batch, Tiny, 2000);
        var pieces = await Write(batch, Tiny, 33);
        var threads = await Write(batch, Tiny with { Threads = 4 }, 271);

        Assert.Equal(whole, pieces);
        Assert.Equal(whole, threads);
    }

    [Fact]
    public async Task Only_the_wanted_columns_are_read_in_the_order_asked()
    {
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: false), 100, seed: 2, nulls: 0, distinct: 0);
        using var file = new MemoryStream(await Write(batch, Tiny, 100));
        string[] wanted = ["c8_Date", "c3_Int32"];

        await foreach (var read in ParquetReader.ReadAsync(file, wanted, TestContext.Current.CancellationToken))
        {
            Assert.Equal(wanted, read.Schema.Select(c => c.Name));
            Assert.Equal(batch["c3_Int32"].GetValue(99), read["c3_Int32"].GetValue(99));
        }
    }

    [Fact]
    public async Task A_file_that_was_not_completed_is_no_file()
    {
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: false), 1500, seed: 2, nulls: 0, distinct: 0);
        using var file = new MemoryStream();
        await using (var writer = ParquetBatchWriter.Create(file, batch.Schema, Tiny))
            await writer.WriteAsync(batch, TestContext.Current.CancellationToken);

        var wrong = await Assert.ThrowsAsync<InvalidDataException>(async () => await ParquetReader.OpenAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains("PAR1", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_files_give_one_clear_error_and_nothing_else()
    {
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: true), 300, seed: 3, nulls: 0.2, distinct: 9);
        var good = await Write(batch, Tiny, 300);
        var random = new Random(4);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var bytes = good[..(random.Next(8) == 0 ? random.Next(good.Length) : good.Length)];
            for (var flips = random.Next(1, 6); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(2) == 0 ? random.Next(bytes.Length) : Math.Max(0, bytes.Length - 1 - random.Next(2500))] = (byte)random.Next(256);
            try
            {
                await foreach (var read in ParquetReader.ReadAsync(new MemoryStream(bytes), null, TestContext.Current.CancellationToken))
                    read.Dispose();
            }
            catch (Exception clear) when (clear is InvalidDataException or NotSupportedException)
            {
                refused++;
            }
        }

        Assert.True(refused > 500, $"{refused} refused");
    }

    internal static async Task<byte[]> Write(RecordBatch batch, ParquetWriteOptions options, int rowsAtOnce)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var file = new MemoryStream();
        await using var writer = ParquetBatchWriter.Create(file, batch.Schema, options);
        var builder = new RecordBatchBuilder(batch.Schema);
        for (var row = 0; row < batch.Count; row++)
        {
            builder.AppendFrom(batch, row);
            if (builder.Count != rowsAtOnce && row != batch.Count - 1)
                continue;
            using var part = builder.Detach();
            await writer.WriteAsync(part, cancellationToken);
        }

        var summary = await writer.CompleteAsync(cancellationToken);
        Assert.Equal((batch.Count, file.Length), (summary.Rows, summary.Bytes));
        return file.ToArray();
    }

    static async Task AssertSame(RecordBatch expected, Stream file)
    {
        var row = 0;
        await foreach (var read in ParquetReader.ReadAsync(file, null, TestContext.Current.CancellationToken))
        {
            Assert.Equal(expected.Schema, read.Schema);
            for (var i = 0; i < read.Count; i++, row++)
            {
                for (var c = 0; c < read.Columns.Count; c++)
                    Assert.Equal(expected.Columns[c].GetValue(row), read.Columns[c].GetValue(i));
            }

            read.Dispose();
        }

        Assert.Equal(expected.Count, row);
    }
}
