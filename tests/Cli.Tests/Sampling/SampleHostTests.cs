using DataIngestion.Cli.Sampling;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Sampling;

/// <summary>What the test of a source says when the source, or its sample, is not as it should be.</summary>
[Collection(SampleStore.Name)]
public sealed class SampleHostTests(SampleStore store) : IDisposable
{
    const string Right = """
        now: 2024-01-05T00:00:00Z
        runs:
          - exchanges:
              - request: { path: /v1/bars, query: { n: "2", key: sample-SOME_KEY } }
                response: { body: '{"bars": [{"d": "2024-01-02", "s": "A", "c": 1.5}], "next": "p2"}' }
              - request: { path: /v1/bars, query: { n: "2", key: sample-SOME_KEY, page: p2 } }
                response: { body: '{"bars": [{"d": "2024-01-03", "s": "A", "c": 2}, {"d": "2024-01-04", "s": "A", "c": -1}]}' }
            expect:
              rows: 2
              quarantined: 1
              cursor: "2024-01-04"
              values:
                - { date: "2024-01-03", symbol: A, close: "2.00" }
        """;

    readonly TemporaryFolder _root = new("samples");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_source_that_is_right_is_ok()
    {
        var outcome = await RunAsync(Right);
        Assert.Empty(outcome.Problems);
        Assert.Equal((1, 2L), (outcome.Runs, outcome.Rows));
    }

    [Theory]
    [InlineData("n: \"2\", key: sample-SOME_KEY }", "n: \"3\", key: sample-SOME_KEY }", ":4: GET https://api.bars.example/v1/bars?n=2&key=sample-SOME_KEY is not in the sample. This exchange is closest, but n is '2' in the query where the sample has '3'.")]
    [InlineData("path: /v1/bars, query: { n: \"2\", key: sample-SOME_KEY, page: p2 }", "path: /v1/bars, query: { n: \"2\", key: sample-SOME_KEY, page: p3, size: \"9\" }", "page is 'p2' in the query where the sample has 'p3'; the query lacks size=9.")]
    [InlineData("path: /v1/bars, query: { n: \"2\", key: sample-SOME_KEY }", "path: /v1/bar, query: { n: \"2\", key: sample-SOME_KEY }", "the path is '/v1/bars' where the sample has '/v1/bar'")]
    [InlineData(", \"next\": \"p2\"}", "}", "GET /v1/bars was not asked.")]
    [InlineData("{\"d\": \"2024-01-03\", ", "{\"d\": \"2024-01-02\", ", "published 1 rows: expected 2.")]
    [InlineData("\"c\": -1", "\"c\": 1", "run 1 set 0 rows aside: expected 1.")]
    [InlineData("cursor: \"2024-01-04\"", "cursor: \"2024-01-05\"", ":11: after run 1 the cursor is '2024-01-04': expected '2024-01-05'.")]
    [InlineData("close: \"2.00\"", "close: \"3.00\"", ":12: run 1 published no row { date: 2024-01-03, symbol: A, close: 3.00 }. Closest is a row in which close is '2.00'.")]
    [InlineData("symbol: A, close", "symbol: A, bid", "there is no column bid")]
    [InlineData("rows: 2", "failure: too-many-pages", "run 1 did not fail")]
    [InlineData("/v1/bars, query: { n: \"2\", key: sample-SOME_KEY } }", "/v1/bars, query: { n: \"2\", key: sample-SOME_KEY }, headers: { X-Other: a } }", "the header X-Other is missing")]
    [InlineData("now: 2024-01-05T00:00:00Z", "now: 2024-01-05", "is not an instant")]
    [InlineData("expect:", "expects:", "unknown property 'expects'")]
    public async Task What_differs_is_said_with_its_place(string right, string wrong, string problem)
    {
        Assert.Contains(right, Right, StringComparison.Ordinal);
        var text = Right.Replace(right, wrong, StringComparison.Ordinal);
        if (wrong.StartsWith("failure", StringComparison.Ordinal))
            text = text[..text.IndexOf("    quarantined", StringComparison.Ordinal)];
        var outcome = await RunAsync(text);
        Assert.Contains(outcome.Problems, p => p.Contains(problem, StringComparison.Ordinal));
        Assert.All(outcome.Problems, p => Assert.StartsWith("samples/sources/bars/bars.yaml", p, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_may_be_expected()
    {
        var outcome = await RunAsync("""
            now: 2024-01-05T00:00:00Z
            settings: { SOME_KEY: a }
            runs:
              - exchanges:
                  - request: { path: /v1/bars, query: { n: "2", key: a } }
                    response: { status: 403, body: '{"error": "no licence"}' }
                expect: { failure: no licence }
            """);
        Assert.Empty(outcome.Problems);
    }

    [Fact]
    public async Task Pauses_move_the_clock_and_cost_no_time()
    {
        var outcome = await RunAsync("""
            now: 2024-01-05T00:00:00Z
            runs:
              - exchanges:
                  - request: { path: /v1/bars, query: { n: "2", key: sample-SOME_KEY } }
                    response: { status: 429, headers: { Retry-After: "120" } }
                  - request: { path: /v1/bars, query: { n: "2", key: sample-SOME_KEY } }
                    response: { headers: { Content-Encoding: gzip }, body: '{"bars": [{"d": "2024-01-02", "s": "A", "c": 1.5}]}' }
                expect: { rows: 1 }
            """);
        Assert.Empty(outcome.Problems);
    }

    [Fact]
    public async Task The_next_address_may_be_the_providers_own()
    {
        var outcome = await RunAsync(
            """
            now: 2024-01-05T00:00:00Z
            runs:
              - exchanges:
                  - request: { path: 'https://api.bars.example/v1/bars?n=2&key=sample-SOME_KEY' }
                    response:
                      headers: { Link: '<https://api.bars.example/v1/bars?after=7>; rel="next"' }
                      body: '{"bars": [{"d": "2024-01-02", "s": "A", "c": 1.5}]}'
                  - request: { path: /v1/bars, query: { after: "7", key: sample-SOME_KEY } }
                    response: { file: second.json }
                expect: { rows: 2, cursor: "2024-01-03" }
            """,
            pagination: "{ kind: link }",
            ("second.json", """{"bars": [{"d": "2024-01-03", "s": "A", "c": 1.5}]}"""));
        Assert.Empty(outcome.Problems);
    }

    [Fact]
    public async Task Files_of_a_sample_lie_beside_it()
    {
        var outcome = await RunAsync("""
            now: 2024-01-05T00:00:00Z
            runs:
              - exchanges:
                  - request: { path: /v1/bars }
                    response: { file: ../other.json }
                expect: { rows: 1 }
            """);
        Assert.Equal(["samples/sources/bars/bars.yaml:5: there is no file '../other.json' beside the sample's."], outcome.Problems);
    }

    [Fact]
    public async Task Files_of_another_machine_are_read_from_a_folder_of_this_one()
    {
        Write("configs/sources/bars.yaml", """
            source: bars
            kind: file
            connection:
              system: sftp
              baseUrl: sftp://files.example.com/out
              hostKey: SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
              auth: { kind: basic, user: me, value: "${SFTP_PASSWORD}" }
            datasets:
              - dataset: bars
                files: bars-*.csv
                columns: { date: { from: d }, symbol: { from: s }, close: { from: c } }
            """);
        var outcome = await RunWrittenAsync("""
            now: 2024-01-05T00:00:00Z
            runs:
              - files:
                  bars-1.csv: { text: "d,s,c\n2024-01-02,A,1.5\n" }
                  other.csv: { text: "x\n1\n" }
                expect: { rows: 1, values: [{ date: "2024-01-02", close: "1.50" }] }
              - files:
                  bars-2.csv: { text: "d,s,c\n2024-01-03,A,2\n" }
                expect: { rows: 1, values: [{ date: "2024-01-03" }] }
            """);
        Assert.Empty(outcome.Problems);
    }

    Task<SampleOutcome> RunAsync(string sample, string pagination = "{ kind: cursor, parameter: page, nextPath: next }", params (string Name, string Text)[] files)
    {
        Write("configs/sources/bars.yaml", $$$"""
            source: bars
            kind: api
            connection:
              baseUrl: https://api.bars.example/v1
              auth: { kind: api-key, query: key, value: "${SOME_KEY}" }
              limits: { requestsPerSecond: 0.1, burst: 1 }
            datasets:
              - dataset: bars
                request: { path: /bars, query: { n: "2" } }
                pagination: {{{pagination}}}
                cursor: { field: d, type: date, parameter: from }
                format: { format: json, recordPath: "$.bars[*]" }
                columns: { date: { from: d }, symbol: { from: s }, close: { from: c } }
            """);
        foreach (var (name, text) in files)
            Write($"samples/sources/bars/{name}", text);
        return RunWrittenAsync(sample);
    }

    async Task<SampleOutcome> RunWrittenAsync(string sample)
    {
        Write("configs/datasets/bars.yaml", """
            dataset: bars
            keys: [date, symbol]
            columns:
              date: { type: date }
              symbol: { type: string }
              close: { type: decimal, precision: 18, scale: 2, minimum: 0 }
            quality: { minimumScore: 0 }
            """);
        Write("samples/sources/bars/bars.yaml", sample);
        var configuration = ConfigurationLoader.Load(Path.Combine(_root.Path, "configs"), Path.Combine(Repository.Root, "workflows"));
        await using var host = await SampleHost.StartAsync(store.Storage, configuration, TestContext.Current.CancellationToken);
        return await host.RunAsync(Assert.Single(SampleFile.In(_root.Path)), TestContext.Current.CancellationToken);
    }

    void Write(string name, string text)
    {
        var path = Path.Combine(_root.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
