using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Sas;

public sealed class SasTests
{
    public static TheoryData<bool, bool, string?, bool> Forms => new MatrixTheoryData<bool, bool, string?, bool>([false, true], [false, true], [null, "SASYZCRL", "SASYZCR2"], [false, true]);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Data_sets_of_every_form_hold_the_same_rows(bool is64Bit, bool isBigEndian, string? packing, bool isMixed)
    {
        var files = new Sas7bdatFiles(is64Bit, isBigEndian, packing, isMixed);

        var converted = await Conversions.RunAsync(files.Write(files.Rows(300)), Conversions.As("sas7bdat"));

        Assert.Equal(
            "symbol string\nprice double\nday date\nat timestamp(us)\ntime time(us)\nsmall double", converted.Schema.ToString());
        Assert.Equal(300, converted.Rows.Count);
        for (var i = 0; i < 300; i++)
        {
            var at = new DateTime(2024, 1, 1).AddDays(i).AddMilliseconds(i * 250.0);
            Assert.Equal($"S{i}é", converted[i, "symbol"]);
            Assert.Equal(i % 7 == 3 ? null : i / 4.0, converted[i, "price"]);
            Assert.Equal(DateOnly.FromDateTime(at), converted[i, "day"]);
            Assert.Equal(TimestampValue.FromDateTime(at, TimeUnit.Microseconds, isUtc: false), converted[i, "at"]);
            Assert.Equal(new TimeValue(i * 250_000L, TimeUnit.Microseconds), converted[i, "time"]);
            Assert.Equal((double)(i % 100), converted[i, "small"]);
        }

        Assert.Contains(converted.Result.Notes, n => n.StartsWith("column 'price' has special missing values", StringComparison.Ordinal) && n.Contains(".D 2 times", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deleted_rows_are_left_out_and_counted()
    {
        var files = new Sas7bdatFiles(true, false);

        var converted = await Conversions.RunAsync(files.Write(files.Rows(200), deleted: new HashSet<int> { 0, 9, 150 }), Conversions.As("sas7bdat"));

        Assert.Equal(197, converted.Rows.Count);
        Assert.Equal("S1é", converted[0, "symbol"]);
        Assert.DoesNotContain(converted.Rows, r => r[0] is "S9é" or "S150é");
        Assert.Contains("3 rows are marked as deleted, and left out", converted.Result.Notes);
    }

    [Fact]
    public async Task Values_that_a_format_cannot_show_keep_what_they_are()
    {
        var files = new Sas7bdatFiles(false, false);
        HandVariable[] variables = [new("day", true, 8, "MMDDYY"), new("time", true, 8, "HHMM"), new("tod", true, 8, "TOD")];
        var row = new byte[24];
        files.Number(row.AsSpan(0, 8), 1.5);
        files.Number(row.AsSpan(8, 8), 90_000.0);
        files.Number(row.AsSpan(16, 8), 2_019_686_400.0);

        var converted = await Conversions.RunAsync(files.Write([row], variables), Conversions.As("sas7bdat"));

        Assert.Equal([1.5, new DurationValue(90_000_000_000, TimeUnit.Microseconds), new TimestampValue(1_704_067_200_000_000, TimeUnit.Microseconds, false)], converted.Rows[0]);
        Assert.Equal(3, converted.Result.Notes.Count(n => n.Contains("cannot show", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Texts_are_read_in_the_encoding_of_the_file_or_the_one_that_is_said()
    {
        var files = new Sas7bdatFiles(true, false, encoding: 61);
        HandVariable[] variables = [new("t", false, 4)];
        byte[] cyrillic = [0xC4, 0xE0, (byte)' ', (byte)' '];

        var declared = await Conversions.RunAsync(files.Write([cyrillic], variables), Conversions.As("sas7bdat"));
        var said = await Conversions.RunAsync(files.Write([cyrillic], variables), new() { Hint = new() { Format = "sas7bdat", Options = new Dictionary<string, string> { ["encoding"] = "windows-1252" } } });

        Assert.Equal("Да", declared.Rows[0][0]);
        Assert.Equal("Äà", said.Rows[0][0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Transport_files_hold_numbers_of_mainframes_dates_and_missing_values(bool isV8)
    {
        var converted = await Conversions.RunAsync(XptFiles.Write(isV8, XptFiles.Prices), Conversions.As("xpt"));

        Assert.Equal("SYMBOL string\nPRICE double\nDAY date\nAT timestamp(us)", converted.Schema.ToString());
        Assert.Equal(["AAA", 1.25, new DateOnly(2024, 1, 1), new TimestampValue(1_704_067_200_500_000, TimeUnit.Microseconds, false)], converted.Rows[0]);
        Assert.Equal(["BBB", null, new DateOnly(1960, 1, 1), new TimestampValue(-315_619_201_000_000, TimeUnit.Microseconds, false)], converted.Rows[1]);
        Assert.Equal([null, null, new DateOnly(1949, 12, 31), new TimestampValue(-315_619_200_000_000, TimeUnit.Microseconds, false)], converted.Rows[2]);
        Assert.Contains("column 'PRICE' has special missing values, which are null like the others: .A 1 times", converted.Result.Notes);
    }

    [Fact]
    public async Task Several_data_sets_are_tables_of_which_one_is_named()
    {
        var file = XptFiles.Write(false, XptFiles.Prices, XptFiles.Codes, XptFiles.Prices with { Name = "OTHER" });

        var codes = await Conversions.RunAsync(file, new() { Hint = new() { Format = "xpt", Table = "CODES" } });
        var unnamed = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(file, Conversions.As("xpt")));

        Assert.Equal(["a", null, "cc"], codes.Rows.Select(r => r[0]));
        Assert.Contains("3 tables: PRICES, CODES, OTHER", unnamed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_names_and_labels_of_version_8_are_read()
    {
        var dataset = new XptFiles.Dataset("A_LONG_NAME_OF_A_DATA_SET", [new("a_name_of_more_than_eight_letters", true, 8, Label: new string('l', 60))], [[2.5]]);

        var converted = await Conversions.RunAsync(XptFiles.Write(true, dataset), Conversions.As("xpt"));

        Assert.Equal("a_name_of_more_than_eight_letters", converted.Schema[0].Name);
        Assert.Equal(2.5, converted.Rows[0][0]);
    }

    [Fact]
    public async Task What_is_none_or_is_cut_off_is_refused_with_a_sentence()
    {
        var files = new Sas7bdatFiles(true, false);
        var file = files.Write(files.Rows(300));
        var xpt = XptFiles.Write(false, XptFiles.Prices);

        await RefusedAsync("sas7bdat", file[..^5000], "cut off");
        await RefusedAsync("sas7bdat", new byte[400], "no SAS7BDAT file");
        await RefusedAsync("xpt", xpt[..^90], "cut off");
        await RefusedAsync("xpt", "**COMPRESSED** **COMPRESSED** **COMPRESSED** **COMPRESSED** **COMPRESSED********"u8.ToArray(), "CPORT");
        await RefusedAsync("xpt", new byte[400], "no SAS transport file");
    }

    static async Task RefusedAsync(string format, byte[] file, string because)
    {
        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(file, Conversions.As(format)));
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }
}
