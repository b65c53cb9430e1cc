using System.Text.Json;

namespace DataIngestion.Tabular.Tests;

public sealed class DataSchemaTests
{
    [Fact]
    public void A_schema_survives_json_and_hashes_the_same()
    {
        var schema = SampleRows.Schema(nullable: true);
        var again = DataSchema.FromJson(schema.ToJson());

        Assert.Equal(schema, again);
        Assert.Equal(schema.Hash(), again.Hash());
        Assert.NotEqual(schema.Hash(), SampleRows.Schema(nullable: false).Hash());
        Assert.Equal("""{"columns":[{"name":"price","type":"decimal(18,4)","nullable":false}]}""", new DataSchema([new("price", DataType.Decimal(18, 4), false)]).ToJson());
    }

    [Theory]
    [InlineData("""{"columns":[{"name":"a","type":"decimal(39,1)","nullable":true}]}"""), InlineData("{}"), InlineData("""{"columns":[{"name":"a"}]}"""), InlineData("null"), InlineData("""{"columns":[{"name":"","type":"int8"}]}""")]
    [InlineData("""{"columns":[{"name":"a","type":"int8"},{"name":"a","type":"int8"}]}""")]
    public void What_is_no_schema_is_refused(string json) => Assert.Throws<JsonException>(() => DataSchema.FromJson(json));

    [Theory]
    [InlineData("int32", "int64", "int64"), InlineData("int64", "decimal(5,2)", "decimal(21,2)"), InlineData("decimal(10,2)", "decimal(12,4)", "decimal(12,4)")]
    [InlineData("decimal(38,0)", "decimal(5,2)", null), InlineData("decimal(5,2)", "double", null), InlineData("int32", "double", "double"), InlineData("int64", "double", null)]
    [InlineData("timestamp(ms,utc)", "timestamp(ns,utc)", "timestamp(ns,utc)"), InlineData("timestamp(ms,utc)", "timestamp(ms)", null), InlineData("date", "string", null)]
    public void Widening_is_exact_or_nothing(string left, string right, string? expected)
    {
        var type = expected is null ? null : DataType.Parse(expected);
        Assert.Equal(type, DataType.Widen(DataType.Parse(left), DataType.Parse(right)));
        Assert.Equal(type, DataType.Widen(DataType.Parse(right), DataType.Parse(left)));
    }

    [Fact]
    public void A_dropped_row_leaves_no_trace()
    {
        var builder = new RecordBatchBuilder(new([new("a", DataType.Int64), new("b", DataType.String)]));
        builder.AppendRow(1L, "x");
        builder[0].AppendNull();
        builder.DropRow();
        builder.AppendRow(2L, null);
        using var batch = builder.Detach();

        Assert.Equal(2, batch.Count);
        Assert.Equal(0, batch.Columns[0].NullCount);
        Assert.Equal([2L, null], batch.GetRow(1));
    }

    [Theory]
    [InlineData("0.00001234567890123456789012345678901234", 38)]
    public void Exact_decimals_keep_every_digit(string text, int scale)
    {
        var value = new ExactDecimal(Int128.Parse(text[2..]), scale);
        Assert.Equal(text, value.ToString());
        Assert.Equal(value, value.Normalize());
    }
}
