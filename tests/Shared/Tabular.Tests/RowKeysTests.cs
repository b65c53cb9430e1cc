using System.Buffers;
using CsCheck;

namespace DataIngestion.Tabular.Tests;

public sealed class RowKeysTests
{
    [Theory]
    [InlineData(false), InlineData(true)]
    public void Encoded_keys_and_hashes_agree_with_comparison(bool nested)
    {
        var schema = nested ? new(SampleRows.NestedSchema.Where(c => c.Name != "legs")) : SampleRows.Schema(nullable: true);
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 12]).Sample(
            (seed, distinct) =>
            {
                using var batch = SampleRows.Batch(schema, 12, seed, nulls: 0.2, distinct);
                for (var column = 0; column < schema.Count; column++)
                {
                    var keys = new RowKeys(column);
                    for (var a = 0; a < batch.Count; a++)
                    {
                        for (var b = 0; b < batch.Count; b++)
                        {
                            var order = Math.Sign(keys.Compare(batch, a, batch, b));
                            var encoded = Math.Sign(Encode(keys, batch, a).AsSpan().SequenceCompareTo(Encode(keys, batch, b)));
                            if (batch.Columns[column].GetValue(a) is not (double.NaN or float.NaN) && batch.Columns[column].GetValue(b) is not (double.NaN or float.NaN))
                                Assert.Equal(order, encoded);
                            if (order == 0)
                                Assert.Equal(keys.Hash(batch, a), keys.Hash(batch, b));
                        }
                    }
                }
            },
            iter: 100,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    [Fact]
    public void Numbers_are_equal_whatever_their_scale_and_type()
    {
        var left = One(DataType.Decimal(10, 4), 1.5m);
        var right = One(DataType.Decimal(30, 1), 1.5m);
        var keys = new RowKeys(0);

        Assert.Equal(0, keys.Compare(left, 0, right, 0));
        Assert.Equal(keys.Hash(left, 0), keys.Hash(right, 0));
        Assert.Equal(Encode(keys, left, 0), Encode(keys, right, 0));
        Assert.Equal(0, keys.Compare(One(DataType.Int16, 7), 0, One(DataType.Decimal(5, 2), 7m), 0));
        Assert.True(keys.Compare(One(DataType.Int64, -7L), 0, One(DataType.Decimal(5, 2), -6.99m), 0) < 0);
        Assert.Throws<ArgumentException>(() => keys.Compare(left, 0, One(DataType.String, "1.5"), 0));
    }

    static RecordBatch One(DataType type, object value)
    {
        var builder = new RecordBatchBuilder(new([new("x", type)]));
        builder.AppendRow(value);
        return builder.Detach();
    }

    static byte[] Encode(RowKeys keys, RecordBatch batch, int row)
    {
        var output = new ArrayBufferWriter<byte>();
        keys.Encode(batch, row, output);
        return output.WrittenSpan.ToArray();
    }
}
