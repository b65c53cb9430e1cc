using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What the service says of a partition.</summary>
/// <param name="Id">Its id.</param>
/// <param name="First">Sequence number of the oldest event kept.</param>
/// <param name="Last">Sequence number of the newest event; -1 when there was none yet.</param>
internal sealed record EventHubsPartition(string Id, long First, long Last)
{
    /// <summary>Whether no event is kept.</summary>
    public bool IsEmpty { get; init; }
}

/// <summary>An AMQP connection to Event Hubs: tokens by claims-based security, questions by its management node.</summary>
internal sealed class EventHubsClient : IAsyncDisposable
{
    readonly Connection _connection;
    readonly Session _session;
    readonly EventHubsCredentials _credentials;
    readonly AmqpRequests _cbs;
    readonly AmqpRequests _management;
    readonly Dictionary<string, DateTimeOffset> _granted = new(StringComparer.Ordinal);

    EventHubsClient(SourceSite site, EventHubsCredentials credentials, Connection connection)
    {
        (Site, _credentials, _connection) = (site, credentials, connection);
        _session = new(connection);
        _cbs = new(site, _session, "$cbs");
        _management = new(site, _session, "$management");
    }

    /// <summary>The source.</summary>
    public SourceSite Site { get; }

    /// <summary>Whether the connection has ended.</summary>
    public bool IsClosed => _connection.IsClosed;

    /// <summary>Opens a connection. Who we are is shown with each question.</summary>
    public static async Task<EventHubsClient> OpenAsync(SourceSite site, Authentications authentications, CancellationToken cancellationToken)
    {
        var credentials = new EventHubsCredentials(site, authentications);
        try
        {
            using var transport = new GuardedTransport(site);
            var factory = new ConnectionFactory([transport]);
            factory.SASL.Profile = SaslProfile.Anonymous;
            factory.AMQP.ContainerId = $"data-ingestion-{Guid.NewGuid():N}";
            factory.AMQP.HostName = site.Address.IdnHost;
            factory.AMQP.IdleTimeout = 60_000;
            var address = new Address(site.Address.IdnHost, site.Address.Port > 0 ? site.Address.Port : 5671, user: null, password: null, path: "/", scheme: site.Address.Scheme);
            var connection = await factory.CreateAsync(address).WaitAsync(site.Connection.Limits.AttemptTimeout, site.Time, cancellationToken);
            return new(site, credentials, connection);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw EventHubsFailures.Of(site, "Connecting", fault);
        }
    }

    /// <summary>The hub's partitions.</summary>
    public async Task<IReadOnlyList<EventHubsPartition>> PartitionsAsync(string hub, CancellationToken cancellationToken)
    {
        await AuthorizeAsync(hub, cancellationToken);
        var described = await ReadAsync(hub, null, cancellationToken);
        if (described["partition_ids"] is not string[] ids)
            throw Site.Fail("protocol-error", $"The answer on the event hub '{hub}' names no partitions.", isTransient: false);
        var partitions = new List<EventHubsPartition>();
        foreach (var id in ids.OrderBy(i => i.Length).ThenBy(i => i, StringComparer.Ordinal))
        {
            var partition = await ReadAsync(hub, id, cancellationToken);
            partitions.Add(new(id, Convert.ToInt64(partition["begin_sequence_number"]), Convert.ToInt64(partition["last_enqueued_sequence_number"])) { IsEmpty = partition["is_partition_empty"] is true });
        }

        return partitions;
    }

    /// <summary>Shows the service that we may use a resource below it, when it has not been shown or what was shown ends soon.</summary>
    /// <param name="path">Such as <c>hub</c>, or <c>hub/ConsumerGroups/$Default/Partitions/0</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task AuthorizeAsync(string path, CancellationToken cancellationToken)
    {
        var now = Site.Time.GetUtcNow();
        if (_granted.TryGetValue(path, out var renewAt) && now < renewAt)
            return;
        var resource = $"{Site.Address.Scheme}://{Site.Address.IdnHost}/{path}";
        var token = await _credentials.TokenAsync(resource, cancellationToken);
        using var message = new Message(token.Value)
        {
            ApplicationProperties = new() { ["operation"] = "put-token", ["type"] = token.Type, ["name"] = resource, ["expiration"] = token.ExpiresAt.UtcDateTime },
        };
        await _cbs.AskAsync($"Authorisation for '{path}'", message, cancellationToken);
        _granted[path] = token.ExpiresAt == DateTimeOffset.MaxValue ? token.ExpiresAt : now + ((token.ExpiresAt - now) * 0.75);
    }

    /// <summary>Shows again what is soon forgotten.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var path in _granted.Keys.ToList())
            await AuthorizeAsync(path, cancellationToken);
    }

    /// <summary>Receives from a partition.</summary>
    /// <param name="path">The partition's path.</param>
    /// <param name="filter">Expression over annotations that tells where to begin.</param>
    /// <param name="ownerLevel">Level of ownership, if any.</param>
    public ReceiverLink Receive(string path, string filter, long? ownerLevel)
    {
        var selector = new Symbol("apache.org:selector-filter:string");
        var attach = new Attach
        {
            Source = new Source { Address = path, FilterSet = new() { [selector] = new DescribedValue(selector, filter) } },
            Target = new Target(),
            SndSettleMode = SenderSettleMode.Settled, // what was read is kept by our position, not by the service
        };
        if (ownerLevel is { } level)
            attach.Properties = new() { [new Symbol("com.microsoft:epoch")] = level };
        return new(_session, $"{path}-{Guid.NewGuid():N}", attach, onAttached: null);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.CloseAsync(TimeSpan.FromSeconds(5), error: null);
        }
        catch (Exception fault) when (fault is AmqpException or TimeoutException or ObjectDisposedException or IOException)
        {
            // it has ended either way
        }
    }

    async Task<Map> ReadAsync(string hub, string? partition, CancellationToken cancellationToken)
    {
        using var message = new Message { ApplicationProperties = new() { ["operation"] = "READ", ["name"] = hub, ["type"] = partition is null ? "com.microsoft:eventhub" : "com.microsoft:partition" } };
        if (partition is not null)
            message.ApplicationProperties["partition"] = partition;
        message.ApplicationProperties["security_token"] = (await _credentials.TokenAsync($"{Site.Address.Scheme}://{Site.Address.IdnHost}/{hub}", cancellationToken)).Value;
        var what = partition is null ? $"Asking for the event hub '{hub}'" : $"Asking for partition {partition} of the event hub '{hub}'";
        using var answer = await _management.AskAsync(what, message, cancellationToken);
        return answer.Body as Map ?? throw Site.Fail("protocol-error", $"{what}: the answer is no map.", isTransient: false);
    }
}
