using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;

namespace DataIngestion.Connect.Tests;

/// <summary>A stream of numbered records in kinesalite, and readers of it.</summary>
internal sealed class KinesisStage : IDisposable
{
    readonly HttpClient _http = new();
    readonly int _port;

    KinesisStage(int port) => _port = port;

    public string Stream { get; } = $"prices-{Guid.NewGuid():N}";

    public int Sent { get; private set; }

    public IEnumerable<int> Numbers => Enumerable.Range(0, Sent);

    public static (string Name, string Value)[] Settings => [("AWS_KEY", "AKIDEXAMPLE"), ("AWS_SECRET", "planted-secret-key")];

    public static async Task<KinesisStage> StartAsync(int port, int shards = 1)
    {
        var stage = new KinesisStage(port);
        using var made = await stage.AskAsync("CreateStream", new() { ["StreamName"] = stage.Stream, ["ShardCount"] = shards });
        await stage.ActiveAsync();
        return stage;
    }

    public static int NumberOf(JsonElement line) => line.GetProperty("n").GetInt32();

    public async Task SendAsync(int count)
    {
        foreach (var some in Enumerable.Range(Sent, count).Chunk(400))
        {
            var records = some.Select(n => (JsonNode)new JsonObject { ["PartitionKey"] = $"key-{n % 50}", ["Data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"n":{{n}}}""")) });
            using var put = await AskAsync("PutRecords", new() { ["StreamName"] = Stream, ["Records"] = new JsonArray([.. records]) });
            Assert.Equal(0, put.RootElement.GetProperty("FailedRecordCount").GetInt32());
        }

        Sent += count;
    }

    public async Task PutAsync(string key, byte[] data)
    {
        using var put = await AskAsync("PutRecord", new() { ["StreamName"] = Stream, ["PartitionKey"] = key, ["Data"] = Convert.ToBase64String(data) });
    }

    /// <summary>Splits a shard in the middle.</summary>
    public async Task SplitAsync(string shard)
    {
        using var listed = await AskAsync("DescribeStream", new() { ["StreamName"] = Stream });
        var range = listed.RootElement.GetProperty("StreamDescription").GetProperty("Shards").EnumerateArray().First(s => s.GetProperty("ShardId").GetString() == shard).GetProperty("HashKeyRange");
        var (from, to) = (System.Numerics.BigInteger.Parse(range.GetProperty("StartingHashKey").GetString()!), System.Numerics.BigInteger.Parse(range.GetProperty("EndingHashKey").GetString()!));
        using var split = await AskAsync("SplitShard", new() { ["StreamName"] = Stream, ["ShardToSplit"] = shard, ["NewStartingHashKey"] = $"{(from + to) / 2}" });
        await ActiveAsync();
    }

    /// <summary>Merges two neighbours.</summary>
    public async Task MergeAsync(string shard, string adjacent)
    {
        using var merged = await AskAsync("MergeShards", new() { ["StreamName"] = Stream, ["ShardToMerge"] = shard, ["AdjacentShardToMerge"] = adjacent });
        await ActiveAsync();
    }

    public SourceDefinition Source(
        (string Name, string Value)[]? read = null, long windowRecords = 100_000, string? address = null, string? stream = null, int attempts = 1, TimeSpan? timeout = null, bool allowPrivate = true) => new()
        {
            Source = "vendor",
            Kind = SourceKind.Stream,
            Connection = new()
            {
                System = "kinesis",
                BaseUrl = address ?? $"http://127.0.0.1:{_port}",
                AllowPrivateNetwork = allowPrivate,
                Limits = Sources.Quick with { Attempts = attempts, AttemptTimeout = timeout ?? TimeSpan.FromSeconds(20) },
                Auth = new()
                {
                    Kind = "aws",
                    Options = new Dictionary<string, string> { ["region"] = "us-east-1", ["accessKeyId"] = "${AWS_KEY}", ["secretAccessKey"] = "${AWS_SECRET}" },
                },
            },
            Datasets =
            [
                new()
                {
                    Dataset = "prices",
                    Read = new()
                    {
                        Object = stream ?? Stream,
                        Window = TimeSpan.FromMinutes(2),
                        WindowRecords = windowRecords,
                        Options = (read ?? []).Prepend(("stopAtEnd", "true")).GroupBy(o => o.Item1).ToDictionary(o => o.Key, o => o.Last().Item2),
                    },
                },
            ],
        };

    public ReaderHarness Reader(SourceDefinition? source = null) => new(source ?? Source(), settings: Settings);

    /// <summary>Records packed into one as the Kinesis Producer Library does.</summary>
    public static byte[] Aggregate(params (string Key, string Data)[] records)
    {
        var message = new List<byte>();
        foreach (var (key, _) in records)
            Field(message, 1, Encoding.UTF8.GetBytes(key));
        for (var i = 0; i < records.Length; i++)
        {
            var record = new List<byte> { 0x08, (byte)i };
            Field(record, 3, Encoding.UTF8.GetBytes(records[i].Data));
            Field(message, 3, [.. record]);
        }

#pragma warning disable CA5351 // the format's checksum
        return [0xF3, 0x89, 0x9A, 0xC2, .. message, .. MD5.HashData([.. message])];
#pragma warning restore CA5351

        static void Field(List<byte> to, int number, byte[] value)
        {
            to.Add((byte)((number << 3) | 2));
            for (var length = value.Length; ; length >>= 7)
            {
                to.Add((byte)(length > 0x7f ? (length & 0x7f) | 0x80 : length));
                if (length <= 0x7f)
                    break;
            }

            to.AddRange(value);
        }
    }

    public void Dispose() => _http.Dispose();

    async Task ActiveAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            using var described = await AskAsync("DescribeStream", new() { ["StreamName"] = Stream });
            if (described.RootElement.GetProperty("StreamDescription").GetProperty("StreamStatus").GetString() == "ACTIVE")
                return;
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    async Task<JsonDocument> AskAsync(string action, JsonObject question)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_port}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(question.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1") } },
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"Kinesis_20131202.{action}");
        await SigV4.SignAsync(request, new("AKIDEXAMPLE", "secret", null), "us-east-1", "kinesis", TimeProvider.System.GetUtcNow(), cancellationToken: cancellationToken);
        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body.Length > 0 ? body : "{}");
    }
}
