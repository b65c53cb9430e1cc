using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests;

public sealed class CsvConversionTests
{
    [Fact]
    public async Task An_empty_cell_that_does_not_mean_null_is_text()
    {
        var converted = await Conversions.RunAsync("a,b\n1,x\n\"\",y\n", new() { Hint = new() { Format = "csv", NullSpellings = ["NA"] } });

        Assert.Equal("string", converted.TypeOf("a"));
        Assert.Equal(["1", ""], converted.Rows.Select(r => r[0]));
    }

    [Fact]
    public async Task Types_come_from_every_value_and_prices_stay_exact()
    {
        var converted = await Conversions.RunAsync(
            "symbol,price,size,at,day,open,flag,code,note\n"
            + "AAPL,187.4400,100,2024-01-02T14:30:00.123456789Z,2024-01-02,09:30:00,true,007,\"a, \"\"b\"\"\nc\"\n"
            + "MSFT,370.6,N/A,2024-01-02T14:30:00Z,2024-01-03,09:30:00.5,FALSE,010,\n");

        Assert.Equal(
            ["symbol string", "price decimal(18,4)", "size int64", "at timestamp(ns,utc)", "day date", "open time(us)", "flag boolean", "code string", "note string"],
            converted.Schema.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal(187.4400m, converted[0, "price"]);
        Assert.Null(converted[1, "size"]);
        Assert.Equal("2024-01-02T14:30:00.123456789Z", converted[0, "at"]!.ToString());
        Assert.Equal(new DateOnly(2024, 1, 3), converted[1, "day"]);
        Assert.Equal("007", converted[0, "code"]);
        Assert.Equal("a, \"b\"\nc", converted[0, "note"]);
        Assert.Null(converted[1, "note"]);
        Assert.Equal(1, converted.Result.Columns[2].NullSpellings["N/A"]);
    }

    [Theory]
    [InlineData("1\n2\n-3", "int64"), InlineData("1\n2.50", "decimal(18,2)"), InlineData("9223372036854775808\n1", "uint64"), InlineData("9223372036854775808\n-1", "decimal(38,0)")]
    [InlineData("12345678901234567890.123456789012345678\n1", "decimal(38,18)"), InlineData("1e5\n2.5", "double"), InlineData("00123\n5", "string")]
    [InlineData("13/01/2024\n01/02/2024", "date"), InlineData("01/13/2024\n01/02/2024", "date"), InlineData("01/02/2024\n03/04/2024", "string")]
    [InlineData("13/01/2024\n01/13/2024", "string"), InlineData("31.12.2024\n01.02.2024", "date"), InlineData("05-Jan-2024\n06-Feb-2024", "date")]
    [InlineData("2024-02-30\n2024-01-01", "string"), InlineData("2024-01-01 10:00:00\n2024-01-01 11:00:00.5", "timestamp(us)")]
    [InlineData("2024-01-01 10:00:00+01:00\n2024-01-01T09:00:00Z", "timestamp(us,utc)"), InlineData("2024-01-01 10:00:00\n2024-01-01T09:00:00Z", "string")]
    [InlineData("1704067200\n1704067201", "int64"), InlineData("true\n1", "string"), InlineData("NA\nnull", "string"), InlineData(".5\n-.25", "decimal(18,2)")]
    public async Task A_column_gets_the_narrowest_exact_type(string cells, string type)
    {
        var rows = string.Join('\n', cells.Split('\n').Select((c, i) => $"{i},{c}"));
        Assert.Equal(type, (await Conversions.RunAsync("n,x\n" + rows + "\n")).TypeOf("x"));
    }

    [Fact]
    public async Task A_type_that_breaks_at_the_last_of_many_rows_is_still_found()
    {
        var text = new StringBuilder("a,b\n");
        for (var i = 0; i < 200_000; i++)
            text.Append(i).Append(",1.5\n");
        var converted = await Conversions.RunAsync(text.Append("x,2.25\n").ToString());

        Assert.Equal("string", converted.TypeOf("a"));
        Assert.Equal("decimal(18,2)", converted.TypeOf("b"));
        Assert.Equal("x", converted[200_000, "a"]);
    }

    [Fact]
    public async Task Broken_rows_are_rejected_with_their_place_and_everything_else_is_kept()
    {
        var bytes = Encoding.UTF8.GetBytes("a,b\n1,2\n3\n4,5,6\n\"7\"x,8\n9,\"10\n11,12\n").ToList();
        bytes.AddRange([(byte)'1', 0xFF, (byte)',', (byte)'2', (byte)'\n', (byte)'1', (byte)'3', (byte)',', (byte)'1', (byte)'4']);
        var converted = await Conversions.RunAsync([.. bytes], new() { Name = "x.csv" });

        Assert.Equal([("ragged", 3L, 2L), ("ragged", 4L, 3L), ("quote", 5L, 4L), ("quote", 6L, 5L), ("utf-8", 8L, 7L)], converted.Rejected.Select(r => (r.Rule, r.Line, r.Row)));
        Assert.Equal("3", converted.Rejected[0].Raw);
        Assert.Equal(8, converted.Rejected[0].ByteOffset);
        Assert.Equal("2 fields, not 1", converted.Rejected[0].Expected);
        Assert.Equal("9,\"10", converted.Rejected[3].Raw);
        Assert.Equal([[1L, 2L], [11L, 12L], [13L, 14L]], converted.Rows);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(7), InlineData(64), InlineData(4096)]
    public async Task Rows_do_not_depend_on_where_the_stream_is_split(int chunk)
    {
        var file = TestFiles.Messy(rows: 300, seed: 42);

        var whole = await Conversions.RunAsync(file, new() { Name = "m.csv" });
        var split = await Conversions.RunAsync(file, new() { Name = "m.csv" }, chunk);

        Assert.Equal(whole.Bytes, split.Bytes);
        Assert.Equal(whole.Rejected, split.Rejected);
        Assert.NotEmpty(whole.Rejected);
    }

    [Theory]
    [InlineData(';'), InlineData('\t'), InlineData('|'), InlineData(',')]
    public async Task The_delimiter_is_found(char delimiter)
    {
        var converted = await Conversions.RunAsync($"a{delimiter}b{delimiter}c\n1{delimiter}x, y{delimiter}2.5\n2{delimiter}z{delimiter}3.5\n".Replace("x, y", delimiter == ',' ? "\"x, y\"" : "x, y", StringComparison.Ordinal));

        Assert.Equal(delimiter.ToString(), converted.Result.Format.Dialect!.Delimiter);
        Assert.Equal(["a", "b", "c"], converted.Schema.Select(c => c.Name));
        Assert.Equal("x, y", converted[0, "b"]);
    }

    [Fact]
    public async Task A_file_without_header_gets_numbered_columns_and_its_first_row_is_data()
    {
        var converted = await Conversions.RunAsync("20240102 00:00,1871500,1884400\n20240103 00:00,1842200,1858800\n");

        Assert.False(converted.Result.Format.Dialect!.HasHeader);
        Assert.Equal(["column1", "column2", "column3"], converted.Schema.Select(c => c.Name));
        Assert.Equal(2, converted.Rows.Count);
    }

    [Theory]
    [InlineData("utf-16"), InlineData("utf-16BE"), InlineData("utf-8")]
    public async Task Byte_order_marks_are_understood(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("währung,kurs\nEUR,1.5\n€,2\n")];

        var converted = await Conversions.RunAsync(bytes);

        Assert.Equal(["währung", "kurs"], converted.Schema.Select(c => c.Name));
        Assert.Equal("€", converted[1, "währung"]);
    }

    [Fact]
    public async Task A_configured_code_page_is_used()
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes("имя;курс\nдоллар;1.5\n");
        var converted = await Conversions.RunAsync(bytes, new() { Hint = new() { Format = "csv", Encoding = "windows-1251" } });
        Assert.Equal("доллар", converted[0, "имя"]);
    }

    [Fact]
    public async Task Repeated_empty_and_trailing_column_names_are_settled_and_said()
    {
        var converted = await Conversions.RunAsync("Date,USD,USD,,\n2024-01-02,1.1,1.2,7,\n2024-01-03,1.1,1.2,8,\n");

        Assert.Equal(["Date", "USD", "USD_2", "column4"], converted.Schema.Select(c => c.Name));
        Assert.Contains(converted.Result.Notes, n => n.Contains("column5", StringComparison.Ordinal) && n.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Text_mode_keeps_every_cell_as_written()
    {
        var converted = await Conversions.RunAsync("a,b\n1.50,\n\"\",NA\n", new() { Types = TypesMode.Text, Name = "x.csv" });
        Assert.Equal([["1.50", ""], ["", "NA"]], converted.Rows);
    }

    [Fact]
    public async Task Lineage_says_where_each_row_came_from()
    {
        var known = new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.FromHours(2));
        var converted = await Conversions.RunAsync("a,b\n1,2\nbad\n3,4\n", new() { Lineage = new("ecb", "run-1", known), Name = "x.csv" });

        Assert.Equal([3L, 4L, "ecb", "run-1", 3L, new TimestampValue(known.ToUnixTimeMilliseconds() * 1000, TimeUnit.Microseconds, true)], converted.Rows[1]);
        Assert.Equal("_source", converted.Schema[2].Name);
    }

    [Fact]
    public async Task Large_records_and_fields_are_rejected_and_reading_goes_on()
    {
        var limits = new ConversionLimits { MaxRecordBytes = 3_000_000, MaxFieldBytes = 50_000 };
        var converted = await Conversions.RunAsync(
            $"a,b\n1,{new string('x', 4_000_000)}\n2,{new string('y', 60_000)}\n3,z\n4,\"{new string('q', 3_500_000)}\n5,w\n", new() { Limits = limits, Name = "x.csv" });

        Assert.Equal(["record-size", "field-size", "record-size"], converted.Rejected.Select(r => r.Rule));
        Assert.Equal([[3L, "z"], [5L, "w"]], converted.Rows);
        Assert.All(converted.Rejected, r => Assert.True(r.Raw.Length <= limits.MaxRawCharacters));
    }

    [Fact]
    public async Task The_same_input_gives_the_same_bytes_whatever_the_threads()
    {
        var file = TestFiles.Trades(50_000, seed: 1);
        var one = await Conversions.RunAsync(file);
        var two = await Conversions.RunAsync(file, new() { Parquet = new() { Threads = 3 } });
        Assert.Equal(one.Bytes, two.Bytes);
    }

    [Fact]
    public async Task An_empty_file_is_an_error_and_one_with_only_a_header_has_no_rows()
    {
        await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("", new() { Name = "x.csv" }));
        Assert.Empty((await Conversions.RunAsync("a,b\n", new() { Name = "x.csv" })).Rows);
    }
}
