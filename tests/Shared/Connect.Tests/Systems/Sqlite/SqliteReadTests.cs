using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Data.Sqlite;

namespace DataIngestion.Connect.Tests;

public sealed class SqliteReadTests : IDisposable
{
    readonly TemporaryFolder _folder = new("sqlite");

    string File => Path.Combine(_folder.Path, "market.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, true), InlineData(true, false), InlineData(false, true)]
    public async Task Parts_hold_every_row_once_wherever_reading_stops(bool hasCursor, bool hasKey)
    {
        await ExecuteAsync($"CREATE TABLE trades (id INTEGER {(hasKey ? "PRIMARY KEY" : "")}, at TEXT NOT NULL, price REAL)", """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO trades SELECT i, strftime('%Y-%m-%dT%H:%M:%SZ', 1767225600 + i / 10, 'unixepoch'), i / 7.0 FROM n
            """);
        await using var reader = Reader(Source("trades", hasCursor ? new() { Field = "at", Type = CursorType.Timestamp } : null, 64 << 10));

        await reader.CrashAsync(CrashPoint.BeforeLanding, part: 1);
        await reader.CrashAsync(CrashPoint.BeforeAcknowledgement, part: 1);
        await reader.CrashAsync(CrashPoint.AfterAcknowledgement, part: 2);
        await reader.RunAsync();

        reader.AssertExactly(Enumerable.Range(1, 5000), r => r.GetProperty("id").GetInt32());
        await reader.RunAsync();
        Assert.Equal(hasCursor ? 5000 : 10_000, reader.Lines.Count);
    }

    [Fact]
    public async Task Values_have_the_types_that_they_are_stored_with()
    {
        await ExecuteAsync("CREATE TABLE t (id INTEGER PRIMARY KEY, v NUMERIC)", "INSERT INTO t VALUES (1, 9223372036854775807), (2, 0.1), (3, 'text'), (4, x'00ff'), (5, NULL), (6, 9e999), (7, '2026-01-02')");
        await using var reader = Reader(Source("t"));

        await reader.RunAsync();

        Assert.Equal(["9223372036854775807", "0.1", "\"text\"", "\"AP8=\"", "null", "\"Infinity\"", "\"2026-01-02\""], reader.Records.Select(r => r.GetProperty("v").GetRawText()));
    }

    [Fact]
    public async Task A_log_that_was_not_written_back_is_read_too()
    {
        await using var writer = new SqliteConnection($"Data Source={File};Pooling=false");
        await writer.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = writer.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var reader = Reader(Source("t"));

        await reader.RunAsync();

        Assert.True(new FileInfo(File + "-wal").Length > 0);
        Assert.Single(reader.Records);
    }

    [Theory]
    [InlineData("a\"b"), InlineData("a.b"), InlineData("x\"; DROP TABLE victims; --"), InlineData("SELECT"), InlineData("naïve ☃ 表")]
    public async Task Names_are_names_whatever_they_hold(string name)
    {
        var quoted = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await ExecuteAsync("CREATE TABLE victims (id)", $"CREATE TABLE {quoted} ({quoted} INTEGER PRIMARY KEY, id)", $"INSERT INTO {quoted} VALUES (1, 2), (3, 4)");
        await using var reader = Reader(Source(SqlName.Format(name), new() { Field = name, Type = CursorType.Integer, Start = "2" }));

        await reader.RunAsync();

        Assert.Equal(3, Assert.Single(reader.Records).GetProperty(name).GetInt32());
        Assert.Equal(new HashSet<string> { SqlName.Format(name), "victims" }, (await reader.DiscoverAsync()).Select(o => o.Name).ToHashSet());
    }

    [Theory]
    [InlineData("/etc/passwd", "forbidden"), InlineData("{folder}/../elsewhere.db", "forbidden"), InlineData("{folder}/link.db", "forbidden"), InlineData("{folder}/missing.db", "not-found"), InlineData("{folder}/text.db", "protocol-error")]
    public async Task Files_elsewhere_and_other_files_are_refused(string path, string code)
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder.Path, "text.db"), new string('x', 5000), TestContext.Current.CancellationToken);
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.db"), "/etc/hostname");
        var source = Source("t");
        source = source with { Connection = source.Connection! with { BaseUrl = $"sqlite://{path.Replace("{folder}", _folder.Path, StringComparison.Ordinal)}" } };
        await using var reader = Reader(source);

        var failure = await reader.FailureAsync();

        Assert.Equal((code, false), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task A_file_that_somebody_writes_is_waited_for_and_then_a_transient_failure()
    {
        await ExecuteAsync("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        await using var writer = new SqliteConnection($"Data Source={File};Pooling=false");
        await writer.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = writer.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var source = Source("t");
        await using var reader = Reader(source with { Connection = source.Connection! with { Limits = Sources.Quick with { AttemptTimeout = TimeSpan.FromSeconds(1), Attempts = 1 } } });

        var failure = await reader.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        command.CommandText = "COMMIT";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await reader.RunAsync());
    }

    [Fact]
    public async Task Nothing_is_written_and_what_is_missing_is_named()
    {
        await ExecuteAsync("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        await using var missing = Reader(Source("nowhere"));
        await using var column = Reader(Source("t", new() { Field = "at", Type = CursorType.Text }));

        Assert.Contains("no table or view 'nowhere'", (await missing.FailureAsync()).Message, StringComparison.Ordinal);
        Assert.Contains("no column 'at', which 'cursor' names", (await column.FailureAsync()).Message, StringComparison.Ordinal);
        Assert.StartsWith("SQLite 3.", await column.ProbeAsync(), StringComparison.Ordinal);
    }

    SourceDefinition Source(string table, CursorDefinition? cursor = null, long artefactBytes = 64 << 20) => new()
    {
        Source = "market",
        Kind = SourceKind.Database,
        Connection = new() { System = "sqlite", BaseUrl = $"sqlite://{File}", Limits = Sources.Quick },
        Datasets = [new() { Dataset = "trades", Cursor = cursor, Read = new() { Object = table, ArtefactBytes = artefactBytes } }],
    };

    ReaderHarness Reader(SourceDefinition source) => new(source, settings: [("Ingestion:LocalFolders", _folder.Path)]);

    async Task ExecuteAsync(params string[] statements)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
