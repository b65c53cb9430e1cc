using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Reshaping;

public sealed class RecordShapingTests
{
    static readonly DataSchema Rates = new([new("date", DataType.Date, Nullable: false), new("series", DataType.String, Nullable: false), new("value", DataType.Decimal(18, 4))]);

    [Fact]
    public async Task What_stands_before_a_table_is_repeated_in_each_row()
    {
        var converted = await Conversions.RunAsync(
            "05.04.2016 #65\ncountry|code|rate\nUSA|USD|23,752\nEMU|EUR|27,035\n",
            new()
            {
                Hint = new() { Format = "csv", Delimiter = "|", SkipLines = 1, Header = true },
                Schema = Rates,
                Mapping = [new("date", "day", Format: "dd.MM.yyyy"), new("series", "code"), new("value", "rate", Format: "1.234,56")],
                Policy = SchemaPolicy.DiscardRow,
                Shaping = new() { Preamble = new(@"^(?<day>\d\d\.\d\d\.\d{4}) #(?<number>\d+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) },
            });

        Assert.Empty(converted.Rejected);
        Assert.Equal([new DateOnly(2016, 4, 5), new DateOnly(2016, 4, 5)], converted.Rows.Select(r => r[0]));
        Assert.Equal(["USD", "EUR"], converted.Rows.Select(r => r[1]));
        Assert.Equal("27.0350", converted[1, "value"]?.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task Columns_become_rows_where_they_have_a_value(int chunk)
    {
        var converted = await Conversions.RunAsync(
            "Day,GDP,CPI,\"House, \"\"new\"\"\"\n2024-01-01,1.5,,7\n2024-02-01,,2.25,\n2024-03-01,,,\n",
            new()
            {
                Hint = new() { Format = "csv", Header = true },
                Schema = Rates,
                Mapping = [new("date", "Day"), new("series", "name"), new("value", "value")],
                Policy = SchemaPolicy.DiscardRow,
                Lineage = new("s", "r", DateTimeOffset.UnixEpoch),
                Shaping = new() { Unpivot = new(["Day"], "name", "value") },
            },
            chunk);

        Assert.Empty(converted.Rejected);
        Assert.Equal(["GDP 1.5000 1", "House, \"new\" 7.0000 1", "CPI 2.2500 2"], converted.Rows.Select((r, i) => $"{r[1]} {r[2]} {converted[i, "_row"]}"));
    }

    [Fact]
    public async Task Fields_are_put_together_and_stand_in_for_each_other()
    {
        var schema = new DataSchema([new("period", DataType.String, Nullable: false), new("start", DataType.Date, Nullable: false), new("units", DataType.Int64)]);
        var converted = await Conversions.RunAsync(
            """[{"year":2024,"month":"M01","end":"2024-01-31"},{"year":2024,"month":"M13","start":"2024-01-01","end":"2024-12-31","units":100},{"year":2025,"end":"2025-01-31"}]""",
            new()
            {
                Schema = schema,
                Mapping = [new("period", "=period"), new("start", "=start"), new("units", "=units")],
                Policy = SchemaPolicy.DiscardRow,
                Shaping = new()
                {
                    Composed =
                    [
                        new("=period", [ComposedText.Parse("{year}-{month}")]),
                        new("=start", [ComposedText.Field("start"), ComposedText.Field("end")]),
                        new("=units", [ComposedText.Field("units"), ComposedText.Constant("1")]),
                    ],
                },
            });

        Assert.Equal(["2024-M01", "2024-M13"], converted.Rows.Select(r => r[0]));
        Assert.Equal([new DateOnly(2024, 1, 31), new DateOnly(2024, 1, 1)], converted.Rows.Select(r => r[1]));
        Assert.Equal([1L, 100L], converted.Rows.Select(r => r[2]));
        Assert.Equal(("period", "not-null"), (Assert.Single(converted.Rejected).Column, converted.Rejected[0].Rule));
    }

    [Fact]
    public async Task A_part_of_a_field_is_taken_out_and_what_does_not_fit_is_no_value()
    {
        var converted = await Conversions.RunAsync(
            "path,n\nedgar/data/1/0001-20-06.txt,1\nelsewhere,2\n",
            new()
            {
                Hint = new() { Format = "csv", Delimiter = ",", Header = true },
                Schema = new([new("filing", DataType.String), new("n", DataType.Int64)]),
                Mapping = [new("filing", "=filing"), new("n", "n")],
                Policy = SchemaPolicy.DiscardRow,
                Shaping = new() { Composed = [new("=filing", [ComposedText.Field("path")]) { Part = value => Contracts.FileNamePattern.Find("edgar/data/*/{value}.txt", value) }] },
            });

        Assert.Equal(["0001-20-06", null], converted.Rows.Select(r => r[0]));
    }

    [Fact]
    public void A_template_takes_what_is_known_as_text()
    {
        var text = ComposedText.Parse("{flow}/{key}!", new Dictionary<string, string> { ["flow"] = "EXR" });

        Assert.Equal([("EXR", false), ("/", false), ("key", true), ("!", false)], text.Parts);
    }

    [Fact]
    public async Task A_table_without_rows_has_its_columns()
    {
        var converted = await Conversions.RunAsync(
            "Day,GDP\n",
            new()
            {
                Hint = new() { Format = "csv", Header = true },
                Schema = Rates,
                Mapping = [new("date", "Day"), new("series", "name"), new("value", "value")],
                Policy = SchemaPolicy.DiscardRow,
                Shaping = new() { Unpivot = new(["Day"], "name", "value") },
            });

        Assert.Empty(converted.Rows);
    }

    [Fact]
    public async Task Typed_columns_are_refused_in_words()
    {
        var parquet = await Conversions.RunAsync("a,b\n1,2\n");

        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(parquet.Bytes, new() { Shaping = new() { Unpivot = new(["a"], "n", "v") } }));

        Assert.StartsWith("parquet holds typed columns", refused.Message, StringComparison.Ordinal);
    }
}
