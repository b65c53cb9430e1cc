using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// A cluster that may be talked to: its first brokers and those that it advertises have been checked. librdkafka opens the sockets.
/// </summary>
internal sealed class KafkaClient : IAsyncDisposable
{
    const int DefaultPort = 9092;

    readonly Authentications _authentications;
    readonly IAdminClient _admin;
    readonly KafkaTrouble _trouble = new();
    readonly Dictionary<string, string> _settings;
    Task _waiting = Task.CompletedTask;

    KafkaClient(SourceSite site, Authentications authentications, Dictionary<string, string> settings)
    {
        (Site, _authentications, _settings) = (site, authentications, settings);
        var builder = new AdminClientBuilder(new Dictionary<string, string>(settings) { ["allow.auto.create.topics"] = "false" })
            .SetErrorHandler((_, error) => _trouble.Note(error))
            .SetLogHandler((_, _) => { });
        if (UsesTokens)
            builder.SetOAuthBearerTokenRefreshHandler((client, _) => SetToken(client));
        _admin = builder.Build();
    }

    /// <summary>The source.</summary>
    public SourceSite Site { get; }

    /// <summary>How long one answer may take.</summary>
    public TimeSpan Timeout => Site.Connection.Limits.AttemptTimeout;

    /// <summary>Whether something has happened that waiting does not mend.</summary>
    public bool IsBroken => _trouble.Fatal.IsCompleted;

    bool UsesTokens => Site.Connection.Auth is { Kind: not "basic" };

    /// <summary>Resolves and checks the first brokers, asks them for the others, and checks those.</summary>
    public static async Task<KafkaClient> OpenAsync(SourceSite site, Authentications authentications, CancellationToken cancellationToken)
    {
        var client = new KafkaClient(site, authentications, await SettingsAsync(site, cancellationToken));
        try
        {
            await client.CheckBrokersAsync(cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>The cluster.</summary>
    public Task<DescribeClusterResult> DescribeAsync(CancellationToken cancellationToken) =>
        AskAsync("Asking for the cluster", admin => admin.DescribeClusterAsync(new() { RequestTimeout = Timeout }), cancellationToken);

    /// <summary>The topic's partitions.</summary>
    public async Task<IReadOnlyList<int>> PartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        var what = $"Asking for the topic '{topic}'";
        var answer = await AskAsync(
            what,
            async admin =>
            {
                try
                {
                    return (await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new() { RequestTimeout = Timeout })).TopicDescriptions;
                }
                catch (DescribeTopicsException refused)
                {
                    return refused.Results.TopicDescriptions;
                }
            },
            cancellationToken);
        return answer.FirstOrDefault() is { } described && !described.Error.IsError
            ? [.. described.Partitions.Select(p => p.Partition).Order()]
            : throw KafkaFailures.Of(Site, what, answer.FirstOrDefault()?.Error ?? new(ErrorCode.UnknownTopicOrPart));
    }

    /// <summary>All topics with their partitions.</summary>
    public Task<Metadata> TopicsAsync(CancellationToken cancellationToken) => MetadataAsync("Asking for the topics", topic: null, cancellationToken);

    /// <summary>Offsets of partitions: the earliest, the one behind the last message, or the first from a time on (-1 where there is none).</summary>
    public async Task<Dictionary<TopicPartition, long>> OffsetsAsync(IEnumerable<TopicPartition> partitions, OffsetSpec of, CancellationToken cancellationToken)
    {
        var questions = partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = p, OffsetSpec = of }).ToList();
        if (questions.Count == 0)
            return [];
        const string What = "Asking for offsets";
        var infos = await AskAsync(
            What,
            async admin =>
            {
                try
                {
                    return (await admin.ListOffsetsAsync(questions, new() { RequestTimeout = Timeout, IsolationLevel = IsolationLevel.ReadUncommitted })).ResultInfos;
                }
                catch (ListOffsetsException refused)
                {
                    return refused.Result.ResultInfos;
                }
            },
            cancellationToken);
        if (infos.FirstOrDefault(i => i.TopicPartitionOffsetError.Error.IsError) is { } failed)
            throw KafkaFailures.Of(Site, $"{What} of partition {failed.TopicPartitionOffsetError.Partition.Value}", failed.TopicPartitionOffsetError.Error);

        // What librdkafka leaves where the connection broke before the answer came: no error, and no offset either.
        return infos.FirstOrDefault(i => i.TopicPartitionOffsetError.Offset == Offset.Unset) is { } unanswered
            ? throw Site.Fail("source-unavailable", $"{What} of partition {unanswered.TopicPartitionOffsetError.Partition.Value} brought no answer: the connection broke.", isTransient: true)
            : infos.ToDictionary(i => i.TopicPartitionOffsetError.TopicPartition, i => i.TopicPartitionOffsetError.Offset.Value);
    }

    /// <summary>A consumer of this cluster.</summary>
    /// <param name="settings">Settings of librdkafka beyond those of the connection.</param>
    /// <param name="trouble">Hears what goes wrong.</param>
    /// <param name="extend">Adds handlers.</param>
    public IConsumer<byte[]?, byte[]?> Consumer(
        IReadOnlyDictionary<string, string> settings, KafkaTrouble trouble, Action<ConsumerBuilder<byte[]?, byte[]?>>? extend = null)
    {
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(_settings.Concat(settings).ToDictionary())
            .SetKeyDeserializer(Deserializers.ByteArray!)
            .SetValueDeserializer(Deserializers.ByteArray!)
            .SetErrorHandler((_, error) => trouble.Note(error))
            .SetLogHandler((_, _) => { });
        if (UsesTokens)
            builder.SetOAuthBearerTokenRefreshHandler((client, _) => SetToken(client));
        extend?.Invoke(builder);
        return builder.Build();
    }

    // librdkafka may not be taken down under a call that still waits for brokers, and nobody is to wait for that.
    public async ValueTask DisposeAsync()
    {
        var end = Task.Run(async () =>
        {
            await Task.WhenAny(_waiting);
            _admin.Dispose();
        });
        if (_waiting.IsCompleted)
            await end;
    }

    // Asked of the brokers that we began with: librdkafka connects to others only when it needs something of them.
    async Task CheckBrokersAsync(CancellationToken cancellationToken)
    {
        var metadata = await MetadataAsync("Asking for the brokers", Site.Source.Datasets.Select(d => d.Read?.Object).FirstOrDefault(o => o is not null), cancellationToken);
        foreach (var host in metadata.Brokers.Select(b => b.Host).Distinct(StringComparer.OrdinalIgnoreCase))
            await ResolveAsync(Site, host, cancellationToken);
    }

    Task<Metadata> MetadataAsync(string what, string? topic, CancellationToken cancellationToken) => AskAsync(
        what,
        admin =>
        {
            var asking = Task.Run(() => topic is null ? admin.GetMetadata(Timeout) : admin.GetMetadata(topic, Timeout), CancellationToken.None);
            _waiting = asking;
            return asking;
        },
        cancellationToken);

    async Task<T> AskAsync<T>(string what, Func<IAdminClient, Task<T>> question, CancellationToken cancellationToken)
    {
        var answer = question(_admin);
        if (await Task.WhenAny(answer, _trouble.Fatal).WaitAsync(cancellationToken) != answer)
        {
            _ = answer.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw KafkaFailures.Of(Site, what, await _trouble.Fatal);
        }

        try
        {
            return await answer;
        }
        catch (KafkaException failed)
        {
            throw KafkaFailures.Of(Site, what, _trouble.Explain(failed.Error));
        }
    }

    // Called by librdkafka on a thread of its own, which is there to wait.
    void SetToken(IClient client)
    {
        try
        {
            var token = BearerToken.GetAsync(Site, _authentications, CancellationToken.None).GetAwaiter().GetResult();
            client.OAuthBearerSetToken(token.Value, token.ExpiresAt.ToUnixTimeMilliseconds(), "data-ingestion");
        }
        catch (Exception fault) when (fault is StepFailedException or KafkaException or HttpRequestException)
        {
            client.OAuthBearerSetTokenFailure(Site.Mask(fault.Message));
        }
    }

    static async Task<Dictionary<string, string>> SettingsAsync(SourceSite site, CancellationToken cancellationToken)
    {
        var options = site.Options<KafkaConnectionOptions>();
        var isSecure = site.Address.Scheme == KafkaSystem.Secure;
        var brokers = new List<string>();
        foreach (var broker in options.Brokers.Select(b => new Uri($"kafka://{site.Resolve(b)}")).Prepend(site.Address))
        {
            var port = broker.Port > 0 ? broker.Port : DefaultPort;
            var addresses = await ResolveAsync(site, broker.IdnHost, cancellationToken);
            if (isSecure)
                brokers.Add($"{broker.IdnHost}:{port}"); // certificates are for names
            else
                brokers.AddRange(addresses.Select(a => a.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{a}]:{port}" : $"{a}:{port}"));
        }

        var settings = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = string.Join(',', brokers),
            ["client.id"] = "data-ingestion",
            ["security.protocol"] = (isSecure, site.Connection.Auth is null) switch
            {
                (true, true) => "ssl",
                (true, false) => "sasl_ssl",
                (false, true) => "plaintext",
                (false, false) => "sasl_plaintext",
            },
            // Longer than an answer may take, so that a broker that says nothing is reported as late and not as gone.
            ["socket.connection.setup.timeout.ms"] = $"{Math.Clamp(2 * (long)site.Connection.Limits.AttemptTimeout.TotalMilliseconds, 1000, 60_000)}",
            ["socket.timeout.ms"] = $"{Math.Clamp((long)site.Connection.Limits.AttemptTimeout.TotalMilliseconds, 1000, 300_000)}",
            ["socket.nagle.disable"] = "true",
            ["socket.keepalive.enable"] = "true",
            ["reconnect.backoff.ms"] = "50",
            ["reconnect.backoff.max.ms"] = "2000",
        };
        AddCredentials(settings, site, options, isSecure);
        if (isSecure && site.Connection.Tls is { } tls)
            KafkaTls.Add(settings, tls, site.Secrets);
        return settings;
    }

    static void AddCredentials(Dictionary<string, string> settings, SourceSite site, KafkaConnectionOptions options, bool isSecure)
    {
        if (site.Connection.Auth is null)
            return;
        var isScram = site.Login is not null && options.Sasl is not KafkaSasl.Plain;
        if (!isSecure && !isScram && !options.AllowPlaintextCredentials)
            throw site.Fail("configuration-invalid", "Credentials would go over the network in plain text: use kafkas:// or SCRAM, or set 'allowPlaintextCredentials'.", isTransient: false);
        if (site.Login is not { } login)
        {
            settings["sasl.mechanisms"] = "OAUTHBEARER";
            return;
        }

        settings["sasl.mechanisms"] = options.Sasl switch
        {
            KafkaSasl.Plain => "PLAIN",
            KafkaSasl.ScramSha256 => "SCRAM-SHA-256",
            _ => "SCRAM-SHA-512",
        };
        settings["sasl.username"] = login.UserName;
        settings["sasl.password"] = login.Password;
    }

    static async Task<System.Net.IPAddress[]> ResolveAsync(SourceSite site, string host, CancellationToken cancellationToken)
    {
        try
        {
            return await site.ResolveHostAsync(host, cancellationToken);
        }
        catch (SocketException unknown)
        {
            throw site.Fail("source-unavailable", $"The broker's name '{host}' has no address: {unknown.Message}", isTransient: true, unknown);
        }
    }
}
