using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>
/// A topic out of librdkafka's mock cluster, which runs in the same process and takes its share of the cores, against a loop over
/// Confluent.Kafka's consumer that only counts. Ours makes lines of the messages and writes them to a file.
/// </summary>
internal sealed class KafkaRace : IConnectRace
{
    const string Topic = "race";
    const int Partitions = 16;
    const int Messages = 320_000;
    const int Rounds = 3;

    public string Name => "kafka";

    public string? Server => null;

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var cluster = new MockKafka();
        cluster.CreateTopic(Topic, Partitions);
        var text = new string('x', 100);
        await cluster.ProduceAsync(Topic, Enumerable.Range(0, Messages).Select(n => (n % Partitions, new Message<byte[]?, byte[]?>
        {
            Key = Encoding.UTF8.GetBytes($"K{n % 1000}"),
            Value = Encoding.UTF8.GetBytes($$"""{"id":{{n}},"symbol":"S{{n % 500}}","price":{{n % 10000}}.25,"note":"{{text}}"}"""),
        })));

        var (ours, theirs) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            theirs = Min(theirs, Theirs(cluster, cancellationToken));
            ours = Min(ours, await OursAsync(cluster, cancellationToken));
        }

        var (a, b) = (Messages / ours.TotalSeconds, Messages / theirs.TotalSeconds);
        report.Add(new RaceResult("kafka", $"{Messages:N0} messages of {100 + 60} bytes, {Partitions} partitions; consumer that counts", a, b, "messages/s", a / b, null));
    }

    static TimeSpan Theirs(MockKafka cluster, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = cluster.Brokers, GroupId = "theirs", EnableAutoCommit = false })
            .SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(Topic, p, Offset.Beginning)));
        for (var read = 0; read < Messages; read++)
            consumer.Consume(cancellationToken);
        var time = Stopwatch.GetElapsedTime(began);
        consumer.Close();
        return time;
    }

    static async Task<TimeSpan> OursAsync(MockKafka cluster, CancellationToken cancellationToken)
    {
        using var target = new TemporaryFolder("race");
        await using var stage = new ConnectStage();
        var source = new SourceDefinition
        {
            Source = "race",
            Kind = SourceKind.Stream,
            Connection = new() { System = "kafka", BaseUrl = $"kafka://{cluster.Brokers}", AllowPrivateNetwork = true },
            Datasets = [new() { Dataset = "race", Read = new() { Object = Topic, WindowRecords = Messages, ArtefactBytes = 1L << 30, Window = TimeSpan.FromMinutes(5) } }],
        };
        var began = Stopwatch.GetTimestamp();
        var (_, records, _) = await stage.ReadAsync(source, () => File.Create(Path.Combine(target.Path, "landed"), 1), cancellationToken);
        var time = Stopwatch.GetElapsedTime(began);
        return records == Messages ? time : throw new InvalidOperationException($"{records} messages of {Messages} were landed.");
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
