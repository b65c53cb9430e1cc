using System.Diagnostics;
using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>A table out of PostgreSQL against <c>psql \copy</c>, both as CSV into a file; and the same as NDJSON, in parts with cursor and key.</summary>
internal sealed class PostgreSqlRace : IConnectRace
{
    const int Rows = 2_000_000;
    const int Rounds = 5;

    public string Name => "postgresql";

    public string? Server => "postgresql";

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await using var server = await TestServer.StartAsync("postgresql", cancellationToken: cancellationToken);
        using var target = new TemporaryFolder("race");
        var psql = new Client("psql", ["-h", "127.0.0.1", "-p", $"{server.Port}", "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1"], ("PGPASSWORD", "postgres"));
        await psql.WhenUpAsync(["-c", "SELECT 1"], cancellationToken);
        await psql.RunAsync(
            [
                "-c",
                $"""
                CREATE TABLE trades AS SELECT i::bigint AS id, '2026-01-01'::timestamptz + i * interval '10 milliseconds' AS at, 'S' || i % 500 AS symbol, (i % 100000) / 100.0 AS price, i % 1000 AS size,
                  (ARRAY['XNAS', 'XNYS', 'BATS'])[1 + i % 3] AS venue, i % 7 = 0 AS odd, sin(i) AS factor FROM generate_series(1, {Rows}) i;
                """,
                "-c", "ALTER TABLE trades ADD PRIMARY KEY (id), ALTER at SET NOT NULL", "-c", "CREATE INDEX ON trades (at, id)", "-c", "VACUUM ANALYZE trades",
            ],
            null,
            cancellationToken);

        string[] copy = ["-c", $"\\copy trades TO '{target.File("theirs")}' WITH (FORMAT csv, HEADER)"];
        var whole = Source(server.Port, "csv", cursor: false);
        var parts = Source(server.Port, "csv", cursor: true);
        var json = Source(server.Port, "ndjson", cursor: false);
        var (theirs, ours, inParts, asJson) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            theirs = Min(theirs, await psql.RunAsync(copy, null, cancellationToken));
            ours = Min(ours, await DatabaseStage.ReadAsync(whole, "postgres", target, Rows, cancellationToken));
            inParts = Min(inParts, await DatabaseStage.ReadAsync(parts, "postgres", target, Rows, cancellationToken));
            asJson = Min(asJson, await DatabaseStage.ReadAsync(json, "postgres", target, Rows, cancellationToken));
        }

        var bytes = new FileInfo(target.File("theirs")).Length / 1e6;
        report.Add(new RaceResult("postgresql", $"{Rows:N0} rows, {bytes:N0} MB of CSV, one part; psql \\copy", bytes / ours.TotalSeconds, bytes / theirs.TotalSeconds, "MB/s", theirs / ours, null));
        report.Add(new RaceResult("postgresql", "the same in parts, ordered by cursor and key; psql \\copy without order", bytes / inParts.TotalSeconds, bytes / theirs.TotalSeconds, "MB/s of CSV", theirs / inParts, null));
        report.Add(new RaceResult("postgresql", "the same rows as NDJSON; psql \\copy", bytes / asJson.TotalSeconds, bytes / theirs.TotalSeconds, "MB/s of CSV", theirs / asJson, null));
    }

    // Without a key COPY is not ordered, as psql's is not.
    static SourceDefinition Source(int port, string format, bool cursor) => DatabaseStage.Source(
        "postgresql", $"postgresql://127.0.0.1:{port}/postgres", "postgres", cursor ? "trades" : null, cursor,
        cursor ? new() { ["format"] = format } : new() { ["format"] = format, ["query"] = "SELECT * FROM trades" });

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>A table out of MariaDB as NDJSON against <c>mariadb --batch --quick</c>, which writes text with tabs.</summary>
internal sealed class MariaDbRace : IConnectRace
{
    const int Rows = 1_000_000;
    const int Rounds = 3;

    public string Name => "mariadb";

    public string? Server => "mariadb";

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await using var server = await TestServer.StartAsync("mariadb", cancellationToken: cancellationToken);
        using var target = new TemporaryFolder("race");
        var client = new Client("mariadb", ["-h", "127.0.0.1", "-P", $"{server.Port}", "-uroot", "--batch", "--quick"], ("MYSQL_PWD", "mariadb"));
        await client.WhenUpAsync(["-e", "SELECT 1"], cancellationToken);
        await client.RunAsync(
            ["-e", $"CREATE DATABASE race; USE race; CREATE TABLE trades (id bigint PRIMARY KEY, at datetime(3) NOT NULL, symbol varchar(8), price decimal(12, 2), size int, venue char(4), odd tinyint, factor double) SELECT seq AS id, '2026-01-01' + INTERVAL seq * 10000 MICROSECOND AS at, concat('S', seq % 500) AS symbol, seq % 100000 / 100 AS price, seq % 1000 AS size, 'XNAS' AS venue, seq % 7 = 0 AS odd, sin(seq) AS factor FROM seq_1_to_{Rows}"],
            null,
            cancellationToken);

        var source = DatabaseStage.Source("mysql", $"mysql://127.0.0.1:{server.Port}/race", "root", "trades", cursor: false, []);
        var (theirs, ours) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var (a, b) = (await client.RunAsync(["-e", "SELECT * FROM race.trades ORDER BY id"], target.File("theirs"), cancellationToken), await DatabaseStage.ReadAsync(source, "mariadb", target, Rows, cancellationToken));
            (theirs, ours) = (theirs < a ? theirs : a, ours < b ? ours : b);
        }

        report.Add(new RaceResult("mariadb", $"{Rows:N0} rows as NDJSON, in parts; mariadb --batch --quick", Rows / ours.TotalSeconds, Rows / theirs.TotalSeconds, "rows/s", theirs / ours, null));
    }
}

/// <summary>Reads databases into files.</summary>
internal static class DatabaseStage
{
    public static SourceDefinition Source(string system, string address, string user, string? table, bool cursor, Dictionary<string, string> options) => new()
    {
        Source = "race",
        Kind = SourceKind.Database,
        Connection = new()
        {
            System = system,
            BaseUrl = address,
            AllowPrivateNetwork = true,
            Auth = new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = user, ["value"] = "${RACE_PASSWORD}" } },
            Options = new Dictionary<string, string> { ["encrypt"] = "false" },
        },
        Datasets = [new() { Dataset = "race", Cursor = cursor ? new() { Field = "at", Type = CursorType.Timestamp } : null, Read = new() { Object = table, Options = options } }],
    };

    public static async Task<TimeSpan> ReadAsync(SourceDefinition source, string password, TemporaryFolder target, long rows, CancellationToken cancellationToken)
    {
        await using var stage = new ConnectStage(("RACE_PASSWORD", password));
        var part = 0;
        var began = Stopwatch.GetTimestamp();
        var (_, records, _) = await stage.ReadAsync(source, () => File.Create(target.File($"ours{part++ % 2}"), 1), cancellationToken);
        var time = Stopwatch.GetElapsedTime(began);
        return records == rows ? time : throw new InvalidOperationException($"{records} rows of {rows} were read.");
    }
}

/// <summary>A database's own client.</summary>
internal sealed class Client(string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
{
    /// <summary>Runs it; its output goes to a file.</summary>
    /// <returns>The time that it took.</returns>
    public async Task<TimeSpan> RunAsync(IReadOnlyList<string> more, string? output, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, [.. arguments, .. more]) { UseShellExecute = false, RedirectStandardOutput = output is not null, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(cancellationToken);
        if (output is not null)
        {
            await using var file = File.Create(output, 1);
            await process.StandardOutput.BaseStream.CopyToAsync(file, 256 << 10, cancellationToken);
        }

        await process.WaitForExitAsync(cancellationToken);
        var time = Stopwatch.GetElapsedTime(began);
        return process.ExitCode == 0 ? time : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}: {await said}");
    }

    /// <summary>Waits until the server lets it in.</summary>
    public async Task WhenUpAsync(IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        for (var left = 100; ; left--)
        {
            try
            {
                await RunAsync(more, "/dev/null", cancellationToken);
                return;
            }
            catch (InvalidOperationException) when (left > 0)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
