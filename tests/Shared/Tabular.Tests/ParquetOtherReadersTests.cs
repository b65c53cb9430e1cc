using System.Globalization;
using DataIngestion.TestKit;
using DuckDB.NET.Data;

namespace DataIngestion.Tabular.Tests;

public sealed class ParquetOtherReadersTests
{
    [Fact]
    public async Task DuckDB_reads_what_we_write()
    {
        using var folder = new TemporaryFolder("tabular");
        var path = folder.File("ours.parquet");
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: true), 3000, seed: 8, nulls: 0.1, distinct: 0);
        await File.WriteAllBytesAsync(
            path, await ParquetRoundTripTests.Write(batch, new() { RowGroupRows = 1000, PageRows = 100 }, 3000), TestContext.Current.CancellationToken);

        using var duck = Open();
        Assert.Equal("3000", Scalar(duck, $"select count(*) from '{path}'"));
        foreach (var column in batch.Schema)
            Assert.Equal(batch[column.Name].NullCount.ToString(CultureInfo.InvariantCulture), Scalar(duck, $"select count(*) - count({column.Name}) from '{path}'"));
        AssertSum(batch, duck, path, "c9_Decimal");
        AssertSum(batch, duck, path, "c10_Decimal");
        AssertSum(batch, duck, path, "c4_Int64");
        Assert.Equal(Longest(batch, "c6_String"), Scalar(duck, $"select max(strlen(c6_String)) from '{path}'"));
        Assert.Equal(Max(batch, "c12_Decimal"), Scalar(duck, $"select max(c12_Decimal)::varchar from '{path}'"));
        Assert.Equal(Max(batch, "c8_Date"), Scalar(duck, $"select max(c8_Date)::varchar from '{path}'"));
        Assert.Equal("TIMESTAMP WITH TIME ZONE", Scalar(duck, $"select typeof(c18_Timestamp) from '{path}' limit 1"));
    }

    [Fact]
    public async Task We_read_what_DuckDB_writes()
    {
        using var folder = new TemporaryFolder("tabular");
        using var duck = Open();
        foreach (var codec in new[] { "zstd", "snappy", "gzip", "uncompressed" })
        {
            var path = folder.File(codec + ".parquet");
            Run(duck, $"""
                copy (select i::bigint as i, (i % 7)::tinyint as small, (i * 1.25)::decimal(12,2) as price, (i::hugeint * 10000000000000000000)::decimal(38,0) as wide,
                             'sym' || (i % 5) as symbol, case when i % 3 = 0 then null else i::double end as d, date '2024-01-01' + (i % 100)::int as day,
                             timestamp '2024-01-01 00:00:00' + to_microseconds(i) as local, i % 2 = 0 as even
                      from range(5000) t(i)) to '{path}' (format parquet, compression {codec}, row_group_size 2048)
                """);
            using var file = File.OpenRead(path);
            var rows = 0L;
            await foreach (var batch in ParquetReader.ReadAsync(file, null, TestContext.Current.CancellationToken))
            {
                for (var row = 0; row < batch.Count; row++, rows++)
                {
                    var expected = new object?[]
                    {
                        rows, rows % 7, rows * 1.25m, new ExactDecimal((Int128)rows * 10000000000000000000, 0), "sym" + (rows % 5), rows % 3 == 0 ? null : (double)rows,
                        new DateOnly(2024, 1, 1).AddDays((int)(rows % 100)), new TimestampValue(1704067200000000 + rows, TimeUnit.Microseconds, false), rows % 2 == 0,
                    };
                    Assert.Equal(expected, batch.GetRow(row));
                }
            }

            Assert.Equal(5000, rows);
        }
    }

    [Fact]
    public async Task Parquet_Net_reads_what_we_write()
    {
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: true), 500, seed: 9, nulls: 0.1, distinct: 4);
        using var file = new MemoryStream(await ParquetRoundTripTests.Write(batch, new() { PageRows = 64 }, 500));

        await using var reader = await global::Parquet.ParquetReader.CreateAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        using var group = reader.OpenRowGroupReader(0);
        var field = reader.Schema.DataFields.Single(f => f.Name == "c4_Int64");
        var values = new long?[500];
        await group.ReadAsync<long>(field, values.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 500).Select(r => (long?)batch["c4_Int64"].GetValue(r)), values);
    }

    [Theory]
    [MemberData(nameof(ParquetEncodingTests.Columns), MemberType = typeof(ParquetEncodingTests))]
    public async Task Others_read_every_series_of_integers(string series, string type)
    {
        using var folder = new TemporaryFolder("tabular");
        var path = folder.File("series.parquet");
        var column = DataType.Parse(type);
        var values = Series.Of(series, column);
        using var batch = Series.Batch(column, values, nullEvery: 5);
        await File.WriteAllBytesAsync(path, await ParquetRoundTripTests.Write(batch, new() { PageRows = 1000 }, 5000), TestContext.Current.CancellationToken);
        var expected = values.Where((_, row) => row % 5 != 0).ToArray();

        using (var sharp = new ParquetSharp.ParquetFileReader(path))
        using (var group = sharp.RowGroup(0))
        using (var chunk = group.Column(0))
        {
            Assert.Equal(expected, Physical(chunk));
        }

        // Parquet.Net reads differences of integers, but not of decimals.
        if (column.IsExactNumber)
        {
            if (!column.IsInteger)
                await File.WriteAllBytesAsync(path, await ParquetRoundTripTests.Write(batch, new() { PageRows = 1000, Classic = true }, 5000), TestContext.Current.CancellationToken);
            Assert.Equal(expected.Select(v => new ExactDecimal(v, column.Scale).ToDecimal()), await NetAsync(path));
        }

        // DuckDB has no dates and no moments near the ends of the integers.
        using var duck = Open();
        if (column.IsExactNumber)
        {
            var sum = expected.Aggregate((Int128)0, (total, value) => total + value);
            Assert.Equal(new ExactDecimal(sum, column.Scale).ToString(), Scalar(duck, $"select coalesce(sum(value), 0)::decimal(38,{column.Scale})::varchar from '{path}'"));
            Assert.Equal(expected.Distinct().Count().ToString(CultureInfo.InvariantCulture), Scalar(duck, $"select count(distinct value) from '{path}'"));
        }

        static async Task<decimal[]> NetAsync(string path)
        {
            using var file = File.OpenRead(path);
            await using var reader = await global::Parquet.ParquetReader.CreateAsync(file, cancellationToken: TestContext.Current.CancellationToken);
            using var group = reader.OpenRowGroupReader(0);
            var field = reader.Schema.DataFields[0];
            return field.ClrType == typeof(long) ? Array.ConvertAll(await NetValuesAsync<long>(group, field), v => (decimal)v)
                : field.ClrType == typeof(int) ? Array.ConvertAll(await NetValuesAsync<int>(group, field), v => (decimal)v)
                : await NetValuesAsync<decimal>(group, field);
        }

        static async Task<T[]> NetValuesAsync<T>(global::Parquet.ParquetRowGroupReader group, global::Parquet.Schema.DataField field)
            where T : struct
        {
            var values = new T?[group.RowCount];
            await group.ReadAsync<T>(field, values.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
            return [.. values.Where(v => v is not null).Select(v => v!.Value)];
        }

        static List<long> Physical(ParquetSharp.ColumnReader chunk)
        {
            var found = new List<long>();
            var levels = new short[700];
            while (chunk.HasNext)
            {
                if (chunk is ParquetSharp.ColumnReader<int> ints)
                    found.AddRange(Read(ints).Select(v => (long)v));
                else
                    found.AddRange(Read((ParquetSharp.ColumnReader<long>)chunk));
            }

            return found;

            T[] Read<T>(ParquetSharp.ColumnReader<T> reader)
                where T : unmanaged
            {
                var values = new T[levels.Length];
                reader.ReadBatch(levels.Length, levels, null, values, out var count);
                return values[..(int)count];
            }
        }
    }

    static void AssertSum(RecordBatch batch, DuckDBConnection duck, string path, string column)
    {
        var sum = Enumerable.Range(0, batch.Count).Select(r => batch[column].GetValue(r)).Sum(v => System.Convert.ToDecimal(v ?? 0, CultureInfo.InvariantCulture));
        Assert.Equal(sum, decimal.Parse(Scalar(duck, $"select sum({column})::varchar from '{path}'"), CultureInfo.InvariantCulture));
    }

    static string Max(RecordBatch batch, string column)
    {
        var best = 0;
        for (var row = 1; row < batch.Count; row++)
        {
            if (batch[column].Compare(row, batch[column], best) > 0)
                best = row;
        }

        return batch[column].GetText(best)!;
    }

    static string Longest(RecordBatch batch, string column) =>
        Enumerable.Range(0, batch.Count).Max(r => ((BytesColumn)batch[column])[r].Length).ToString(CultureInfo.InvariantCulture);

    static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }

    static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static string Scalar(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return System.Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }
}
