using DataIngestion.Contracts;
using DataIngestion.Conversion;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>What COPY writes and what the converter reads is the same.</summary>
[Trait("Category", "server")]
public sealed class PostgreSqlCsvTests(SharedServers servers)
{
    [Fact]
    public async Task The_converter_reads_what_copy_wrote()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = await PostgresDatabase.CreateAsync(
            await servers.GetAsync("postgresql"),
            """
            CREATE TABLE t (id int PRIMARY KEY, text text, amount numeric, at timestamptz, flag boolean, data bytea);
            INSERT INTO t VALUES
              (1, NULL, NULL, NULL, NULL, NULL), (2, '', 0.10, '2026-01-02 03:04:05.678901+00', true, ''), (3, E'one "two",\nthree\\', -12345678901234567890.123456789, '2026-01-02', false, '\xff'),
              (4, '\N', 1, '2026-01-02', true, NULL), (5, '\.', 1, '2026-01-02', true, NULL), (6, ' spaced ', 1, '2026-01-02', true, NULL), (7, 'naïve ☃', 1, '2026-01-02', true, NULL);
            """);
        await using var reader = PostgresDatabase.Reader(database.Source("t"));
        await reader.RunAsync();
        using var output = new MemoryStream();

        var result = await new Converter().ConvertAsync(
            _ => new(new MemoryStream(Assert.Single(reader.Landed).Bytes)), output, (_, _) => ValueTask.CompletedTask,
            new() { Name = "t.csv", Output = OutputFormat.Ndjson }, cancellationToken: cancellationToken);

        Assert.Equal((7L, 0L), (result.RowsOut, result.RowsRejected));
        Assert.Equal(
            [
                """{"id":1,"text":null,"amount":null,"at":null,"flag":null,"data":null}""",
                """{"id":2,"text":"","amount":0.100000000,"at":"2026-01-02T03:04:05.678901Z","flag":true,"data":""}""",
                """{"id":3,"text":"one \"two\",\nthree\\","amount":-12345678901234567890.123456789,"at":"2026-01-02T00:00:00.000000Z","flag":false,"data":"/w=="}""",
                """{"id":4,"text":"\\N","amount":1.000000000,"at":"2026-01-02T00:00:00.000000Z","flag":true,"data":null}""",
                """{"id":5,"text":"\\.","amount":1.000000000,"at":"2026-01-02T00:00:00.000000Z","flag":true,"data":null}""",
                """{"id":6,"text":" spaced ","amount":1.000000000,"at":"2026-01-02T00:00:00.000000Z","flag":true,"data":null}""",
                """{"id":7,"text":"naïve ☃","amount":1.000000000,"at":"2026-01-02T00:00:00.000000Z","flag":true,"data":null}""",
            ],
            System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
