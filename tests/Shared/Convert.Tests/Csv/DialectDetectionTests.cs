using System.Text;
using DataIngestion.Conversion.Csv;

namespace DataIngestion.Conversion.Tests.Csv;

public sealed class DialectDetectionTests
{
    static CsvDialect Detect(string text) => new FormatRecognizer().Recognize(Encoding.UTF8.GetBytes(text), "x.csv").Dialect!;

    [Theory]
    [InlineData("a||b||c\n1||2||3\n4||||6\n", "||"), InlineData("a~|~b\n1~|~2\n3~|~4\n", "~|~"), InlineData("a | b | c\n1 | 2 | 3\n4 | 5 | 6\n", "|")]
    [InlineData("a;b\n1,5;2,5\n3,5;4,5\n", ";"), InlineData("a b c\n1 2 3\n4 5 6\n", " "), InlineData("when,x\n10:00:00,1\n10:00:01,2\n", ",")]
    [InlineData("2024-01-01\n2024-01-02\n2024-01-03\n", ","), InlineData("a\u0001b\n1\u00012\n3\u00014\n", "\u0001"), InlineData("a§b\n1§2\n3§4\n", "§")]
    [InlineData("col1,col2\n1;2;3,4;5;6\na;b;c,d;e;f\n", ","), InlineData("list\na b c\n", ",")]
    public void Any_delimiter_is_found(string text, string delimiter) => Assert.Equal(delimiter, Detect(text).Delimiter);

    [Fact]
    public void Spaces_after_every_delimiter_are_padding()
    {
        var dialect = Detect("a, b, c\n1, \"x, y\", 3\n4, \"z\", 6\n");
        Assert.Equal((",", true, '"'), (dialect.Delimiter, dialect.IsPadded, dialect.Quote));
    }

    [Fact]
    public void Escapes_are_told_by_what_they_mend()
    {
        Assert.Equal('\\', Detect("a,b\n1,\"x \\\" y, z\"\n2,\"u \\\" v\"\n3,\"w \\\", t\"\n").Escape);
        Assert.Equal('"', Detect("a,b\n1,\"x \"\" y\"\n2,z\n").Escape);
        Assert.Null(Detect("a,b\n1,\"x\\y\"\n2,C:\\z\n").Escape);
        Assert.Equal('\\', Detect("a,b\n1,x\\, y\n2,z\n3,u\n4,v\\, w\n").Escape);
    }

    [Theory]
    [InlineData("Day,Price\n,USD\n2024-01-01,1.5\n2024-01-02,2.5\n", 1), InlineData("a,a,b,b\nx,y,x,y\n1,2,3,4\n5,6,7,8\n9,1,2,3\n", 2)]
    [InlineData("1,2\n3,4\n", 0), InlineData("country,2001,2002\nA,5.5,6.5\nB,7.5,8.5\n", 1), InlineData("name,note\nx,y\nz,w\n", 1)]
    public void Header_rows_are_counted(string text, int rows) => Assert.Equal(rows, Detect(text).HeaderRows);

    [Fact]
    public async Task Several_header_rows_are_joined_and_a_groups_name_stands_for_all_its_columns()
    {
        var converted = await Conversions.RunAsync("left,,right,\nX,Y,X,Y\n1,2,3,4\n5,6,7,8\n9,10,11,12\n");
        Assert.Equal(["left X", "left Y", "right X", "right Y"], converted.Schema.Select(c => c.Name));
        Assert.Equal(3, converted.Rows.Count);
    }

    [Fact]
    public async Task Titles_remarks_and_notes_are_no_records()
    {
        var converted = await Conversions.RunAsync("Prices of the day\n\nday,price\n2024-01-01,1.5\n# closed\n2024-01-03,2.5\n\nSource: the exchange\n");

        Assert.Equal(["day", "price"], converted.Schema.Select(c => c.Name));
        Assert.Equal(2, converted.Rows.Count);
        Assert.Empty(converted.Rejected);
        Assert.Contains(converted.Result.Notes, n => n.Contains("start with #", StringComparison.Ordinal));
        Assert.Contains(converted.Result.Notes, n => n.Contains("after the table", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_records_of_another_table_are_rejected()
    {
        var converted = await Conversions.RunAsync("day,price\n2024-01-01,1.5\n2024-01-02,2.5\n2024-01-03,3.5\nday,price,size\n2024-01-01,1,2\n2024-01-02,3,4\n");

        Assert.Equal(3, converted.Rows.Count);
        Assert.Equal([("footer", 5L), ("footer", 6L), ("footer", 7L)], converted.Rejected.Select(r => (r.Rule, r.Line)));
        Assert.Equal(55, converted.Rejected[0].ByteOffset);
    }

    [Fact]
    public async Task A_last_line_that_was_cut_off_is_no_note()
    {
        var converted = await Conversions.RunAsync("day,price\n2024-01-01,1.5\n2024-01-02,2.5\n2024-01");
        Assert.Equal("ragged", Assert.Single(converted.Rejected).Rule);
    }

    [Fact]
    public async Task A_delimiter_at_the_end_of_records_only_is_understood()
    {
        var converted = await Conversions.RunAsync("a,b\n1,2,\n3,4,\n5,6,\n");
        Assert.Equal([[1L, 2L], [3L, 4L], [5L, 6L]], converted.Rows);
    }

    [Fact]
    public async Task Text_keeps_ragged_rows_and_misplaced_quotes_as_written()
    {
        var converted = await Conversions.RunAsync(
            "a,b,c\n1,2,3\n4,5\n6,7,8,9\n\"1,x,y\nu,\"v\"w\",z\n\"q\",\"r, s\",\"t\"\n", new() { Types = TypesMode.Text, Name = "x.csv" });

        Assert.Empty(converted.Rejected);
        Assert.Equal(
            [["1", "2", "3", null], ["4", "5", null, null], ["6", "7", "8", "9"], ["\"1", "x", "y", null], ["u", "v\"w", "z", null], ["q", "r, s", "t", null]],
            converted.Rows);
    }

    [Fact]
    public async Task Places_count_bytes_and_lines_of_the_file()
    {
        var converted = await Conversions.RunAsync("title\na;b\n1;\"x\ny\"\n2\n3;z\n", new() { Name = "x.csv" });
        var rejected = Assert.Single(converted.Rejected);
        Assert.Equal(("ragged", 5L, 2L, 18L), (rejected.Rule, rejected.Line, rejected.Row, rejected.ByteOffset));
    }

    [Fact]
    public async Task What_is_configured_is_taken_as_it_is()
    {
        var hint = new FormatHint { Format = "csv", Delimiter = "::", Escape = '^', SkipLines = 1, HeaderRows = 2, FooterLines = 2, Comment = "%" };
        var converted = await Conversions.RunAsync("x::y\na::b\nc::d\n1::\"2 ^\" ::3\"\n% no\n4::5\nend\n9::9\n", new() { Hint = hint });

        Assert.Equal(["a c", "b d"], converted.Schema.Select(c => c.Name));
        Assert.Equal([[1L, "2 \" ::3"], [4L, "5"]], converted.Rows);
        Assert.Equal("footer", Assert.Single(converted.Rejected).Rule);

        var unquoted = await Conversions.RunAsync("a,b\n\"x,1\ny\",2\n", new() { Hint = new() { Format = "csv", HasNoQuotes = true } });
        Assert.Equal([["\"x", 1L], ["y\"", 2L]], unquoted.Rows);
    }

    [Fact]
    public void A_line_full_of_misplaced_quotes_is_gone_over_a_few_times_only()
    {
        var line = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\"a\"b,", 60_000)) + "1");
        var markup = new CsvMarkup(new CsvDialect(","));
        var cutter = new RecordCutter(markup, 100_000);

        Assert.True(new QuoteRepair(markup).Cut(line, 0, line.Length, 60_001, cutter));

        Assert.Equal((5, 4), (cutter.Cells[1].Start, cutter.Cells[1].Length));
    }

    [Fact]
    public void Detection_never_throws_and_takes_bounded_steps_on_hostile_text()
    {
        string[] pieces = ["\"", "\"\"", ",", "\n", "\r", "\\\"", "a", "1", ";", "||", "'", " ", "é", "\"\n\"", "#x\n", "\t\t"];
        var random = new Random(11);
        for (var i = 0; i < 400; i++)
        {
            var text = new StringBuilder();
            var few = random.Next(1, 4);
            while (text.Length < (i % 20 == 0 ? 200_000 : 500))
                text.Append(pieces[random.Next(few * 5)]);
            var finding = new FormatRecognizer().Recognize(Encoding.UTF8.GetBytes(text.ToString()), "x.csv");
            Assert.NotEmpty(finding.Evidence);
        }
    }
}
