using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A connection to Kinesis.</summary>
internal sealed class KinesisConnection(KinesisClient client) : ISourceConnection
{
    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        using var streams = await client.AskAsync("ListStreams", new() { ["Limit"] = 1 }, cancellationToken);
        return "Kinesis Data Streams";
    }

    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? last = null;
        bool hasMore;
        do
        {
            var question = new JsonObject { ["Limit"] = 100 };
            if (last is not null)
                question["ExclusiveStartStreamName"] = last;
            using var answer = await client.AskAsync("ListStreams", question, cancellationToken);
            var names = answer.RootElement.GetProperty("StreamNames").EnumerateArray().Select(n => n.GetString()!).ToList();
            foreach (var name in names.Where(n => pattern is null || FileNamePattern.IsMatch(pattern, n)))
            {
                var shards = await client.ShardsAsync(name, cancellationToken);
                yield return new(name, $"stream, open shards: {shards.Count(s => !s.IsClosed)}", []);
            }

            last = names.LastOrDefault();
            hasMore = last is not null && answer.RootElement.TryGetProperty("HasMoreStreams", out var more) && more.ValueKind is JsonValueKind.True;
        }
        while (hasMore);
    }

    public async Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var reader = new KinesisReader(client, read);
        await reader.StartAsync(cancellationToken);
        return reader;
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
