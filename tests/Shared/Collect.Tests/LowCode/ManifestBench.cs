using System.Text;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

/// <summary>What a vendor answers.</summary>
internal sealed record Reply(string Body, int Status = 200)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public string ContentType { get; init; } = "application/json";

    public byte[]? Bytes { get; init; }

    public string? Next { get; init; }

    public static implicit operator Reply(string body) => new(body);
}

/// <summary>What a run of a manifest's stream asked and found.</summary>
internal sealed record Heard(IReadOnlyList<SourceRequest> Requests, IReadOnlyList<string> Records, CursorMove Move, IReadOnlyList<TimeSpan> Waits)
{
    /// <summary>Path and query of each request.</summary>
    public IEnumerable<string> Asked => Requests.Select(r => Uri.UnescapeDataString(r.Name));
}

/// <summary>Runs streams of manifests against answers in memory, without storage: what is asked, and which records come out.</summary>
internal sealed class ManifestBench
{
    public static readonly DateTimeOffset Noon = new(2024, 3, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Values of <c>config</c>.</summary>
    public Dictionary<string, string> Config { get; init; } = [];

    /// <summary>Cursor of the run before.</summary>
    public string? Cursor { get; init; }

    /// <summary>States of the run before.</summary>
    public IReadOnlyList<SliceState>? States { get; init; }

    public TimeWindow? Window { get; init; }

    public AuthenticationDefinition? Auth { get; init; }

    /// <summary>Runs a stream.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="answer">The vendor.</param>
    /// <param name="stream">The stream's name.</param>
    public async Task<Heard> RunAsync(string manifest, Func<SourceRequest, Reply> answer, string stream = "items")
    {
        var source = new SourceDefinition
        {
            Source = "vendor",
            Kind = SourceKind.Api,
            Manifest = "vendor.yaml",
            Config = Config,
            Connection = new() { BaseUrl = "https://api.example.com", Auth = Auth },
            Datasets = [new() { Dataset = "items", Stream = stream }],
        };
        var plan = new CollectPlan { To = "", StartedAt = Noon, FromCursor = Cursor, Window = Window };
        var inquiry = new LowCodeInquiry(ManifestDocument.Parse("vendor.yaml", manifest), source, source.Datasets[0], plan, SliceStates.Of(States ?? []), TimeProvider.System);
        List<SourceRequest> requests = [];
        List<TimeSpan> waits = [];
        var records = new StringBuilder();
        await foreach (var slice in inquiry.SlicesAsync(TestContext.Current.CancellationToken))
        {
            var dialogue = inquiry.Begin(slice);
            for (var ask = dialogue.First; ask is not null;)
            {
                requests.Add(ask.Request);
                Assert.InRange(requests.Count, 1, 500);
                var reply = answer(ask.Request);
                var bytes = reply.Bytes ?? Encoding.UTF8.GetBytes(reply.Body);
                if (ask.Request.Judge?.Judge(new(reply.Status, name => reply.Headers.GetValueOrDefault(name), bytes, true)) is { } verdict)
                {
                    if (verdict.Means is AnswerMeaning.Failed)
                        throw new StepFailedException(new() { Code = "failed", Message = verdict.Message ?? "" });
                    if (verdict.Means is AnswerMeaning.Retry or AnswerMeaning.Limited)
                    {
                        waits.Add(verdict.Wait ?? TimeSpan.Zero);
                        ask = ask with { }; // the same once more, judged by the same judge
                        continue;
                    }
                }
                else if (reply.Status >= 400)
                {
                    throw new StepFailedException(new() { Code = $"status-{reply.Status}", Message = "" });
                }

                var note = new PageNote
                {
                    Name = ask.Request.Name,
                    KnownAt = Noon,
                    Status = reply.Status,
                    ContentType = reply.ContentType,
                    IsData = ask.IsData,
                    Next = reply.Next,
                    Headers = reply.Headers.Where(h => ask.Headers.Contains(h.Key, StringComparer.OrdinalIgnoreCase)).ToDictionary(h => h.Key, h => h.Value),
                    Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
                };
                using var body = new MemoryStream(bytes);
                if (await dialogue.CheckAsync(ask, note, body, TestContext.Current.CancellationToken) is { } wait)
                {
                    waits.Add(wait);
                    continue;
                }

                body.Position = 0;
                using var written = ask.IsData ? new MemoryStream() : null;
                var reading = await dialogue.ReadAsync(ask, note, body, slice.Ledger, written, TestContext.Current.CancellationToken);
                if (written is not null)
                    records.Append(Encoding.UTF8.GetString(written.ToArray()));
                ask = reading.Next;
            }

            inquiry.Settle(new(slice, [], Nothing: null));
        }

        return new(requests, records.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), inquiry.Conclude(), waits);
    }

    /// <summary>A manifest of one stream.</summary>
    /// <param name="retriever">Fields of its retriever besides the requester and the selector.</param>
    /// <param name="requester">Fields of its requester besides address and path.</param>
    /// <param name="selector">Fields of its selector.</param>
    /// <param name="stream">Further fields of the stream.</param>
    /// <param name="spec">Its properties of the configuration.</param>
    public static string Manifest(string retriever = "", string requester = "", string selector = "", string stream = "", string spec = "") =>
        $$"""
        version: 6.1.0
        type: DeclarativeSource
        check: {type: CheckStream, stream_names: [items]}
        streams:
          - type: DeclarativeStream
            name: items
            primary_key: id
            retriever:
              type: SimpleRetriever
              requester:
                type: HttpRequester
                url_base: https://api.example.com/v1/
                path: /items
        {{Indented(requester, 8)}}
              record_selector:
                type: RecordSelector
        {{(selector.Contains("extractor:", StringComparison.Ordinal) ? "" : "        extractor: {type: DpathExtractor, field_path: [data]}")}}
        {{Indented(selector, 8)}}
        {{Indented(retriever, 6)}}
        {{Indented(stream, 4)}}
        spec:
          type: Spec
          connection_specification:
            type: object
            properties: {{(spec.Length == 0 ? "{}" : "{" + spec + "}")}}
        """;

    static string Indented(string text, int by) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Where(line => line.Trim().Length > 0).Select(line => new string(' ', by) + line));
}
