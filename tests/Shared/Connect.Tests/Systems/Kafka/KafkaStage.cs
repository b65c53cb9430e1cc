using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>A mock cluster with one topic of numbered messages, and readers of it.</summary>
internal sealed class KafkaStage : IDisposable
{
    public const string Topic = "prices";

    public KafkaStage(int brokers = 1, int partitions = 3)
    {
        Cluster = new(brokers);
        Partitions = partitions;
        Cluster.CreateTopic(Topic, partitions);
    }

    public MockKafka Cluster { get; }

    public int Partitions { get; }

    /// <summary>The address of the first broker.</summary>
    public string Address => $"kafka://127.0.0.1:{Cluster.PortOf(1)}";

    /// <summary>Numbers sent so far.</summary>
    public int Sent { get; private set; }

    /// <summary>All numbers sent, for comparing.</summary>
    public IEnumerable<int> Numbers => Enumerable.Range(0, Sent);

    public static int NumberOf(JsonElement line) => line.GetProperty("n").GetInt32();

    /// <summary>Sends the next numbers, to the partitions in turn.</summary>
    public async Task SendAsync(int count, CompressionType compression = CompressionType.None)
    {
        var from = Sent;
        Sent += count;
        await Cluster.ProduceAsync(
            Topic,
            Enumerable.Range(from, count).Select(n => (n % Partitions, new Message<byte[]?, byte[]?> { Value = Encoding.UTF8.GetBytes($$"""{"n":{{n}}}""") })),
            compression);
    }

    /// <summary>The offsets that a group has committed; -1001 for none.</summary>
    public long[] Committed(string group)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Cluster.Brokers, GroupId = group }).SetLogHandler((_, _) => { }).Build();
        return [.. consumer.Committed(Enumerable.Range(0, Partitions).Select(p => new TopicPartition(Topic, p)), TimeSpan.FromSeconds(20)).Select(o => o.Offset.Value)];
    }

    /// <summary>Waits until a reader has fetched, and asks for more.</summary>
    public Task FetchedAsync() => Cluster.SeenAsync(MockKafka.Fetch, Partitions + 1, TestContext.Current.CancellationToken);

    public SourceDefinition Source(
        (string Name, string Value)[]? read = null, long windowRecords = 100_000, string? address = null, (string Name, string Value)[]? connection = null,
        TimeSpan? window = null, AuthenticationDefinition? auth = null, bool allowPrivate = true, string topic = Topic, TimeSpan? timeout = null, int attempts = 1) => new()
        {
            Source = "vendor",
            Kind = SourceKind.Stream,
            Connection = new()
            {
                System = "kafka",
                BaseUrl = address ?? Address,
                AllowPrivateNetwork = allowPrivate,
                Auth = auth,
                Limits = Sources.Quick with { Attempts = attempts, AttemptTimeout = timeout ?? TimeSpan.FromSeconds(20) },
                Options = (connection ?? []).ToDictionary(o => o.Name, o => o.Value),
            },
            Datasets =
            [
                new()
                {
                    Dataset = "prices",
                    Read = new()
                    {
                        Object = topic,
                        Window = window ?? TimeSpan.FromMinutes(2), // no test waits for it: the window ends with the topic
                        WindowRecords = windowRecords,
                        Options = (read ?? []).Prepend(("stopAtEnd", "true")).GroupBy(o => o.Item1).ToDictionary(o => o.Key, o => o.Last().Item2),
                    },
                },
            ],
        };

    public void Dispose() => Cluster.Dispose();
}
