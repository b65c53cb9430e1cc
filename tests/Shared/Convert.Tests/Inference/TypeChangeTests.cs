using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Inference;

/// <summary>What each policy makes of a value that breaks the expected type, for every type.</summary>
public sealed class TypeChangeTests
{
    static ConversionRequest With(SchemaPolicy policy, string type) =>
        new() { Schema = new([new("n", DataType.Int64), new("x", DataType.Parse(type))]), Policy = policy, Hint = new() { Format = "csv", Header = true, Delimiter = ";", Quote = '"' } };

    static string File(params IEnumerable<string> cells) => "n;x\n" + string.Concat(cells.Select((c, i) => $"{i};{c}\n"));

    [Theory]
    [InlineData("int8", "100", "128", "int64"), InlineData("int16", "5", "40000", "int64"), InlineData("int32", "5", "2147483648", "int64"), InlineData("int64", "5", "9223372036854775808", "decimal(38,0)")]
    [InlineData("uint64", "5", "-1", "decimal(38,0)"), InlineData("int64", "5", "1.5", "decimal(38,1)"), InlineData("decimal(10,2)", "1.25", "1.255", "decimal(18,3)"), InlineData("decimal(10,2)", "1.25", "123456789.25", "decimal(18,2)")]
    [InlineData("decimal(18,2)", "1.25", "12345678901234567.25", "decimal(38,2)"), InlineData("decimal(18,2)", "1.25", "1e99", "string"), InlineData("int64", "5", "x", "string")]
    [InlineData("double", "1.5", "x", "string"), InlineData("boolean", "true", "2", "string"), InlineData("date", "2024-01-02", "2024-02-30", "string"), InlineData("date", "2024-01-02", "2024-01-02T10:00:00", "string")]
    [InlineData("timestamp(us)", "2024-01-02T10:00:00", "2024-01-02T10:00:00.123456789", "timestamp(ns)"), InlineData("timestamp(us,utc)", "2024-01-02T10:00:00Z", "2024-01-02T10:00:00", "string")]
    [InlineData("timestamp(ms)", "2024-01-02T10:00:00.5", "2024-01-02T10:00:00.1234", "timestamp(us)"), InlineData("time(us)", "10:00:00", "10:00:00.123456789", "time(ns)"), InlineData("time(us)", "10:00:00", "30:00:00", "string")]
    [InlineData("duration(us)", "30:00:00", "30:00:00.123456789", "duration(ns)"), InlineData("duration(us)", "30:00:00", "x", "string")]
    public async Task A_value_that_breaks_the_type_widens_it_is_refused_or_is_discarded_and_is_never_silently_null(string type, string fits, string breaks, string widened)
    {
        var cells = new[] { fits, breaks, fits };

        var evolved = await Conversions.RunAsync(File(cells), With(SchemaPolicy.Evolve, type));
        Assert.Equal(widened, evolved.TypeOf("x"));
        Assert.Empty(evolved.Rejected);
        Assert.Equal(3, evolved.Rows.Count(r => r[1] is not null));
        if (widened == "string")
            Assert.Equal(cells, evolved.Rows.Select(r => (string)r[1]!));

        var frozen = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(File(cells), With(SchemaPolicy.Freeze, type)));
        Assert.Equal(3, frozen.Line);
        Assert.Contains(type, frozen.Message, StringComparison.Ordinal);

        var withoutRow = await Conversions.RunAsync(File(cells), With(SchemaPolicy.DiscardRow, type));
        Assert.Equal(type, withoutRow.TypeOf("x"));
        Assert.Equal([0L, 2L], withoutRow.Rows.Select(r => r[0]));
        var rejected = Assert.Single(withoutRow.Rejected);
        Assert.Equal((2L, "x", "type", type, false), (rejected.Row, rejected.Column, rejected.Rule, rejected.Expected, rejected.IsValueOnly));

        var withoutValue = await Conversions.RunAsync(File(cells), With(SchemaPolicy.DiscardValue, type));
        Assert.Equal([false, true, false], withoutValue.Rows.Select(r => r[1] is null));
        Assert.Equal(1, withoutValue.Result.ValuesDiscarded);
        Assert.True(Assert.Single(withoutValue.Rejected).IsValueOnly);
    }

    [Theory]
    [InlineData("decimal(10,2)", "1.234,56|7,5|-0,25", "1234.56|7.5|-0.25"), InlineData("int64", "1,234,567|89", "1234567|89"), InlineData("boolean", "1|0|1", "True|False|True"), InlineData("boolean", "yes|no", "True|False")]
    [InlineData("decimal(18,4)", "12.5%|3%", "0.125|0.03"), InlineData("int32", "20240102|20240103", "20240102|20240103"), InlineData("decimal(10,2)", "$5|$6.50", "5|6.5")]
    public async Task Every_policy_reads_the_expected_type_in_the_way_that_the_column_spells_it(string type, string cells, string values)
    {
        foreach (var policy in Enum.GetValues<SchemaPolicy>())
        {
            var converted = await Conversions.RunAsync(File(cells.Split('|')), With(policy, type));

            Assert.Equal(type, converted.TypeOf("x"));
            Assert.Empty(converted.Rejected);
            Assert.Equal(values, string.Join('|', converted.Rows.Select(r => r[1] is decimal d ? ExactDecimal.FromDecimal(d).Normalize().ToString() : r[1]!.ToString())));
        }
    }

    [Fact]
    public async Task Zeros_that_a_number_does_not_need_are_kept_as_text_or_taken_at_the_schemas_word()
    {
        Assert.Equal("007", (await Conversions.RunAsync(File("5", "007"), With(SchemaPolicy.Evolve, "int64")))[1, "x"]);
        Assert.Equal(7L, (await Conversions.RunAsync(File("5", "007"), With(SchemaPolicy.DiscardRow, "int64")))[1, "x"]);
        Assert.Equal("decimal(18,3)", (await Conversions.RunAsync(File("5.25", "1.500"), With(SchemaPolicy.Evolve, "decimal(10,2)"))).TypeOf("x"));
        Assert.Equal(1.5m, (await Conversions.RunAsync(File("5.25", "1.500"), With(SchemaPolicy.Freeze, "decimal(10,2)")))[1, "x"]);
    }

    [Fact]
    public async Task Dates_that_nothing_orders_are_not_guessed_under_any_policy()
    {
        var file = File("01/02/2024", "05/05/2024", "03/04/2024");

        Assert.Equal("string", (await Conversions.RunAsync(file, With(SchemaPolicy.Evolve, "date"))).TypeOf("x"));
        await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(file, With(SchemaPolicy.Freeze, "date")));
        var kept = await Conversions.RunAsync(file, With(SchemaPolicy.DiscardRow, "date"));
        Assert.Equal(new DateOnly(2024, 5, 5), Assert.Single(kept.Rows)[1]);
        Assert.Equal(2, kept.Rejected.Count);
    }

    [Fact]
    public async Task Other_columns_tell_which_mark_is_the_decimal_one()
    {
        var point = await Conversions.RunAsync("price;volume\n1.25;1,234\n2.50;56,789\n");
        Assert.Equal(["decimal(18,2)", "int64"], point.Schema.Select(c => c.Type.ToString()));
        Assert.Equal(56_789L, point[1, "volume"]);

        var comma = await Conversions.RunAsync("price;rate\n1,25;1,234\n2,50;5,789\n");
        Assert.Equal(5.789m, comma[1, "rate"]);

        Assert.Equal("string", (await Conversions.RunAsync("n;volume\n1;1,234\n2;56,789\n")).TypeOf("volume"));
    }

    [Fact]
    public async Task A_mapping_says_what_no_value_can()
    {
        var schema = new DataSchema([new("when", DataType.Timestamp(TimeUnit.Milliseconds, isUtc: true)), new("price", DataType.Decimal(18, 3)), new("flag", DataType.Boolean), new("raw", DataType.Binary)]);
        var converted = await Conversions.RunAsync("t;p;f;r\n1704164645123;1,234;1;0xCAfe\n-1;5,6;0;\n", new()
        {
            Schema = schema,
            Mapping = [new("when", "t", Format: "epoch-ms"), new("price", "p", Format: "0,5"), new("flag", "f", Format: "1/0"), new("raw", "r", Format: "hex")],
            Hint = new() { Format = "csv", Header = true },
        });

        Assert.Equal("2024-01-02T03:04:05.123Z", converted[0, "when"]!.ToString());
        Assert.Equal("1969-12-31T23:59:59.999Z", converted[1, "when"]!.ToString());
        Assert.Equal([1.234m, true], [converted[0, "price"], converted[0, "flag"]]);
        Assert.Equal([0xCA, 0xFE], (byte[])converted[0, "raw"]!);
    }

    [Fact]
    public async Task Details_tell_patterns_with_counts_digits_bounds_and_the_value_that_widened_the_type()
    {
        var report = (await Conversions.RunAsync("price;day;code\n1.5;2024-01-02;A1\n12.25;2024-03-04;B2\n-7;2023-05-06;\n", new() { ProfileFirst = true })).Result.Columns;

        var price = report[0].Details!;
        Assert.Equal([("9.9", 1L, 1L), ("9.99", 1L, 2L), ("9", 1L, 3L)], price.Patterns.Select(p => (p.Pattern, p.Count, p.Row)));
        Assert.Equal((2, 2, "-7", "12.25"), (price.WholeDigits, price.FractionDigits, price.Smallest, price.Largest));
        Assert.Equal(("12.25", 2L), (price.Widened!.Value.First, price.Widened.Value.Row));
        Assert.Equal(("9999-99-99", 3L), (report[1].Details!.Patterns[0].Pattern, report[1].Details!.Patterns[0].Count));
        Assert.Equal(("2023-05-06", "2024-03-04"), (report[1].Details!.Smallest, report[1].Details!.Largest));
        Assert.Equal(["A1", "B2"], report[2].Details!.Examples);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task One_reading_gives_what_looking_at_everything_first_gives(int seed)
    {
        string[][] alphabets =
        [
            ["1.5", "2", "1,234.5", "7-", "(8)"], ["1,234", "5", "1,5"], ["01/02/2024", "13/02/2024"], ["N", "n", "Y"], ["", "NA", "x"], ["20240102", "20240103", "5"], ["5%", "1.25%"], ["€5", "€1.250,5"], ["9:30:00", "30:00:00"],
        ];
        var random = new Random(seed);
        for (var round = 0; round < 4; round++)
        {
            var text = new StringBuilder("a;b;c\n");
            var columns = random.GetItems(alphabets, 3);
            for (var row = 0; row < 30_000; row++)
            {
                // What breaks a guess comes late and seldom.
                text.AppendJoin(';', columns.Select(c => c[row > 20_000 && random.Next(4_000) == 0 ? random.Next(c.Length) : row % Math.Min(2, c.Length)])).Append('\n');
            }

            var request = new ConversionRequest { Hint = new() { Format = "csv", Delimiter = ";", Header = true } };
            var once = await Conversions.RunAsync(text.ToString(), request);
            var twice = await Conversions.RunAsync(text.ToString(), request with { ProfileFirst = true });
            Assert.Equal(twice.Schema, once.Schema);
            Assert.Equal(twice.Bytes, once.Bytes);
        }
    }
}
