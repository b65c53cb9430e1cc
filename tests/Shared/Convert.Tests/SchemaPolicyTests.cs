using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests;

public sealed class SchemaPolicyTests
{
    const string Csv = "day,price,extra\n12/31/2024,1.25,x\n01/02/2025,oops,y\n01/03/2025,2.5,z\n";
    static readonly DataSchema Expected = new([new("day", DataType.Date), new("price", DataType.Decimal(10, 2)), new("volume", DataType.Int64)]);

    static ConversionRequest With(SchemaPolicy policy) => new() { Schema = Expected, Policy = policy, Name = "x.csv" };

    [Fact]
    public async Task Evolve_widens_and_adds_so_that_nothing_is_lost()
    {
        var converted = await Conversions.RunAsync(Csv, With(SchemaPolicy.Evolve));

        Assert.Equal(["day date", "price string", "volume int64", "extra string"], converted.Schema.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal([new DateOnly(2025, 1, 2), "oops", null, "y"], converted.Rows[1]);
    }

    [Fact]
    public async Task Evolve_keeps_the_expected_type_where_every_value_fits()
    {
        var converted = await Conversions.RunAsync("day,price,volume\n2024-12-31,1.2,5\n2025-01-02,3,7\n", With(SchemaPolicy.Evolve));
        Assert.Equal(Expected, converted.Schema);
        Assert.Equal(1.20m, converted[0, "price"]);
    }

    [Fact]
    public async Task Evolve_widens_a_decimal_that_got_more_digits()
    {
        var converted = await Conversions.RunAsync("day,price\n2024-12-31,123456789.255\n2025-01-02,3\n", With(SchemaPolicy.Evolve));
        Assert.StartsWith("decimal", converted.TypeOf("price"), StringComparison.Ordinal);
        Assert.Equal(123456789.255m, converted[0, "price"]);
        Assert.Empty(converted.Rejected);
    }

    [Fact]
    public async Task Freeze_refuses_what_differs()
    {
        var extra = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(Csv, With(SchemaPolicy.Freeze)));
        Assert.Contains("'extra'", extra.Message, StringComparison.Ordinal);

        var missing = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("day,price\n2024-12-31,1\n", With(SchemaPolicy.Freeze)));
        Assert.Contains("'volume'", missing.Message, StringComparison.Ordinal);

        var value = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("day,price,volume\n2024-12-31,x,1\n", With(SchemaPolicy.Freeze)));
        Assert.Equal(2, value.Line);
        Assert.Contains("decimal(10,2)", value.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discard_row_rejects_rows_that_do_not_fit_and_reports_columns_left_out()
    {
        var converted = await Conversions.RunAsync(Csv, With(SchemaPolicy.DiscardRow));

        Assert.Equal(Expected, converted.Schema);
        Assert.Equal(2, converted.Rows.Count);
        var bad = Assert.Single(converted.Rejected);
        Assert.Equal((2L, 3L, "price", "type", "decimal(10,2)", "01/02/2025,oops,y"), (bad.Row, bad.Line, bad.Column, bad.Rule, bad.Expected, bad.Raw));
        Assert.Contains(converted.Result.Notes, n => n.Contains("'extra'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Discard_value_keeps_the_row_and_reports_the_value()
    {
        var converted = await Conversions.RunAsync(Csv, With(SchemaPolicy.DiscardValue));

        Assert.Equal(3, converted.Rows.Count);
        Assert.Null(converted[1, "price"]);
        Assert.True(Assert.Single(converted.Rejected).IsValueOnly);
        Assert.Equal(1, converted.Result.ValuesDiscarded);
    }

    [Fact]
    public async Task A_missing_value_of_a_required_column_rejects_the_row()
    {
        var schema = new DataSchema([new("a", DataType.Int64, Nullable: false), new("b", DataType.String)]);
        var converted = await Conversions.RunAsync("a,b\n1,x\n,y\n", new() { Schema = schema, Policy = SchemaPolicy.DiscardRow, Name = "x.csv" });

        Assert.Equal("not-null", Assert.Single(converted.Rejected).Rule);
        Assert.Equal([[1L, "x"]], converted.Rows);
    }
}
