using CsCheck;
using DataIngestion.Contracts;

namespace DataIngestion.Connect.Tests;

/// <summary>What is sent, to the letter; of SQL Server and Oracle it is all that can be tested without one.</summary>
public sealed class SqlSelectTests
{
    static readonly SqlDialect[] Dialects = [new PostgreSqlDialect(PostgreSqlFormat.Csv), new MySqlDialect(), new SqliteDialect(), new SqlServerDialect(), new GenericDialect(new())];

    [Fact]
    public void Sql_server_reads_behind_a_row()
    {
        var statement = Select(
            new SqlServerDialect(), "market.trades", [new("at", "datetime2(7)", false, false), new("id", "bigint", false, true), new("price", "decimal(38,10)", true, false), new("spot", "geography", true, false)])
            .Rows(new() { After = new(new("2026-01-02T03:04:05.1234567"), [new("17", true)]), Upper = new SqlValue("2026-02-01T00:00:00") });

        Assert.Equal(
            """
            SELECT src.[at], src.[id], CONVERT(varchar(41), src.[price]) AS [price], src.[spot].STAsText() AS [spot]
            FROM [market].[trades] src
            WHERE (src.[at] >= CAST(@p0 AS datetime2(7)) AND (src.[at] > CAST(@p1 AS datetime2(7)) OR src.[id] > CAST(@p2 AS bigint))) AND src.[at] <= CAST(@p3 AS datetime2(7))
            ORDER BY src.[at], src.[id]
            """,
            statement.Text);
        Assert.Equal(["2026-01-02T03:04:05.1234567", "2026-01-02T03:04:05.1234567", "17", "2026-02-01T00:00:00"], statement.Bindings.Select(b => b.Value!.Value.Text));
    }

    [Fact]
    public void Oracle_reads_behind_a_row()
    {
        var statement = Select(
            new OracleDialect(), "MARKET.TRADES", [new("AT", "TIMESTAMP(6) WITH TIME ZONE", false, false), new("ID", "NUMBER(19,0)", false, true), new("DAY", "DATE", true, false), new("NOTE", "VARCHAR2(40)", true, false)])
            .Rows(new() { After = new(new("2026-01-02T03:04:05.123456000+00:00"), [new("17", true)]) });

        Assert.Equal(
            """
            SELECT TO_CHAR(src."AT" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.FFTZH:TZM') AS "AT", TO_CHAR(src."ID", 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''') AS "ID", TO_CHAR(src."DAY", 'YYYY-MM-DD"T"HH24:MI:SS') AS "DAY", src."NOTE"
            FROM "MARKET"."TRADES" src
            WHERE (src."AT" >= TO_TIMESTAMP_TZ(:p0, 'YYYY-MM-DD"T"HH24:MI:SS.FFTZH:TZM') AND (src."AT" > TO_TIMESTAMP_TZ(:p1, 'YYYY-MM-DD"T"HH24:MI:SS.FFTZH:TZM') OR src."ID" > TO_NUMBER(:p2)))
            ORDER BY src."AT", src."ID"
            """,
            statement.Text);
    }

    [Fact]
    public void The_greatest_value_is_asked_for_by_the_databases_clock()
    {
        var columns = new SqlColumn[] { new("at", "datetimeoffset(7)", true, false) };

        Assert.Equal(
            """
            SELECT max(src.[at])
            FROM [t] src
            WHERE (price > 0
            ) AND src.[at] >= CAST(@p0 AS datetimeoffset(7)) AND src.[at] <= SYSDATETIMEOFFSET()
            """,
            Select(new SqlServerDialect(), "t", columns, "price > 0").Upper(new() { From = new SqlValue("2026-01-01T00:00:00+00:00") }).Text);
        Assert.Equal("SELECT COUNT_BIG(*)\nFROM [t] src\nWHERE (src.[at] IS NULL)", Select(new SqlServerDialect(), "t", columns).WithoutCursor()!.Text);
    }

    [Fact]
    public void Three_columns_order_rows_in_every_dialect_alike()
    {
        SqlColumn[] columns = [new("a", "int", false, false), new("b", "int", false, true), new("c", "int", false, true)];
        var range = new SqlRange { After = new(new("1", true), [new("2", true), new("3", true)]) };

        Assert.Contains("(src.\"a\", src.\"b\", src.\"c\") > (@p0, @p1, @p2)", Select(new SqliteDialect(), "t", columns).Rows(range).Text, StringComparison.Ordinal);
        Assert.Contains(
            "(src.\"a\" >= @p0 AND (src.\"a\" > @p1 OR (src.\"b\" >= @p2 AND (src.\"b\" > @p3 OR src.\"c\" > @p4))))", Select(new GenericDialect(new()), "t", columns).Rows(range).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_name_holds_it_stays_inside_its_quotes()
    {
        var names = Gen.OneOf(Gen.String[Gen.Char["\"`'[].;-\\/*\n\r\t {}@:$%\u00e9\u2603a"], 1, 20], Gen.Const("SELECT"), Gen.Const("x\"; DROP TABLE t; --"), Gen.Const("]]"));

        names.Sample(name =>
        {
            foreach (var dialect in Dialects)
            {
                var quoted = dialect.Quote(name);
                var (open, close) = (quoted[0], quoted[^1]);
                var inside = quoted[1..^1];

                // The closing quote occurs inside in pairs only, and undoing them gives the name.
                Assert.Equal(name, inside.Replace($"{close}{close}", $"{close}", StringComparison.Ordinal));
                Assert.True(Runs(inside, close).All(length => length % 2 == 0), $"{dialect.GetType().Name}: {quoted}");
                Assert.Contains((open, close), new[] { ('"', '"'), ('`', '`'), ('[', ']') });
            }
        });
    }

    [Fact]
    public void Names_of_parts_are_read_as_they_were_written() =>
        Gen.String[Gen.Char["\".ab \u2603"], 1, 8].Array[1, 3].Sample(parts => Assert.Equal(parts, SqlName.TryParse(SqlName.Format(parts))));

    [Theory, InlineData(""), InlineData("."), InlineData("a."), InlineData(".a"), InlineData("\"a"), InlineData("\"a\"b"), InlineData("a..b"), InlineData("\"\"")]
    public void What_is_no_name_is_refused(string name) => Assert.Null(SqlName.TryParse(name));

    [Theory, InlineData(""), InlineData("a\0b")]
    public void What_no_database_can_name_is_refused(string name) =>
        Assert.All(Dialects, d => Assert.Equal("configuration-invalid", Assert.Throws<StepFailedException>(() => d.Quote(name)).Failure.Code));

    [Theory]
    [InlineData("1.50", "1.50"), InlineData(".5", "0.5"), InlineData("-.5", "-0.5"), InlineData("NaN", "\"NaN\""), InlineData("Infinity", "\"Infinity\""), InlineData("000042", "42"), InlineData("000", "0"), InlineData("00.5", "0.5")]
    [InlineData("-0.0", "-0.0"), InlineData("1e-7", "1e-7"), InlineData("", "\"\""), InlineData("-", "\"-\""), InlineData("12345678901234567890123456789012345678901234567890.5", "12345678901234567890123456789012345678901234567890.5")]
    public void Numbers_keep_their_digits(string text, string json)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer))
            SqlJson.WriteNumber(writer, text);

        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
        _ = System.Text.Json.JsonElement.Parse(json); // is JSON
    }

    [Theory]
    [InlineData(CursorType.Date, "2026-03-01", "1d", "2026-02-28"), InlineData(CursorType.Timestamp, "2026-01-01 00:00:00.5+00", "1s", "2025-12-31T23:59:59.5+00:00")]
    [InlineData(CursorType.Timestamp, "2026-01-01T00:00:00", "1m", "2025-12-31T23:59:00"), InlineData(CursorType.Integer, "18446744073709551616", "1", "18446744073709551615"), InlineData(CursorType.Timestamp, "infinity", "1s", "infinity")]
    public void Overlaps_go_back_exactly(CursorType type, string value, string overlap, string expected) =>
        Assert.Equal(expected, new SqlValue(value).Behind(new() { Field = "f", Type = type, Overlap = overlap }).Text);

    [Fact]
    public void Checks_name_what_is_wrong_with_a_dataset()
    {
        static string[] Of(string? table, string? query = null, CursorDefinition? cursor = null) =>
            [.. SqlChecks.Of(new() { Dataset = "d", Cursor = cursor, Read = new() { Object = table, Options = query is null ? new Dictionary<string, string>() : new() { ["query"] = query } } }).Select(f => f.Message)];

        Assert.Empty(Of("market.trades"));
        Assert.Empty(Of(null, "SELECT 1 AS x"));
        Assert.Contains("exactly one of 'object'", Assert.Single(Of(null)), StringComparison.Ordinal);
        Assert.Contains("exactly one of 'object'", Assert.Single(Of("t", "SELECT 1")), StringComparison.Ordinal);
        Assert.Contains("not the name of a table", Assert.Single(Of("a..b")), StringComparison.Ordinal);
        Assert.Contains("begins with SELECT or WITH", Assert.Single(Of(null, "DELETE FROM t")), StringComparison.Ordinal);
        Assert.Contains("needs a 'cursor'", Assert.Single(Of(null, "SELECT * FROM t WHERE a > {from}")), StringComparison.Ordinal);
        Assert.Contains("'{to}' is a time", Assert.Single(Of(null, "SELECT * FROM t WHERE a < {to}", new() { Field = "a", Type = CursorType.Integer })), StringComparison.Ordinal);
    }

    static IEnumerable<int> Runs(string text, char of)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && text[i] == of)
                i++;
            if (i > start)
                yield return i - start;
        }
    }

    static SqlSelect Select(SqlDialect dialect, string table, SqlColumn[] columns, string? where = null)
    {
        columns = [.. columns.Select(dialect.Prepare)];
        return new(dialect, new(dialect.QuoteName(table), columns), columns, columns[0], [.. columns.Where(c => c.Key)], where);
    }
}
