using DataIngestion.TestKit;
using Microsoft.Data.Sqlite;

namespace DataIngestion.Conversion.Tests.Sqlite;

public sealed class SqliteTests
{
    [Fact]
    public async Task Columns_whose_values_agree_have_types_and_texts_that_are_dates_are_dates()
    {
        var file = Database("""
            CREATE TABLE t (id INTEGER PRIMARY KEY, price REAL, qty DECIMAL(10,2), flag BOOLEAN, day TEXT, at DATETIME, code TEXT, raw BLOB, none INT);
            INSERT INTO t VALUES (9007199254740993, 1.5, 3, 1, '2024-01-02', '2024-01-02 10:30:00', '0012', x'00FF', NULL), (2, NULL, 2.25, 0, '2024-12-31', '2024-01-02 10:30:00.5', '77', x'', NULL);
            """);

        var converted = await Conversions.RunAsync(file, Conversions.As("sqlite"));

        Assert.Equal(
            "id int64,price double,qty double,flag boolean,day date,at timestamp(us),code string,raw binary,none int64",
            string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal([9007199254740993L, 1.5, 3.0, true, new DateOnly(2024, 1, 2)], converted.Rows[1].Take(5));
        Assert.Equal(("77", 2.25, null), (converted[0, "code"], converted[0, "qty"], converted[0, "none"]));
        Assert.Empty(converted.Result.Notes);
    }

    [Fact]
    public async Task An_empty_text_is_a_value()
    {
        var file = Database("CREATE TABLE t (id INTEGER, a TEXT); INSERT INTO t VALUES (1, ''), (2, '7'), (3, NULL);");

        var converted = await Conversions.RunAsync(file, Conversions.As("sqlite"));

        Assert.Equal(["", "7", null], converted.Rows.Select(r => r[1]));
    }

    [Fact]
    public async Task A_column_of_several_storage_classes_is_text_and_a_note_says_why()
    {
        var file = Database("CREATE TABLE t (a INTEGER, b); INSERT INTO t VALUES (1, 1), ('x', 9007199254740993), (2.5, 0.1), (x'CAFE', NULL);");

        var converted = await Conversions.RunAsync(file, Conversions.As("sqlite"));

        Assert.Equal(["1", "x", "2.5", "cafe"], converted.Rows.Select(r => r[0]));
        Assert.Equal(["1", "9007199254740993", "0.1", null], converted.Rows.Select(r => r[1]));
        Assert.Contains(converted.Result.Notes, n => n.StartsWith("Column 'a', declared INTEGER, holds 1 integers, 1 real numbers, 1 texts, 1 blobs (now hexadecimal): it is text.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tables_without_rowid_generated_columns_and_views_are_read()
    {
        var file = Database("""
            CREATE TABLE "a ""b" (k TEXT PRIMARY KEY, n INT, twice INT GENERATED ALWAYS AS (n * 2) STORED, v INT AS (n + 1) VIRTUAL) WITHOUT ROWID;
            INSERT INTO "a ""b" (k, n) VALUES ('x', 2), ('y', 3);
            CREATE VIEW sums AS SELECT sum(n) AS total, max(k) FROM "a ""b";
            """);

        var table = await Conversions.RunAsync(file, Conversions.As("sqlite"));
        var view = await Conversions.RunAsync(file, Table("sums"));

        Assert.Equal([["x", 2L, 4L, 3L], ["y", 3L, 6L, 4L]], table.Rows);
        Assert.Equal([5L, "y"], Assert.Single(view.Rows));
        Assert.Equal(["total", "max(k)"], view.Schema.Select(c => c.Name));
    }

    [Fact]
    public async Task Several_tables_need_a_choice_and_texts_in_UTF16_are_text()
    {
        var file = Database("PRAGMA encoding='UTF-16le'; CREATE TABLE one (a); CREATE TABLE two (a); INSERT INTO two VALUES ('é' || char(0) || 'x');");

        var unclear = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(file, Conversions.As("sqlite")));
        var two = await Conversions.RunAsync(file, Table("two"));
        var unknown = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(file, Table("three")));

        Assert.Equal("The content holds 2 tables: one, two. Say which one to read.", unclear.Message);
        Assert.Equal("é\0x", two[0, "a"]);
        Assert.Equal("The content has no table 'three': it holds one, two.", unknown.Message);
    }

    [Theory]
    [InlineData("CREATE VIEW v AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c;", "computes without giving a row")]
    [InlineData("CREATE VIEW v AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c;", "rows out of")]
    [InlineData("CREATE VIEW v AS SELECT load_extension('/tmp/x.so') AS a;", "cannot be read")]
    [InlineData("CREATE VIEW v AS SELECT zeroblob(900000000) AS a;", "recordBytes")]
    public async Task Hostile_schemas_end_in_a_sentence(string sql, string expected)
    {
        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(Database(sql), Table("v")));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_cut_or_encrypted_is_refused()
    {
        var file = Database("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(9000));");

        var cut = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(file[..8192], Conversions.As("sqlite")));
        var other = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync([.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))], Conversions.As("sqlite")));

        Assert.Contains("cut off: it has 8192 bytes of", cut.Message, StringComparison.Ordinal);
        Assert.Contains("encrypted", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_beside_the_file_is_told_and_a_hot_journal_refused()
    {
        using var folder = new TemporaryFolder("sqlite");
        var path = Path.Combine(folder.Path, "a.db");
        await File.WriteAllBytesAsync(path, Database("CREATE TABLE t (a); INSERT INTO t VALUES (1);"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path + "-wal", [1, 2, 3], TestContext.Current.CancellationToken);

        var told = await ConvertAsync(path);
        Assert.Contains("'a.db-wal' with 3 bytes of changes", Assert.Single(told.Notes), StringComparison.Ordinal);

        await File.WriteAllBytesAsync(path + "-journal", [0xD9, 0xD5], TestContext.Current.CancellationToken);
        Assert.Contains("was not finished", (await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync(path))).Message, StringComparison.Ordinal);
    }

    static Task<ConversionResult> ConvertAsync(string path) => new Converter().ConvertAsync(
        _ => new(File.OpenRead(path)), new MemoryStream(), (_, _) => ValueTask.CompletedTask, Conversions.As("sqlite"), null, TestContext.Current.CancellationToken);

    static ConversionRequest Table(string name) => new() { Hint = new() { Format = "sqlite", Table = name } };

    /// <summary>Small databases, for fuzzing.</summary>
    internal static IReadOnlyList<byte[]> Seeds() =>
    [
        Database("PRAGMA page_size=512; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL); INSERT INTO t VALUES (1, 'x', 1.5), (2, '2024-01-02', NULL);"),
        Database("PRAGMA page_size=512; CREATE TABLE t (k TEXT PRIMARY KEY, b BLOB) WITHOUT ROWID; WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60) INSERT INTO t SELECT 'k' || n, zeroblob(n * 20) FROM c;"),
    ];

    static byte[] Database(string sql)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
            {
                connection.Open();
                using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own statements
                command.CommandText = sql;
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            }

            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
