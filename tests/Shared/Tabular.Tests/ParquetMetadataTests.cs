using System.Buffers.Binary;
using System.Text;
using DataIngestion.Tabular.Parquet;

namespace DataIngestion.Tabular.Tests;

public sealed class ParquetMetadataTests
{
    static readonly ParquetWriteOptions Small = new() { RowGroupRows = 700, PageRows = 90, PageBytes = 600, DictionaryBytes = 300 };

    [Theory]
    [InlineData(0), InlineData(7)]
    public async Task The_page_index_finds_every_page_and_bounds_its_values(int distinct)
    {
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: true), 1500, seed: 21, nulls: 0.3, distinct);
        var file = await ParquetRoundTripTests.Write(batch, Small, 1500);

        var groups = PageIndex.Read(file);

        Assert.Equal(3, groups.Length);
        for (var g = 0; g < groups.Length; g++)
        {
            for (var c = 0; c < batch.Schema.Count; c++)
                AssertTrue(groups[g][c], batch.Columns[c], file, g * 700, Math.Min(700, 1500 - g * 700));
        }
    }

    static void AssertTrue(PageIndex index, ColumnVector column, ReadOnlySpan<byte> file, int firstRow, int rows)
    {
        // A page of nothing but NaN has no bounds, and then its chunk has none.
        Assert.True(index.Nulls.Length > 0 || column.Type.IsFloating, $"{column.Type} has no index of bounds");
        for (var i = 0; i < index.Pages.Length; i++)
        {
            var (offset, bytes, first) = index.Pages[i];
            var end = i + 1 < index.Pages.Length ? index.Pages[i + 1].FirstRow : rows;
            var header = PageHeader.Read(file[(int)offset..], out var length);
            Assert.Equal((end - first, bytes), (header.Values, length + header.CompressedSize));
            var present = Enumerable.Range(firstRow + (int)first, header.Values).Where(r => !column.IsNull(r)).ToArray();
            if (index.Nulls.Length == 0)
                continue;
            Assert.Equal((header.Values - present.Length, present.Length == 0), (index.Nulls[i], index.IsNull[i]));
            foreach (var row in present)
                Assert.True(Lies(column, row, index.Min[i], index.Max[i]), $"{column.Type} {column.GetText(row)} lies outside its page's bounds");
        }
    }

    static bool Lies(ColumnVector column, int row, byte[] min, byte[] max) => column switch
    {
        BytesColumn bytes => bytes[row].SequenceCompareTo(min) >= 0 && bytes[row].SequenceCompareTo(max) <= 0,
        FixedColumn<Int128> wide => wide.Values[row] >= BinaryPrimitives.ReadInt128BigEndian(min) && wide.Values[row] <= BinaryPrimitives.ReadInt128BigEndian(max),
        FixedColumn<double> doubles => Between(doubles.Values[row], BitConverter.ToDouble(min), BitConverter.ToDouble(max)),
        FixedColumn<float> floats => Between(floats.Values[row], BitConverter.ToSingle(min), BitConverter.ToSingle(max)),
        FixedColumn<ulong> unsigned => unsigned.Values[row] >= BitConverter.ToUInt64(min) && unsigned.Values[row] <= BitConverter.ToUInt64(max),
        FixedColumn<bool> flags => (flags.Values[row] ? 1 : 0) >= min[0] && (flags.Values[row] ? 1 : 0) <= max[0],
        _ => StoredOf(column, row) >= Number(min) && StoredOf(column, row) <= Number(max),
    };

    static bool Between(double value, double min, double max) => double.IsNaN(value) || (value >= min && value <= max);

    static long Number(byte[] bytes) => bytes.Length == 4 ? BitConverter.ToInt32(bytes) : BitConverter.ToInt64(bytes);

    static long StoredOf(ColumnVector column, int row) => column switch
    {
        FixedColumn<sbyte> c => c.Values[row],
        FixedColumn<short> c => c.Values[row],
        _ => Series.Stored(column, row),
    };

    [Theory]
    [InlineData("ascending", PageOrder.Ascending), InlineData("descending", PageOrder.Descending), InlineData("any value", PageOrder.Unordered)]
    public async Task The_order_of_pages_is_said(string series, object order)
    {
        using var batch = Series.Batch(DataType.Int64, Series.Of(series, DataType.Int64), nullEvery: 0);

        var index = PageIndex.Read(await ParquetRoundTripTests.Write(batch, new() { PageRows = 500 }, 5000))[0][0];

        Assert.Equal((PageOrder)order, (PageOrder)index.Order);
        Assert.Equal(10, index.Pages.Length);
    }

    [Theory]
    [InlineData('a'), InlineData('\u00ff'), InlineData('\ud7ff'), InlineData('\uffff')]
    public async Task Long_text_has_short_bounds_that_are_text(char letter)
    {
        var texts = new[] { new string(letter, 100), new string(letter, 100) + "b", "A" };
        var index = PageIndex.Read(await ParquetRoundTripTests.Write(Texts(texts), new(), 3))[0][0];

        Assert.Equal("A", Encoding.UTF8.GetString(index.Min[0]));
        Assert.InRange(index.Max[0].Length, 1, 64);
        Assert.All(texts, t => Assert.True(Encoding.UTF8.GetBytes(t).AsSpan().SequenceCompareTo(index.Max[0]) < 0));
        Assert.Equal(index.Max[0], Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(index.Max[0])));
    }

    [Fact]
    public async Task A_row_group_says_that_it_is_sorted_only_when_it_is()
    {
        using var sorted = Series.Batch(DataType.Int64, Series.Of("ascending", DataType.Int64), nullEvery: 0);
        using var other = Series.Batch(DataType.Int64, [.. Enumerable.Range(0, 2000).Select(i => i == 1500 ? 0L : i)], nullEvery: 0);

        Assert.Equal("true, true, true, true, true", await SortedAsync(sorted, rowsAtOnce: 5000));
        Assert.Equal("true, true, true, true, true", await SortedAsync(sorted, rowsAtOnce: 333));
        Assert.Equal("true, false", await SortedAsync(other, rowsAtOnce: 2000));
        Assert.Equal("true, false", await SortedAsync(other, rowsAtOnce: 1500));
    }

    [Fact]
    public async Task A_declared_order_is_verified()
    {
        var schema = new DataSchema([new("time", DataType.Int64), new("symbol", DataType.String)]);
        var builder = new RecordBatchBuilder(schema);
        for (var row = 0; row < 3000; row++)
        {
            builder[0].AppendValue((long)(row % 1000));
            builder[1].AppendValue("S" + row / 1000);
            builder.EndRow();
        }

        using var batch = builder.Detach();
        var options = new ParquetWriteOptions { RowGroupRows = 1500, PageRows = 500, SortedBy = ["symbol", "time"] };

        Assert.Equal([(1, false, true), (0, false, true)], Orders(await ParquetRoundTripTests.Write(batch, options, 100))[1]);
        Assert.Empty(Orders(await ParquetRoundTripTests.Write(batch, options with { SortedBy = ["time", "symbol"] }, 100))[1]);
        var wrong = Assert.Throws<ArgumentException>(() => ParquetBatchWriter.Create(Stream.Null, schema, options with { SortedBy = ["place"] }));
        Assert.Contains("'place'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_of_a_chunk_are_exact()
    {
        using var batch = SampleRows.Batch(SampleRows.Schema(nullable: true), 900, seed: 4, nulls: 0.2, distinct: 9);
        using var file = new MemoryStream(await ParquetRoundTripTests.Write(batch, new() { PageRows = 100 }, 900));
        using var reader = new ParquetSharp.ParquetFileReader(file);
        using var group = reader.RowGroup(0);
        for (var c = 0; c < batch.Schema.Count; c++)
        {
            using var chunk = group.MetaData.GetColumnChunkMetaData(c);
            Assert.Equal(batch.Columns[c].NullCount, chunk.Statistics!.NullCount);
            if (!chunk.Encodings.Contains(ParquetSharp.Encoding.RleDictionary) || batch.Columns[c].Type.IsFloating)
                continue;
            var values = Enumerable.Range(0, 900).Where(r => !batch.Columns[c].IsNull(r)).Select(r => batch.Columns[c].GetText(r)).Distinct(StringComparer.Ordinal).Count();
            Assert.Equal(values, chunk.Statistics.DistinctCount);
        }

        Assert.StartsWith("data-ingestion version ", reader.FileMetaData.CreatedBy, StringComparison.Ordinal);
    }

    static async Task<string> SortedAsync(RecordBatch batch, int rowsAtOnce) => string.Join(
        ", ", Orders(await ParquetRoundTripTests.Write(batch, new() { RowGroupRows = 1000, PageRows = 400 }, rowsAtOnce)).Select(o => o.Length > 0 ? "true" : "false"));

    /// <summary>The sorting columns of each row group.</summary>
    static (int Column, bool Descending, bool NullsFirst)[][] Orders(byte[] file)
    {
        var length = BitConverter.ToInt32(file.AsSpan()[^8..]);
        var thrift = new ThriftReader(file.AsSpan()[^(8 + length)..^8]);
        var groups = new List<(int, bool, bool)[]>();
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            if (id != 4)
            {
                thrift.Skip(type);
                continue;
            }

            for (var left = thrift.List(out _); left > 0; left--)
                groups.Add(OrderOf(ref thrift));
        }

        return [.. groups];
    }

    static (int Column, bool Descending, bool NullsFirst)[] OrderOf(ref ThriftReader thrift)
    {
        (int, bool, bool)[] order = [];
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            if (id != 4)
            {
                thrift.Skip(type);
                continue;
            }

            order = new (int, bool, bool)[thrift.List(out _)];
            for (var i = 0; i < order.Length; i++)
            {
                var (column, flags) = (0, new bool[4]);
                short field = 0;
                while (thrift.Field(ref field, out var kind))
                {
                    if (field == 1)
                        column = thrift.Int32();
                    else
                        flags[field] = kind == ThriftType.True;
                }

                order[i] = (column, flags[2], flags[3]);
            }
        }

        return order;
    }

    static RecordBatch Texts(string[] texts)
    {
        var builder = new RecordBatchBuilder(new([new("text", DataType.String, false)]));
        foreach (var text in texts)
        {
            builder[0].AppendValue(text);
            builder.EndRow();
        }

        return builder.Detach();
    }
}
