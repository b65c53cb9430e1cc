namespace DataIngestion.Tabular.Tests;

public sealed class NestedColumnTests
{
    [Theory]
    [InlineData("list<string>"), InlineData("list<int64 not null>"), InlineData("struct<bid:decimal(18,4),ask:decimal(18,4) not null>"), InlineData("uint64")]
    [InlineData("float"), InlineData("duration(ns)"), InlineData("struct<\"a b\":int8,\"say \"\"x\"\"\":list<struct<n:timestamp(us,utc)>>>")]
    public void Types_are_read_as_they_are_written(string text) => Assert.Equal(text, DataType.Parse(text).ToString());

    [Theory]
    [InlineData("list"), InlineData("list<>"), InlineData("list<int64"), InlineData("struct<>"), InlineData("struct<a>"), InlineData("struct<a:int8,a:int8>")]
    [InlineData("list<int64>>"), InlineData("struct<\"a:int8>"), InlineData("list<int64 not>"), InlineData("time(us,utc)"), InlineData("decimal(5)"), InlineData("")]
    public void What_is_no_type_is_refused(string text) =>
        Assert.Contains("is not a column type", Assert.Throws<FormatException>(() => DataType.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var text = string.Concat(Enumerable.Repeat("list<", 100_000)) + "int8";

        Assert.Throws<FormatException>(() => DataType.Parse(text));
    }

    [Theory]
    [InlineData("uint64", "int64", "decimal(20,0)"), InlineData("uint64", "decimal(5,2)", "decimal(22,2)"), InlineData("float", "double", "double"), InlineData("float", "int16", "float")]
    [InlineData("float", "int32", "double"), InlineData("uint64", "double", null), InlineData("duration(ms)", "duration(us)", "duration(us)"), InlineData("duration(ms)", "time(ms)", null)]
    [InlineData("list<int32 not null>", "list<int64>", "list<int64>"), InlineData("list<int32>", "list<string>", null), InlineData("list<int32>", "int32", null)]
    [InlineData("struct<a:int8 not null,b:string not null>", "struct<a:int32 not null>", "struct<a:int32 not null,b:string>")]
    public void Widening_of_the_newer_types_is_exact_or_nothing(string left, string right, string? expected)
    {
        var type = expected is null ? null : DataType.Parse(expected);
        Assert.Equal(type, DataType.Widen(DataType.Parse(left), DataType.Parse(right)));
        Assert.Equal(type, DataType.Widen(DataType.Parse(right), DataType.Parse(left)));
    }

    [Fact]
    public void Equal_nested_types_are_equal_and_hash_the_same()
    {
        var (left, right) = (DataType.Parse("struct<a:list<int8>>"), DataType.Parse("struct<a:list<int8>>"));

        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, DataType.Parse("struct<a:list<int8 not null>>"));
    }

    [Fact]
    public void Nested_cells_are_values_and_text()
    {
        var type = DataType.Parse("struct<id:uint64,prices:list<decimal(9,2)>,day:date,\"no\\te\":string>");
        var builder = new RecordBatchBuilder(new([new("x", type)]));
        builder.AppendRow(new Dictionary<string, object?> { ["id"] = ulong.MaxValue, ["prices"] = new object?[] { 1.5m, null }, ["day"] = new DateOnly(2024, 2, 29), ["no\\te"] = "a\"b" });
        builder.AppendRow([null]);
        using var batch = builder.Detach();

        Assert.Equal("""{"id":18446744073709551615,"prices":[1.50,null],"day":"2024-02-29","no\\te":"a\"b"}""", batch["x"].GetText(0));
        Assert.Equal(new object?[] { ulong.MaxValue, new object?[] { 1.5m, null }, new DateOnly(2024, 2, 29), "a\"b" }, batch["x"].GetValue(0));
        Assert.Null(batch["x"].GetValue(1));
        Assert.Null(((StructColumn)batch["x"])["prices"].GetValue(1));
    }

    [Fact]
    public void A_copied_batch_has_the_same_values_hashes_and_order()
    {
        using var batch = SampleRows.Batch(SampleRows.NestedSchema, 200, seed: 21, nulls: 0.2, distinct: 0);
        var builder = new RecordBatchBuilder(batch.Schema);
        for (var row = 0; row < batch.Count; row++)
            builder.AppendFrom(batch, row);
        using var copy = builder.Detach();

        for (var row = 0; row < batch.Count; row++)
        {
            for (var c = 0; c < batch.Columns.Count; c++)
            {
                Assert.Equal(batch.Columns[c].GetValue(row), copy.Columns[c].GetValue(row));
                Assert.Equal(batch.Columns[c].Hash(row), copy.Columns[c].Hash(row));
                Assert.True(batch.Columns[c].ValueEquals(row, copy.Columns[c], row));
            }
        }
    }

    [Fact]
    public void A_dropped_row_leaves_no_trace_in_nested_columns()
    {
        var builder = new RecordBatchBuilder(SampleRows.NestedSchema);
        object?[] row = [new[] { "a" }, new object?[] { 1m, 2m }, new object?[] { new object?[] { 1UL, new[] { 1f } } }, null, 1L];
        builder.AppendRow(row);
        ((BytesBuilder)((ListBuilder)builder[0]).Elements).Append("lost");
        ((StructBuilder)builder[1])[0].AppendNull();
        builder.DropRow();
        builder.AppendRow(row);
        using var batch = builder.Detach();

        Assert.Equal(batch.GetRow(0), batch.GetRow(1));
        Assert.Equal(2, ((ListColumn)batch["words"]).Elements.Count);
    }

    [Fact]
    public void A_value_that_does_not_fit_adds_nothing()
    {
        var builder = new RecordBatchBuilder(new([new("x", DataType.Parse("list<struct<a:int8>>"))]));
        Assert.Throws<ArgumentException>(() => builder.AppendRow([new object?[] { new object?[] { 1 }, new object?[] { 1000 } }]));
        builder.AppendRow([new object?[] { new object?[] { 7 } }]);
        using var batch = builder.Detach();

        Assert.Equal("""[{"a":7}]""", batch["x"].GetText(0));
    }

    [Theory]
    [InlineData(0, "PT0S"), InlineData(86_400_000, "P1D"), InlineData(93_784_500, "P1DT2H3M4.5S"), InlineData(-1, "-PT0.001S"), InlineData(60_000, "PT1M")]
    [InlineData(long.MinValue, "-P106751991167DT7H12M55.808S")]
    public void Durations_are_written_as_ISO_8601(long milliseconds, string text) =>
        Assert.Equal(text, new DurationValue(milliseconds, TimeUnit.Milliseconds).ToString());

    [Fact]
    public void Floating_numbers_compare_whatever_their_width()
    {
        using var single = One(DataType.Float, 0.5f);
        using var wide = One(DataType.Double, 0.5);

        Assert.Equal(0, single.Columns[0].Compare(0, wide.Columns[0], 0));
        Assert.Equal(single.Columns[0].Hash(0), wide.Columns[0].Hash(0));
    }

    static RecordBatch One(DataType type, object value)
    {
        var builder = new RecordBatchBuilder(new([new("x", type)]));
        builder.AppendRow(value);
        return builder.Detach();
    }
}
