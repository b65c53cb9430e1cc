using DataIngestion.Conversion.Excel;
using DataIngestion.Conversion.Formats;
using static DataIngestion.Conversion.Tests.Excel.BookSheet;

namespace DataIngestion.Conversion.Tests.Excel;

public sealed class WorkbookTests
{
    static readonly BookSheet Prices = new(
        "Prices",
        [
            ["Prices of the day"],
            [],
            ["symbol", "day", "price", "volume", "open", "at", "code", "share", "held"],
            ["ABC", Date("2024-01-31"), N(187.44), N(1000), true, Date("2024-01-31T09:30:00", Shown.DateTime), new Number(42, Shown.Code), new Number(0.125, Shown.Percent), new Number(1.5, Shown.Elapsed)],
            ["DEF", Date("2024-02-01"), N(0.1), N(2500), false, Date("2024-02-01", Shown.DateTime), new Number(7, Shown.Code), new Number(0.5, Shown.Percent), new Number(0.25, Shown.Elapsed)],
            ["GHI", Date("2024-02-02"), Fault.NotAvailable, null, true, Date("2024-02-01T10:00:00.25", Shown.DateTime), new Number(12345, Shown.Code), null, new Number(2, Shown.Elapsed)],
        ]);

    public static TheoryData<string> Formats => ["xlsx", "xlsx inline", "xlsb", "xls", "xls bare", "ods", "ods flat"];

    static byte[] Write(string format, params BookSheet[] sheets) => format switch
    {
        "xlsx" => XlsxBook.Write(sheets),
        "xlsx inline" => XlsxBook.Write(true, false, sheets),
        "xlsb" => XlsbBook.Write(sheets),
        "xls bare" => XlsBook.Records(40, sheets),
        "ods" => OdsBook.Write(sheets),
        "ods flat" => OdsBook.Flat(sheets),
        _ => XlsBook.Write(sheets),
    };

    static Task<Converted> ConvertAsync(string format, byte[] book, Func<ConversionRequest, ConversionRequest>? change = null)
    {
        var request = new ConversionRequest { Hint = new() { Format = format.Split(' ')[0] } };
        return Conversions.RunAsync(book, change?.Invoke(request) ?? request);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_sheet_is_a_table_with_the_types_that_its_formats_say(string format)
    {
        var converted = await ConvertAsync(format, Write(format, Prices));

        Assert.Equal(
            "symbol string,day date,price decimal(18,2),volume int64,open boolean,at timestamp(us),code string,share decimal(18,3),held duration(us)",
            string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal(3, converted.Rows.Count);
        Assert.Equal("0.10", converted[1, "price"]!.ToString());
        Assert.Null(converted[2, "price"]);
        Assert.Equal("00007", converted[1, "code"]);
        Assert.Contains(converted.Result.Notes, n => n == "column 'price' has errors, which became nulls: 1 #N/A");
        Assert.Contains(converted.Result.Notes, n => n == "1 row above the table left out: 'Prices of the day'");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Dates_with_a_time_format_are_dates_unless_some_has_a_time(string format)
    {
        var sheet = new BookSheet("S", [["a", "b"], [Date("2024-01-31", Shown.DateTime), Date("2024-01-31", Shown.DateTime)], [Date("2024-02-01", Shown.DateTime), Date("2024-02-01T01:00:00", Shown.DateTime)]]);

        var converted = await ConvertAsync(format, Write(format, sheet));

        Assert.Equal("date", converted.TypeOf("a"));
        Assert.Equal("timestamp(us)", converted.TypeOf("b"));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Merged_cells_of_a_header_name_all_columns_below_them(string format)
    {
        var sheet = new BookSheet(
            "S",
            [["Name", "2023", null, "2024", null], [null, "Q1", "Q2", "Q1", "Q2"], ["a", N(1), N(2), N(3), N(4)], ["b", N(5), N(6), N(7), N(8)], ["c", N(5), N(6), N(7), N(8)]],
            Merges: [(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)]);

        var converted = await ConvertAsync(format, Write(format, sheet));

        Assert.Equal("Name,2023 Q1,2023 Q2,2024 Q1,2024 Q2", string.Join(',', converted.Schema.Select(c => c.Name)));
        Assert.Equal(3, converted.Rows.Count);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Text_that_is_formatted_as_text_stays_text_and_blank_columns_go(string format)
    {
        var sheet = new BookSheet("S", [[], [null, "account", null, "text", "both"], [null, new Literal("1234"), null, " 12 ", "5"], [null, new Literal("98"), null, "13", N(6)]]);

        var converted = await ConvertAsync(format, Write(format, sheet));

        Assert.Equal("account string,text int64,both int64", string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Notes_after_a_long_table_are_left_out_and_told(string format)
    {
        object?[][] rows = [["a", "b", "c"], .. Enumerable.Range(0, 700).Select(i => new object?[] { $"k{i}", N(i), N(i / 4.0) }), [], ["Source: the exchange"]];

        var converted = await ConvertAsync(format, Write(format, new BookSheet("S", rows)));

        Assert.Equal(700, converted.Rows.Count);
        Assert.Contains(converted.Result.Notes, n => n == "1 row after the table, from row 703 on, left out: 'Source: the exchange'");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_sheet_is_listed_and_the_only_filled_visible_one_is_primary(string format)
    {
        var book = Write(format, new BookSheet("Empty", []), Prices, new BookSheet("Hidden", [["x"], [N(1)]], IsHidden: true));
        var workbooks = (ITableFormat)FormatCatalog.Find(format.Split(' ')[0])!;

        var tables = await workbooks.TablesAsync(new MemoryStream(book), new(new(format, null, null, null, null, null, 1, []), new()), TestContext.Current.CancellationToken);
        var hidden = await ConvertAsync(format, book, r => r with { Hint = r.Hint with { Table = "Hidden" } });

        Assert.Equal(["Empty", "Prices", "Hidden"], tables.Names);
        Assert.Equal("Prices", tables.Primary);
        Assert.Contains("the sheet 'Hidden' is hidden", hidden.Result.Notes);
        Assert.Equal(1L, Assert.Single(hidden.Rows)[0]);
    }

    [Fact]
    public async Task Several_filled_sheets_ask_for_one()
    {
        var book = XlsxBook.Write(Prices, Prices with { Name = "Other" });

        var wrong = await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync("xlsx", book));

        Assert.Equal("The content holds 2 tables: Prices, Other. Say which one to read.", wrong.Message);
    }

    [Theory]
    [InlineData(0, false, "1899-12-31")]
    [InlineData(1, false, "1900-01-01")]
    [InlineData(59, false, "1900-02-28")]
    [InlineData(60, false, "1900-02-29")]
    [InlineData(61, false, "1900-03-01")]
    [InlineData(45322, false, "2024-01-31")]
    [InlineData(0, true, "1904-01-01")]
    [InlineData(43860, true, "2024-01-31")]
    [InlineData(-1, false, "-1")]
    [InlineData(2958465, false, "9999-12-31")]
    [InlineData(2958466, false, "2958466")]
    public async Task Days_count_from_two_epochs_and_1900_is_no_leap_year(double serial, bool is1904, string expected)
    {
        var book = XlsxBook.Write(false, is1904, new BookSheet("S", [["x"], [new Number(serial, Shown.Date)]]));

        var converted = await ConvertAsync("xlsx", book, r => r with { Types = TypesMode.Text });

        Assert.Equal(expected, Assert.Single(converted.Rows)[0]);
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1.1, "1.1")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(1e-9, "0.000000001")]
    [InlineData(1.5e-30, "1.5E-30")]
    [InlineData(1e16, "10000000000000000")]
    [InlineData(1.25e300, "1.25E+300")]
    [InlineData(-123456.789, "-123456.789")]
    [InlineData(3, "3")]
    public async Task Numbers_are_the_shortest_that_read_back_the_same(double value, string expected)
    {
        foreach (var format in new[] { "xlsx", "xlsb", "xls", "ods" })
        {
            var converted = await ConvertAsync(format, Write(format, new BookSheet("S", [["x"], [N(value)]])), r => r with { Types = TypesMode.Text });
            Assert.Equal(expected, Assert.Single(converted.Rows)[0]);
        }
    }

    [Fact]
    public async Task Excels_15_digits_can_be_asked_for()
    {
        var converted = await ConvertAsync("xls", XlsBook.Write(new BookSheet("S", [["x"], [N(0.1 + 0.2)]])), r => r with
        {
            Hint = r.Hint with { Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["digits"] = "shown" } },
        });

        Assert.Equal("0.3", Assert.Single(converted.Rows)[0]!.ToString());
    }

    [Fact]
    public async Task Cells_need_no_references_and_their_texts_may_be_written_in_many_ways()
    {
        var book = XlsxBook.OfPart(
            """
            <x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>
            <x:row><x:c t="inlineStr"><x:is><x:t>name</x:t></x:is></x:c><x:c t="str"><x:v>val&#117;e</x:v></x:c><x:c t="str"><x:v><![CDATA[day]]></x:v></x:c></x:row>
            <x:row r="9"><x:c r="a9" t="str"><x:f>A1&amp;"b"</x:f><x:v>a_x000D_&lt;b&gt;</x:v></x:c><x:c><x:v>1.0</x:v></x:c><x:c t="d"><x:v>2024-01-31T00:00:00.000</x:v></x:c></x:row>
            </x:sheetData></x:worksheet>
            """);

        var converted = await ConvertAsync("xlsx", book);

        Assert.Equal("name string,value int64,day date", string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal("a\r<b>", Assert.Single(converted.Rows)[0]);
    }

    [Theory]
    [InlineData("<worksheet><sheetData><row><c><v>1</v></row></sheetData></worksheet>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet><sheetData/></worksheet>")]
    [InlineData("<worksheet><sheetData><row><c t=\"str\"><v>&a;</v></c></row></sheetData></worksheet>")]
    [InlineData("<worksheet><sheetData><row><c t=\"s\"><v>5</v></c></row></sheetData></worksheet>")]
    [InlineData("<worksheet><sheetData><row><c")]
    public async Task What_is_not_well_formed_is_refused(string sheet)
    {
        await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync("xlsx", XlsxBook.OfPart(sheet)));
    }

    [Fact]
    public async Task Encrypted_workbooks_are_refused_with_how_they_are_encrypted()
    {
        var agile = await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync("xlsx", XlsBook.Compound(("EncryptionInfo", [4, 0, 4, 0]), ("EncryptedPackage", [1]))));
        var records = XlsBook.Records(8224, Prices).AsSpan();
        byte[] locked = [.. records[..20], 0x2F, 0, 6, 0, 1, 0, 1, 0, 1, 0, .. records[20..]];
        var rc4 = await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync("xls", locked));

        Assert.Equal("The workbook is encrypted (agile encryption): open it with its password and save it without one.", agile.Message);
        Assert.Equal("The workbook is encrypted (RC4): open it with its password and save it without one.", rc4.Message);
    }

    /// <summary>Checksums of the archive keep most damage from the parts, so the parts are damaged before they are packed.</summary>
    [Theory]
    [InlineData("xlsx"), InlineData("ods")]
    public async Task Damaged_parts_are_read_or_refused_with_one_clear_error(string format)
    {
        var mutator = new TestKit.Mutator(seed: 5);
        var part = format == "ods" ? OdsBook.Flat(Prices, Prices with { Name = "Other" }) : XlsxBook.PartOf(Prices);
        var read = 0;
        for (var i = 0; i < 3000; i++)
        {
            var damaged = mutator.Mutate(part);
            try
            {
                await ConvertAsync(format, format == "ods" ? damaged : XlsxBook.OfPart(damaged), r => r with { Hint = r.Hint with { Table = format == "ods" ? "Prices" : "Sheet1" } });
                read++;
            }
            catch (ConversionException clear)
            {
                Assert.NotEmpty(clear.Message);
            }
        }

        Assert.True(read > 100, $"only {read} were read");
    }

    [Fact]
    public async Task Rows_and_cells_that_repeat_are_what_they_stand_for_within_a_bound()
    {
        var book = (string rows) => System.Text.Encoding.UTF8.GetBytes(
            $"""
            <office:document xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>
            <table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1.50"/></table:table-row></table:table></office:document>
            """);

        var converted = await ConvertAsync("ods", book("3"));
        var bomb = await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync("ods", System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(book("1048000")).Replace("repeated=\"2\"", "repeated=\"16000\"", StringComparison.Ordinal))));

        Assert.Equal(3, converted.Rows.Count);
        Assert.Equal("1.5,1.5", string.Join(',', converted.Rows[2]));
        Assert.Equal("The sheet repeats rows and cells with a value more than 20000000 times.", bomb.Message);
    }

    [Fact]
    public void Strings_beyond_the_bound_lie_in_a_file()
    {
        using var strings = new SharedStrings(mostInMemory: 10);
        foreach (var text in new[] { "", "eight by", "more than that", "", "again" })
            strings.Add(System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal("again,more than that,eight by,", string.Join(',', new[] { 4, 2, 1, 0 }.Select(i => System.Text.Encoding.UTF8.GetString(strings[i]))));
    }

    [Theory]
    [InlineData("General", 0), InlineData("0.00", 0), InlineData("#,##0.00;[Red]-#,##0.00", 0), InlineData("0.00E+00", 0), InlineData("0%", 0), InlineData("\"day\" 0", 0)]
    [InlineData("[$-409]d\\-mmm\\-yy;@", 1), InlineData("mm/dd/yy", 1), InlineData("m/d/yyyy h:mm", 1), InlineData("mmm", 1), InlineData("[$-F800]dddd, mmmm dd, yyyy", 1)]
    [InlineData("h:mm AM/PM", 2), InlineData("mm:ss.0", 2), InlineData("hh:mm:ss", 2)]
    [InlineData("[h]:mm:ss", 3), InlineData("[mm]:ss", 3), InlineData("@", 4), InlineData("00000", 5), InlineData("0", 0), InlineData("# ?/?", 0), InlineData("_-* #,##0.00\\ \"kr\"_-", 0)]
    public void A_format_says_what_a_number_is(string code, int kind) => Assert.Equal((FormatKind)kind, CellFormat.Of(code).Kind);
}
