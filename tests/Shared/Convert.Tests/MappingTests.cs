using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests;

public sealed class MappingTests
{
    static readonly DataSchema Bars = new(
    [
        new("date", DataType.Date, Nullable: false),
        new("symbol", DataType.String, Nullable: false),
        new("low", DataType.Decimal(18, 4)),
        new("high", DataType.Decimal(18, 4)),
        new("venue", DataType.String),
    ]);

    static readonly MappedColumn[] Mapping =
    [
        new("date", "Day", Format: "MM/dd/yyyy"), new("symbol", "Ticker"), new("low", "L"), new("high", "H"), new("venue", null, Constant: "XNYS"),
    ];

    static ConversionRequest Request => new() { Schema = Bars, Mapping = Mapping, Policy = SchemaPolicy.DiscardRow };

    [Fact]
    public async Task Columns_are_renamed_filled_with_constants_and_read_by_their_pattern()
    {
        var converted = await Conversions.RunAsync("Ticker,Day,H,L,Note\nIBM,03/04/2026,2,1.50,x\n", Request);

        Assert.Equal(["date", "symbol", "low", "high", "venue"], converted.Schema.Select(c => c.Name));
        Assert.Equal((new DateOnly(2026, 3, 4), "IBM", "XNYS"), (converted[0, "date"], converted[0, "symbol"], converted[0, "venue"]));
        Assert.Contains(converted.Result.Notes, n => n == "column 'Note' is not mapped and was left out");
    }

    [Fact]
    public async Task One_field_may_fill_two_columns()
    {
        var converted = await Conversions.RunAsync(
            "Ticker,Day,P\nIBM,03/04/2026,2\n", Request with { Mapping = [Mapping[0], Mapping[1], new("low", "P"), new("high", "P")] });

        Assert.Equal(converted[0, "low"], converted[0, "high"]);
        Assert.Null(converted[0, "venue"]);
    }

    [Theory]
    [InlineData("IBM,2026-03-04,2,1", "date", "type")]
    [InlineData(",03/04/2026,2,1", "symbol", "not-null")]
    [InlineData("IBM,03/04/2026,two,1", "high", "type")]
    public async Task What_does_not_fit_is_rejected_with_its_column_and_text(string record, string column, string rule)
    {
        var converted = await Conversions.RunAsync($"Ticker,Day,H,L\nGE,03/04/2026,2,1\n{record}\n", Request with { Hint = new() { Format = "csv", Header = true } });

        var rejected = Assert.Single(converted.Rejected);
        Assert.Equal((2L, 3L, column, rule, record), (rejected.Row, rejected.Line, rejected.Column, rejected.Rule, rejected.Raw));
    }

    [Fact]
    public async Task A_field_that_must_be_there_and_is_not_ends_the_conversion()
    {
        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("Symbol,Day\nIBM,03/04/2026\n", Request));

        Assert.Equal("Column 'symbol' must have values and comes from 'Ticker', which the input lacks; it has Symbol, Day.", refused.Message);
    }

    [Theory]
    [InlineData("symbol", "yyyy", "only dates, timestamps, numbers, booleans and binary can have one")]
    [InlineData("date", "%", "is not a pattern of dates")]
    public async Task A_pattern_that_cannot_be_is_refused_in_words(string column, string pattern, string expected)
    {
        var mapping = Mapping.Select(m => m.Name == column ? m with { Format = pattern } : m).ToList();

        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("Ticker,Day,H,L\nIBM,x,2,1\n", Request with { Mapping = mapping }));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_breaks_a_rule_is_rejected_as_it_was_written_between_those_that_do_not_parse()
    {
        var converted = await Conversions.RunAsync(
            "Ticker,Day,H,L\nA,03/04/2026,2,1\nB,03/04/2026,1,2\nC,bad,2,1\nD,03/04/2026,1,9\nE,03/04/2026,3,3\n",
            Request with { Checks = [new LowAboveHigh()] });

        Assert.Equal(["A", "E"], converted.Rows.Select(r => r[1]));
        Assert.Equal([(2L, "rule"), (3L, "type"), (4L, "rule")], converted.Rejected.Select(r => (r.Row, r.Rule)));
        Assert.Equal(("B,03/04/2026,1,2", "low <= high", 3L), (converted.Rejected[0].Raw, converted.Rejected[0].Expected, converted.Rejected[0].Line));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rejected_rows_come_in_order_and_none_is_lost_over_many_batches(bool checks)
    {
        const int rows = 150_000; // more than two batches
        var text = new StringBuilder("Ticker,Day,H,L\n");
        for (var i = 1; i <= rows; i++)
            text.Append(i % 1000 == 0 ? "X,bad,2,1\n" : i % 700 == 0 ? "X,03/04/2026,1,2\n" : "X,03/04/2026,2,1\n");

        var converted = await Conversions.RunAsync(text.ToString(), Request with { Checks = checks ? [new LowAboveHigh()] : [] }, chunk: 100_000);

        var expected = Enumerable.Range(1, rows).Where(i => i % 1000 == 0 || (checks && i % 700 == 0)).Select(i => (long)i);
        Assert.Equal(expected, converted.Rejected.Select(r => r.Row));
    }

    [Fact]
    public async Task Records_to_skip_are_neither_rows_nor_rejected_and_keep_their_numbers()
    {
        var converted = await Conversions.RunAsync(
            "Ticker,Day,H,L\nA,03/04/2026,2,1\nB,bad,2,1\nC,03/04/2026,2,1\nD,bad,2,1\n",
            Request with { SkipRecords = [0, 1], Lineage = new("s", "r", DateTimeOffset.UnixEpoch) });

        Assert.Equal((2L, 1L, 1L), (converted.Result.RowsIn, converted.Result.RowsOut, converted.Result.RowsRejected));
        Assert.Equal(3L, converted[0, "_row"]);
        Assert.Equal(4L, Assert.Single(converted.Rejected).Row);
    }

    sealed class LowAboveHigh : IRowCheck
    {
        public string? Column => "low";

        public string Expected => "low <= high";

        public string Breach => "'low <= high' does not hold";

        public void FindBroken(RecordBatch batch, Action<int> broken)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                if (batch["low"].Compare(row, batch["high"], row) > 0)
                    broken(row);
            }
        }
    }

    [Theory]
    [InlineData("csv", "Ticker,Day,L,Kind\nA,03/04/2026,\"\",0\nB,03/04/2026,7,1\nC,03/04/2026,x,2\n")]
    [InlineData("csv", "Ticker,Day,L,Kind\nA,03/04/2026,,0\nB,03/04/2026,7,1\nC,03/04/2026,x,2\n")]
    [InlineData("ndjson", "{\"Ticker\":\"A\",\"Day\":\"03/04/2026\",\"Kind\":0}\n{\"Ticker\":\"B\",\"Day\":\"03/04/2026\",\"L\":7,\"Kind\":1}\n{\"Ticker\":\"C\",\"Day\":\"03/04/2026\",\"L\":\"x\",\"Kind\":2}\n")]
    public async Task An_empty_field_takes_the_default_and_values_become_what_the_mapping_says(string format, string input)
    {
        var converted = await Conversions.RunAsync(input, Request with
        {
            Hint = new() { Format = format },
            Mapping = [Mapping[0], Mapping[1], new("low", "L") { Default = "0" }, new("high", "H") { Default = "9" }, new("venue", "Kind") { Values = new Dictionary<string, string> { ["0"] = "P", ["1"] = "C" } }],
        });

        Assert.Equal(["A", "B"], converted.Rows.Select(r => r[1]));
        Assert.Equal(["0.0000", "7.0000"], converted.Rows.Select(r => r[2]?.ToString()));
        Assert.Equal(["9.0000", "9.0000"], converted.Rows.Select(r => r[3]?.ToString()));
        Assert.Equal(["P", "C"], converted.Rows.Select(r => r[4]));
        Assert.Equal("low", Assert.Single(converted.Rejected).Column);
    }

    [Fact]
    public async Task An_empty_text_takes_the_default_quoted_or_not()
    {
        var converted = await Conversions.RunAsync(
            "Ticker,Day,Kind\nA,03/04/2026,\"\"\nB,03/04/2026,\nC,03/04/2026,X\n",
            Request with { Hint = new() { Format = "csv" }, Mapping = [Mapping[0], Mapping[1], new("venue", "Kind") { Default = "F" }] });

        Assert.Equal(["F", "F", "X"], converted.Rows.Select(r => r[4]));
    }

    [Fact]
    public async Task Typed_columns_have_defaults_and_values_as_well()
    {
        var typed = await Conversions.RunAsync("Ticker,Day,L,Kind\nA,2026-03-04,,0\nB,2026-03-04,7,5\n");

        var converted = await Conversions.RunAsync(typed.Bytes, Request with
        {
            Mapping = [new("date", "Day"), Mapping[1], new("low", "L") { Default = "0" }, new("venue", "Kind") { Values = new Dictionary<string, string> { ["0"] = "P" } }],
        });

        Assert.Equal(["0.0000", "7.0000"], converted.Rows.Select(r => r[2]?.ToString()));
        Assert.Equal(["P", "5"], converted.Rows.Select(r => r[4]));
    }

    [Theory]
    [InlineData("epoch-s", "1577941200", "2020-01-02", "2020-01-02T05:00:00Z")]
    [InlineData("unix-milliseconds", "1577941200123", "2020-01-02", "2020-01-02T05:00:00.123Z")]
    [InlineData("epoch-ns", "1577941200123456789", "2020-01-02", "2020-01-02T05:00:00.123456Z")] // finer than the column: cut off
    [InlineData("unix-seconds", "1688669597.8277369", "2023-07-06", "2023-07-06T18:53:17.827736Z")]
    [InlineData("unix-seconds", "-0.5", "1969-12-31", "1969-12-31T23:59:59.5Z")]
    public async Task Counts_since_1970_are_days_and_instants(string format, string count, string day, string instant)
    {
        var schema = new Tabular.DataSchema([new("day", Tabular.DataType.Date), new("at", Tabular.DataType.Timestamp(Tabular.TimeUnit.Microseconds, isUtc: true))]);
        foreach (var json in new[] { count, $"\"{count}\"" })
        {
            var converted = await Conversions.RunAsync($$"""[{"t":{{json}}}]""", new()
            {
                Hint = new() { Format = "json" },
                Schema = schema,
                Policy = SchemaPolicy.DiscardRow,
                Mapping = [new("day", "t", Format: format), new("at", "t", Format: format)],
            });

            Assert.Equal(day, $"{converted[0, "day"]:yyyy-MM-dd}");
            Assert.Equal(instant, FormattableString.Invariant($"{converted[0, "at"]}"));
        }
    }

    [Theory]
    [InlineData("1.27493853e+08", "127493853", "127493853.00000000")]
    [InlineData("1E3", "1000", "1000.00000000")]
    [InlineData("0e-400", "0", "0.00000000")]
    [InlineData("2.5e-7", null, "0.00000025")]
    [InlineData("2.5e-8", null, null)]
    [InlineData("1e30", null, null)]
    [InlineData("-12.30e1", "-123", "-123.00000000")]
    public async Task Scientific_notation_is_taken_exactly_where_a_schema_asks_for_exact_numbers(string json, string? whole, string? exact)
    {
        var schema = new Tabular.DataSchema([new("whole", Tabular.DataType.Int64), new("exact", Tabular.DataType.Decimal(18, 8))]);
        var converted = await Conversions.RunAsync($$"""[{"n":{{json}}}]""", new()
        {
            Hint = new() { Format = "json" },
            Schema = schema,
            Policy = SchemaPolicy.DiscardValue,
            Mapping = [new("whole", "n"), new("exact", "n")],
        });

        Assert.Equal([whole, exact], converted.Rows[0].Select(v => v is null ? null : FormattableString.Invariant($"{v}")));
    }
}
