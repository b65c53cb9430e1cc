using System.Numerics;
using CsCheck;
using DataIngestion.Tabular.Parquet;
using DataIngestion.Tabular.Parquet.Reading;

namespace DataIngestion.Tabular.Tests;

public sealed class ParquetEncodingTests
{
    static readonly DataType Price = DataType.Decimal(18, 4);

    public static TheoryData<string, string> Columns()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (name, _) in Series.All)
        {
            foreach (var type in new[] { DataType.Int64, DataType.Int32, Price, DataType.Decimal(9, 2), DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: true), DataType.Date })
                cases.Add(name, type.ToString());
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Every_series_of_integers_is_read_again(string series, string type)
    {
        var values = Series.Of(series, DataType.Parse(type));
        using var batch = Series.Batch(DataType.Parse(type), values, nullEvery: 0);
        using var gaps = Series.Batch(DataType.Parse(type), values, nullEvery: 3);

        Assert.Equal(values.Select(v => (long?)v), await ReadAsync(await ParquetRoundTripTests.Write(batch, new() { PageRows = 1000 }, values.Length)));
        Assert.Equal(
            values.Select((v, i) => i % 3 == 0 ? (long?)null : v),
            await ReadAsync(await ParquetRoundTripTests.Write(gaps, new() { PageRows = 1000, Dictionary = false }, values.Length)));
    }

    [Fact]
    public async Task Sorted_timestamps_and_ids_are_written_as_differences()
    {
        using var batch = Series.Batch(DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: true), Series.Of("ascending", DataType.Int64), nullEvery: 0);

        var file = await ParquetRoundTripTests.Write(batch, new() { Compression = ParquetCompression.None }, batch.Count);

        Assert.True(file.Length < batch.Count * 4, $"{file.Length} bytes for {batch.Count} rows");
    }

    [Fact]
    public async Task Row_groups_that_end_by_bytes_do_not_depend_on_batches_or_threads()
    {
        var options = new ParquetWriteOptions { PageRows = 200, RowGroupBytes = 40_000 };
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: true), 2500, seed: 12, nulls: 0.1, distinct: 0);

        var whole = await ParquetRoundTripTests.Write(batch, options, 2500);

        Assert.Equal(whole, await ParquetRoundTripTests.Write(batch, options, 37));
        Assert.Equal(whole, await ParquetRoundTripTests.Write(batch, options with { Threads = 3 }, 611));
        var reader = await ParquetReader.OpenAsync(new MemoryStream(whole), TestContext.Current.CancellationToken);
        Assert.All(reader.RowGroups.SkipLast(1), rows => Assert.Equal(0, rows % 200));
        Assert.True(reader.RowGroups.Count > 2, $"{reader.RowGroups.Count} row groups");
    }

    [Fact]
    public void Pages_of_many_columns_have_fewer_rows() =>
        Assert.Equal([65_536, 65_536, 8_388, 1024], new[] { 1, 128, 1000, 100_000 }.Select(new ParquetWriteOptions().PageRowsFor));

    [Fact]
    public void Any_differences_survive_packing()
    {
        Gen.Select(Gen.Int[0, 63], Gen.Int[0, 700], Gen.Int[0, 100_000]).Sample(
            c =>
            {
                var (bits, count, seed) = c;
                var random = new Random(seed);
                var longs = new long[count];
                for (var i = 0; i < count; i++)
                    longs[i] = random.NextInt64(long.MinValue, long.MaxValue) >> (63 - bits);
                AssertSame(longs);
                AssertSame(Array.ConvertAll(longs, v => (int)v));
            },
            iter: 400,
            seed: "0N0XIzNsQ0O2",
            threads: 1);

        static void AssertSame<T>(T[] values)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>, ISignedNumber<T>
        {
            using var sink = new ByteSink();
            DeltaBinaryPacked.Encode<T>(values, sink);
            var reader = new DeltaReader();
            reader.Open(sink.Memory);
            Assert.Equal((sink.Length, values.Length), (reader.End(), reader.Left));
            var read = new long[values.Length];
            for (var at = 0; at < read.Length; at += 100)
                reader.Read(read.AsSpan(at, Math.Min(100, read.Length - at)));
            Assert.Equal(values, Array.ConvertAll(read, T.CreateTruncating));
        }
    }

    [Fact]
    public void Any_indices_survive_runs()
    {
        Gen.Select(Gen.Int[0, 31], Gen.Int[0, 500], Gen.Int[1, 60], Gen.Int[0, 100_000]).Sample(
            c =>
            {
                var (width, count, longest, seed) = c;
                var random = new Random(seed);
                var indices = new List<int>();
                while (indices.Count < count)
                    indices.AddRange(Enumerable.Repeat((int)random.NextInt64(1L << width), random.Next(1, longest + 1)));
                using var sink = new ByteSink();
                HybridRuns.Encode(indices.ToArray(), width, sink);
                var read = new int[indices.Count];
                var reader = new RunReader();
                reader.Open(sink.Memory, width);
                for (var at = 0; at < read.Length; at += 37)
                    reader.Read(read.AsSpan(at, Math.Min(37, read.Length - at)));
                Assert.Equal(indices, read);
            },
            iter: 400,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(131_072), InlineData(131_073), InlineData(400_000)]
    public void A_stored_frame_is_a_zstd_frame(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        using var sink = new ByteSink();

        ZstdFrame.Store(bytes, sink);

        using var zstd = new ZstdSharp.Decompressor();
        Assert.Equal(bytes, zstd.Unwrap(sink.Span).ToArray());
    }

    static async Task<List<long?>> ReadAsync(byte[] file)
    {
        var values = new List<long?>();
        await foreach (var batch in ParquetReader.ReadAsync(new MemoryStream(file), null, TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Count; row++)
                    values.Add(batch.Columns[0].IsNull(row) ? null : Series.Stored(batch.Columns[0], row));
            }
        }

        return values;
    }
}
