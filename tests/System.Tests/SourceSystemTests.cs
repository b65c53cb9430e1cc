using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using DataIngestion.Contracts;
using DataIngestion.SystemTests.Platform;
using DataIngestion.TestKit;
using Npgsql;
using StackExchange.Redis;

namespace DataIngestion.SystemTests;

/// <summary>A database, a stream and a bucket from the real server to the published dataset, one system for each manager.</summary>
[Trait("Category", "server")]
public sealed class SourceSystemTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_published_and_later_runs_fetch_what_is_new()
    {
        await using var server = await TestServer.StartAsync("postgresql", cancellationToken: Stop);
        await using var database = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={server.Port};Username=postgres;Password=postgres;Database=postgres");
        await ExecuteAsync(database, """
            CREATE TABLE bars (date date, symbol text, open numeric(18,4), high numeric(18,4), low numeric(18,4), close numeric(18,4), volume bigint,
                updated_at timestamptz NOT NULL, PRIMARY KEY (date, symbol));
            INSERT INTO bars SELECT date '2024-01-01' + i, 'S' || i % 7, 10.5, 11.25, 10, 10.75, i, timestamptz '2024-01-01 00:00+00' + i * interval '1 minute'
                FROM generate_series(1, 1000) i;
            """);
        using var folder = Configurations.With();
        Configurations.Add(folder, "configs/sources/warehouse.yaml", $$"""
            source: warehouse
            kind: database
            connection:
              system: postgresql
              baseUrl: postgresql://127.0.0.1:{{server.Port}}/postgres
              allowPrivateNetwork: true
              encrypt: false
              auth: { kind: basic, user: postgres, value: "${PG_PASSWORD}" }
            datasets:
              - dataset: daily-bars
                read:
                  object: public.bars
                cursor: { field: updated_at, type: timestamp }
                columns:
                  date: { from: date }
                  symbol: { from: symbol }
                  open: { from: open }
                  high: { from: high }
                  low: { from: low }
                  close: { from: close }
                  volume: { from: volume }
            """);
        await using var world = await World.CreateAsync(new(), folder.Path, Stop);
        world.Settings["PG_PASSWORD"] = "postgres";
        await world.StartAsync(Stop);

        var first = await ReportAsync(world, "warehouse", "first");
        await ExecuteAsync(database, "UPDATE bars SET close = 11, updated_at = '2024-02-01' WHERE volume = 5; INSERT INTO bars VALUES ('2030-01-01', 'NEW', 1, 1, 1, 1, 1, '2024-02-02')");
        var second = await ReportAsync(world, "warehouse", "second");
        var third = await ReportAsync(world, "warehouse", "third");

        Assert.Equal((1000L, 1000L), (first.RowsIn, first.RowsOut));
        Assert.Equal(2, second.RowsIn);
        Assert.Equal(RunOutcome.NothingNew, third.Outcome);
        var rows = await world.RowsAsync("daily-bars", Stop);
        Assert.Equal(1001, rows.Count);
        Assert.Contains(rows, r => r.Contains("symbol=\"S5\"", StringComparison.Ordinal) && r.Contains("close=11.0000", StringComparison.Ordinal));
        var contents = await world.GetAsync("sources/warehouse/objects?pattern=public.*", Stop);
        Assert.Contains(contents!["objects"]!.AsArray(), o => o!["name"]!.GetValue<string>() == "public.bars" && o["columns"]!.AsArray().Count == 8);
    }

    [Fact]
    public async Task A_stream_of_a_broker_is_taken_in_windows_without_losing_or_repeating_a_record()
    {
        await using var server = await TestServer.StartAsync("redis", cancellationToken: Stop);
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}");
        for (var i = 1; i <= 900; i++)
        {
            await redis.GetDatabase().StreamAddAsync("trades",
                [new("symbol", "ABC"), new("seq", i), new("at", "2024-01-02T03:04:05Z"), new("price", (100 + (i / 8m)).ToString(CultureInfo.InvariantCulture)), new("size", 1)]);
        }

        using var folder = Configurations.With();
        Configurations.Add(folder, "configs/sources/ticks.yaml", $$"""
            source: ticks
            kind: stream
            connection:
              system: redis
              baseUrl: redis://127.0.0.1:{{server.Port}}/0
              allowPrivateNetwork: true
            datasets:
              - dataset: trades
                read:
                  object: trades
                  mode: stream
                  window: 2s
                  windowRecords: 400
                  maxWindows: 4
                columns:
                  symbol: { from: symbol }
                  trade_id: { from: seq }
                  traded_at: { from: at }
                  price: { from: price }
                  size: { from: size }
            """);
        await using var world = await World.CreateAsync(new(), folder.Path, Stop);
        await world.StartAsync(Stop);

        var report = await ReportAsync(world, "ticks", "stream");

        Assert.Equal((900L, 900L), (report.RowsIn, report.RowsOut));
        var trades = (await world.RowsAsync("trades", Stop)).Select(r => r[(r.IndexOf("trade_id=", StringComparison.Ordinal) + 9)..].Split('|')[0]);
        Assert.Equal(Enumerable.Range(1, 900), trades.Select(int.Parse).Order());
    }

    [Fact]
    public async Task Objects_of_a_bucket_are_fetched_as_files()
    {
        await using var server = await TestServer.StartAsync("ceph-rgw", cancellationToken: Stop);
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials("test-access-key", "test-secret-key"),
            new AmazonS3Config { ServiceURL = $"http://127.0.0.1:{server.Port}", ForcePathStyle = true, RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED });
        await s3.PutBucketAsync("vendor", Stop);
        var samples = Directory.GetFiles(Path.Combine(World.Samples, "drop", "northfield-eod"), "*2019-11.csv");
        foreach (var file in samples)
            await s3.PutObjectAsync(new() { BucketName = "vendor", Key = $"eod/{Path.GetFileName(file)}", FilePath = file, UseChunkEncoding = false }, Stop);
        using var folder = Configurations.With();
        Configurations.Add(folder, "configs/sources/bucket.yaml", $$"""
            source: bucket
            kind: file
            connection:
              system: s3
              baseUrl: s3://vendor/eod
              endpoint: http://127.0.0.1:{{server.Port}}
              allowPrivateNetwork: true
              auth: { kind: aws, accessKeyId: "${S3_KEY}", secretAccessKey: "${S3_SECRET}" }
            datasets:
              - dataset: daily-bars
                files: northfield-*.csv
                columns:
                  date: { from: Date }
                  symbol: { from: Symbol }
                  open: { from: Open }
                  high: { from: High }
                  low: { from: Low }
                  close: { from: Close }
                  volume: { from: Volume }
            """);
        await using var world = await World.CreateAsync(new(), folder.Path, Stop);
        (world.Settings["S3_KEY"], world.Settings["S3_SECRET"]) = ("test-access-key", "test-secret-key");
        await world.StartAsync(Stop);

        var first = await ReportAsync(world, "bucket", "first");
        var second = await ReportAsync(world, "bucket", "second");

        Assert.Equal(RunOutcome.Completed, first.Outcome);
        Assert.True(first.RowsIn > 0);
        Assert.Equal(RunOutcome.NothingNew, second.Outcome);
    }

    static async Task<DatasetReport> ReportAsync(World world, string source, string key)
    {
        var status = Assert.Single(await world.EndOfAsync([await world.OrderAsync(source, key, Stop)], Limit, Stop));
        Assert.True(status.Status is RunState.Completed, $"{status.Report?.Failure?.Message} {status.Report?.Datasets[0].Failure?.Message}");
        return Assert.Single(status.Report!.Datasets);
    }

    static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
