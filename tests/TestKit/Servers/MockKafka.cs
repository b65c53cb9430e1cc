using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace DataIngestion.TestKit;

/// <summary>
/// librdkafka's mock cluster: brokers inside this process that speak Kafka's protocol on 127.0.0.1. It keeps about 5 MB a partition, and
/// knows consumer groups, but no access rights, TLS or transactions' markers.
/// </summary>
public sealed class MockKafka : IDisposable
{
    const string Library = "librdkafka";

    /// <summary>Number of the request Fetch in Kafka's protocol.</summary>
    public const short Fetch = 1;

    /// <summary>Number of the request ListOffsets.</summary>
    public const short ListOffsets = 2;

    /// <summary>Number of the request Metadata.</summary>
    public const short Metadata = 3;

    /// <summary>Number of the request OffsetCommit.</summary>
    public const short OffsetCommit = 8;

    /// <summary>Number of the request FindCoordinator.</summary>
    public const short FindCoordinator = 10;

    /// <summary>Number of the request Heartbeat.</summary>
    public const short Heartbeat = 12;

    readonly nint _client;
    readonly nint _cluster;

    /// <summary>Starts a cluster.</summary>
    public MockKafka(int brokers = 1)
    {
        var error = new byte[512];
        var settings = Native.NewSettings();
        _ = Native.Set(settings, "log_level", "0", error, (nuint)error.Length); // that it has no brokers is meant
        _client = Native.New(0, settings, error, (nuint)error.Length);
        if (_client == 0)
            throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
        _cluster = Native.NewCluster(_client, brokers);
        Brokers = Marshal.PtrToStringUTF8(Native.Bootstraps(_cluster))!;
        Native.InitialRebalanceDelay(_cluster, 100);
        Native.SetController(_cluster, 1);
        Native.Track(_cluster);
    }

    /// <summary>Its brokers, as <c>127.0.0.1:port,127.0.0.1:port</c>.</summary>
    public string Brokers { get; }

    /// <summary>Port of a broker, counted from 1.</summary>
    public int PortOf(int broker) => int.Parse(Brokers.Split(',')[broker - 1].Split(':')[1]);

    /// <summary>Makes a topic.</summary>
    public void CreateTopic(string topic, int partitions, int replicas = 1) => Check(Native.CreateTopic(_cluster, topic, partitions, replicas));

    /// <summary>Stops a broker: its connections are cut, new ones refused.</summary>
    public void Stop(int broker) => Check(Native.SetDown(_cluster, broker));

    /// <summary>Starts a broker that was stopped.</summary>
    public void Start(int broker) => Check(Native.SetUp(_cluster, broker));

    /// <summary>Moves a partition to another broker.</summary>
    public void Lead(string topic, int partition, int broker) => Check(Native.SetLeader(_cluster, topic, partition, broker));

    /// <summary>Every request about the topic fails with an error from now on; <see cref="ErrorCode.NoError"/> ends that.</summary>
    public void FailTopic(string topic, ErrorCode error) => Native.SetTopicError(_cluster, topic, error);

    /// <summary>The next requests of a kind fail, one error each.</summary>
    public void FailNext(short request, params ErrorCode[] errors) =>
        Native.PushErrors(_cluster, request, (nuint)errors.Length, Array.ConvertAll(errors, e => (int)e));

    /// <summary>No request fails any more.</summary>
    public void ClearErrors(short request) => Native.ClearErrors(_cluster, request);

    /// <summary>Every answer of a broker takes so long.</summary>
    public void Delay(int broker, int milliseconds) => Check(Native.SetRtt(_cluster, broker, milliseconds));

    /// <summary>Deletes records as retention does.</summary>
    public void DeleteRecords(string topic, int partition, long before) => Check(Native.DeleteRecords(_cluster, topic, partition, before));

    /// <summary>What a broker says others should connect to.</summary>
    public void Advertise(int broker, string host, int port) => Native.SetHostPort(_cluster, broker, host, port);

    /// <summary>Requests of a kind that the cluster has got so far.</summary>
    public int Seen(short request)
    {
        var all = Native.Requests(_cluster, out var count);
        var pointers = new nint[(int)count];
        Marshal.Copy(all, pointers, 0, pointers.Length);
        var seen = pointers.Count(p => Native.KindOf(p) == request);
        Native.DestroyRequests(all, count);
        return seen;
    }

    /// <summary>Waits until the cluster has got so many requests of a kind.</summary>
    public async Task SeenAsync(short request, int count, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Seen(request) < count)
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    /// <summary>Sends messages and waits until all are there.</summary>
    public async Task ProduceAsync(string topic, IEnumerable<(int Partition, Message<byte[]?, byte[]?> Message)> messages, CompressionType compression = CompressionType.None)
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = Brokers,
            CompressionType = compression,
            LingerMs = 5,
            QueueBufferingMaxMessages = 2_000_000,
            EnableDeliveryReports = true,
        }).SetKeySerializer(Serializers.ByteArray!).SetValueSerializer(Serializers.ByteArray!).SetLogHandler((_, _) => { }).Build();
        var failed = 0;
        Error? last = null;
        foreach (var (partition, message) in messages)
        {
            producer.Produce(new TopicPartition(topic, partition), message, report =>
            {
                if (report.Error.IsError)
                    (last, failed) = (report.Error, failed + 1);
            });
        }

        await Task.Run(() => producer.Flush(TimeSpan.FromMinutes(1)));
        if (failed > 0)
            throw new InvalidOperationException($"{failed} messages were not taken: {last}");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Native.DestroyCluster(_cluster);
        Native.Destroy(_client);
    }

    // The package has builds for several machines; the first one needs Cyrus SASL, which not every machine has.
    static MockKafka() => NativeLibrary.SetDllImportResolver(typeof(MockKafka).Assembly, (name, assembly, path) =>
        name == Library && Array.Find(["librdkafka", "centos8-librdkafka", "alpine-librdkafka"], n => NativeLibrary.TryLoad(n, assembly, path, out _)) is { } found
            ? NativeLibrary.Load(found, assembly, path)
            : 0);

    static void Check(ErrorCode error)
    {
        if (error != ErrorCode.NoError)
            throw new KafkaException(error);
    }

    static class Native
    {
        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_conf_new")]
        public static extern nint NewSettings();

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_conf_set")]
        public static extern int Set(
            nint settings, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, byte[] error, nuint errorLength);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_new")]
        public static extern nint New(int type, nint settings, byte[] error, nuint errorLength);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_destroy")]
        public static extern void Destroy(nint client);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_cluster_new")]
        public static extern nint NewCluster(nint client, int brokers);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
        public static extern void DestroyCluster(nint cluster);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
        public static extern nint Bootstraps(nint cluster);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_topic_create")]
        public static extern ErrorCode CreateTopic(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partitions, int replicas);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
        public static extern ErrorCode SetDown(nint cluster, int broker);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
        public static extern ErrorCode SetUp(nint cluster, int broker);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_partition_set_leader")]
        public static extern ErrorCode SetLeader(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, int broker);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_topic_set_error")]
        public static extern void SetTopicError(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, ErrorCode error);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
        public static extern void PushErrors(nint cluster, short request, nuint count, int[] errors);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_clear_request_errors")]
        public static extern void ClearErrors(nint cluster, short request);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
        public static extern ErrorCode SetRtt(nint cluster, int broker, int milliseconds);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_partition_delete_records")]
        public static extern ErrorCode DeleteRecords(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, long before);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_broker_set_host_port")]
        public static extern void SetHostPort(nint cluster, int broker, [MarshalAs(UnmanagedType.LPUTF8Str)] string host, int port);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_set_controller_id")]
        public static extern void SetController(nint cluster, int broker);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_start_request_tracking")]
        public static extern void Track(nint cluster);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_get_requests")]
        public static extern nint Requests(nint cluster, out nuint count);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_request_api_key")]
        public static extern short KindOf(nint request);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_request_destroy_array")]
        public static extern void DestroyRequests(nint requests, nuint count);

        [DllImport(MockKafka.Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
        public static extern void InitialRebalanceDelay(nint cluster, int milliseconds);
    }
}
