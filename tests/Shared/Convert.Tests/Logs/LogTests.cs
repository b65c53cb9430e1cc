using System.Text;

namespace DataIngestion.Conversion.Tests.Logs;

public sealed class LogTests
{
    const string Combined = """
        10.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a?b=\"c\" HTTP/1.0" 200 2326 "http://x/" "Mozilla/4.08 [en]"
        10.0.0.2 - - [10/Oct/2000:13:55:37 -0700] "POST / HTTP/1.1" 404 - "-" "curl"
        not a line

        """;

    const string Levels = """
        2024-01-02 10:00:00,123 [main] INFO  started
        2024-01-02 10:00:01,456 [main] ERROR failed
        java.lang.IllegalStateException: x
        	at a.b.C(D.java:1)
        Caused by: y
        2024-01-02 10:00:02,000 [main] WARN  on

        """;

    const string W3c = """
        #Software: Microsoft Internet Information Services 10.0
        #Fields: date time cs-method cs-uri-stem sc-status
        2024-01-02 10:00:00 GET /index.html 200
        2024-01-02 10:00:01 GET - 404
        #Fields: date time sc-status time-taken
        2024-01-02 10:00:02 200 15
        2024-01-02 10:00:02 200

        """;

    [Fact]
    public async Task Lines_of_web_servers_have_a_time_that_is_one_and_others_are_rejected()
    {
        var converted = await Conversions.RunAsync(Combined, Conversions.As("log"));

        Assert.Equal(
            "host string,ident string,user string,time timestamp(us,utc),request string,status int64,bytes int64,referer string,user_agent string",
            string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal("2000-10-10T20:55:36Z", converted[0, "time"]!.ToString());
        Assert.Equal(["10.0.0.2", null, null], converted.Rows[1].Take(3));
        Assert.Equal((404L, null, null), (converted[1, "status"], converted[1, "bytes"], converted[1, "referer"]));
        var rejected = Assert.Single(converted.Rejected);
        Assert.Equal((3L, "pattern", "a line as apache-combined writes it", "not a line"), (rejected.Line, rejected.Rule, rejected.Expected, rejected.Raw));
    }

    [Fact]
    public async Task Stack_traces_belong_to_the_record_before_them()
    {
        var converted = await Conversions.RunAsync(Levels, Conversions.As("log"));
        var alone = await Conversions.RunAsync(Levels, With(("continuation", "reject")));

        Assert.Equal(["started", "failed", "on"], converted.Rows.Select(r => ((string)r[3]!).Split('\n')[0]));
        Assert.Equal("failed\njava.lang.IllegalStateException: x\n\tat a.b.C(D.java:1)\nCaused by: y", converted[1, "message"]);
        Assert.Empty(converted.Rejected);
        Assert.Equal(("main", "ERROR"), (converted[1, "thread"], converted[1, "level"]));
        Assert.Equal("2024-01-02T10:00:01.456", converted[1, "time"]!.ToString());
        Assert.Equal((3, 3), (alone.Rows.Count, alone.Rejected.Count));
    }

    [Fact]
    public async Task Fields_of_the_W3C_format_may_change_inside_a_file()
    {
        var converted = await Conversions.RunAsync(W3c, Conversions.As("log"));

        Assert.Equal("date date,time time(us),cs-method string,cs-uri-stem string,sc-status int64,time-taken int64", string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal([200L, 404L, 200L], converted.Rows.Select(r => r[4]));
        Assert.Equal([null, null, 15L], converted.Rows.Select(r => r[5]));
        Assert.Equal(7, Assert.Single(converted.Rejected).Line);
    }

    [Theory]
    [InlineData("<165>1 2003-10-11T22:14:15.003Z host app 111 ID47 [a@1 k=\"v\"] text\n", "priority,version,time,host,app,process,message_id,data,message", "syslog-rfc5424")]
    [InlineData("<34>Oct 11 22:14:15 mymachine su[12]: 'su root' failed\n", "priority,time,host,tag,process,message", "syslog-rfc3164")]
    [InlineData("2024-01-02 10:00:00 status installed libc6:amd64 2.36\n", "time,message", "time")]
    [InlineData("at=info method=GET path=/ dur=12 msg=\"two \\\"words\\\"\" done\n", "at,method,path,dur,msg,done", "logfmt")]
    public async Task The_pattern_is_found_by_trying(string line, string columns, string pattern)
    {
        var converted = await Conversions.RunAsync(line + line, Conversions.As("log"));

        Assert.Equal(columns, string.Join(',', converted.Schema.Select(c => c.Name)));
        Assert.Contains($"lines are written as {pattern}", converted.Result.Notes);
        Assert.Equal((2, 0), (converted.Rows.Count, converted.Rejected.Count));
    }

    [Fact]
    public async Task A_regular_expression_names_the_columns_and_cannot_run_away()
    {
        var converted = await Conversions.RunAsync("A;1\nB;2\nxx\n", With(("pattern", "^(?<k>[A-Z]);(?<n>\\d+)$")));
        var slow = await Conversions.RunAsync(new string('a', 20_000) + "!\n", With(("pattern", "^(?<k>(a+)+)$")));
        var back = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("a\n", With(("pattern", "(?<k>a)\\k<k>"))));
        var none = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("it was a dark\nand stormy night\n", Conversions.As("log")));

        Assert.Equal([["A", 1L], ["B", 2L]], converted.Rows);
        Assert.Single(slow.Rejected);
        Assert.Contains("option 'pattern' of log", back.Message, StringComparison.Ordinal);
        Assert.Contains("none of the known patterns", none.Message, StringComparison.Ordinal);
    }

    static ConversionRequest With(params (string Name, string Value)[] options) =>
        new() { Hint = new() { Format = "log", Options = options.ToDictionary(o => o.Name, o => o.Value) } };

    /// <summary>Small logs, for fuzzing.</summary>
    internal static IReadOnlyList<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes(Combined), Encoding.UTF8.GetBytes(Levels), Encoding.UTF8.GetBytes(W3c),
        Encoding.UTF8.GetBytes("at=info method=GET path=/ dur=12 msg=\"two \\\"words\\\"\" done\nat=warn method=PUT path=/x dur=1\n"),
        Encoding.UTF8.GetBytes("<34>Oct 11 22:14:15 mymachine su[12]: 'su root' failed\n<34>Oct 11 22:14:16 mymachine su: on\n"),
    ];
}
