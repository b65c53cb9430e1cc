using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>
/// What we use of Event Hubs, on 127.0.0.1: tokens, the management node, and partitions that are received from by sequence number, with
/// levels of ownership. It is not the service: what the service does otherwise is not known here.
/// </summary>
internal sealed class EventHubsHost : ILinkProcessor, IDisposable
{
    public const string Hub = "prices";

    readonly ContainerHost _host;
    readonly List<Message>[] _partitions;
    readonly Lock _lock = new();

    public EventHubsHost(int partitions = 2, X509Certificate2? certificate = null)
    {
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new List<Message>())];
        Port = TestServer.FreePort();
        Scheme = certificate is null ? "amqp" : "amqps";
        _host = new([new Address("127.0.0.1", Port, user: null, password: null, path: "/", scheme: Scheme)], certificate);
        _host.Listeners[0].SASL.EnableAnonymousMechanism = true;
        _host.RegisterRequestProcessor("$cbs", new Requests(Grant));
        _host.RegisterRequestProcessor("$management", new Requests(Describe));
        _host.RegisterLinkProcessor(this);
        _host.Open();
    }

    public int Port { get; }

    public string Scheme { get; }

    /// <summary>Tokens shown: type, value and resource.</summary>
    public List<(string Type, string Value, string Resource)> Tokens { get; } = [];

    /// <summary>Filters that receivers came with.</summary>
    public List<string> Filters { get; } = [];

    /// <summary>Levels of ownership that receivers came with.</summary>
    public List<long?> Levels { get; } = [];

    /// <summary>Whether a token is good; default any.</summary>
    public Func<string, bool> IsGood { get; set; } = _ => true;

    /// <summary>Refuses receivers with this condition; null lets them in.</summary>
    public string? Refuses { get; set; }

    /// <summary>Ends a receiver with this condition after so many events; once.</summary>
    public (string Condition, int After)? Ends { get; set; }

    /// <summary>Cuts the connection after so many events; once.</summary>
    public int? CutsAfter { get; set; }

    /// <summary>Sequence number of the oldest event kept.</summary>
    public long First { get; set; }

    public int Sent { get; private set; }

    public void Send(int count)
    {
        for (var i = 0; i < count; i++, Sent++)
            Add(Sent % _partitions.Length, new() { BodySection = new Data { Binary = System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{Sent}}}""") } });
    }

    public void Add(int partition, Message message)
    {
        lock (_lock)
        {
            var sequence = (long)_partitions[partition].Count;
            message.MessageAnnotations = new();
            message.MessageAnnotations[new Symbol("x-opt-sequence-number")] = sequence;
            message.MessageAnnotations[new Symbol("x-opt-offset")] = $"{sequence * 100}";
            message.MessageAnnotations[new Symbol("x-opt-enqueued-time")] = new DateTime(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc).AddMinutes(sequence);
            _partitions[partition].Add(message);
        }
    }

    public void Process(AttachContext attachContext)
    {
        var source = (Source)attachContext.Attach.Source;
        var filter = (string)((DescribedValue)source.FilterSet[new Symbol("apache.org:selector-filter:string")]).Value;
        var partition = int.Parse(source.Address.Split('/')[^1]);
        lock (_lock)
        {
            Filters.Add(filter);
            Levels.Add(attachContext.Attach.Properties?[new Symbol("com.microsoft:epoch")] as long?);
        }

        if (Refuses is { } condition)
        {
            attachContext.Complete(new Error(new Symbol(condition)) { Description = "as told" });
            return;
        }

        var operand = filter.Split('\'')[1];
        var from = filter.Contains("sequence-number", StringComparison.Ordinal) ? long.Parse(operand) + 1
            : filter.Contains("enqueued-time", StringComparison.Ordinal) ? (long)Math.Ceiling((DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(operand) + 1) - new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)).TotalMinutes)
            : (long.Parse(operand) / 100) + (operand == "-1" ? 0 : 1);
        attachContext.Complete(new SourceLinkEndpoint(new Events(this, partition, Math.Max(from, First)), attachContext.Link), 0);
    }

    public void Dispose() => _host.Close();

    (int Status, object? Body) Grant(Message message)
    {
        lock (_lock)
            Tokens.Add(((string)message.ApplicationProperties["type"], (string)message.Body, (string)message.ApplicationProperties["name"]));
        return (IsGood((string)message.Body) ? 202 : 401, null);
    }

    (int Status, object? Body) Describe(Message message)
    {
        if ((string)message.ApplicationProperties["name"] != Hub)
            return (404, null);
        if ((string)message.ApplicationProperties["type"] == "com.microsoft:eventhub")
            return (200, new Map { ["name"] = Hub, ["partition_count"] = _partitions.Length, ["partition_ids"] = Enumerable.Range(0, _partitions.Length).Select(p => $"{p}").ToArray() });
        lock (_lock)
        {
            var events = _partitions[int.Parse((string)message.ApplicationProperties["partition"])];
            return (200, new Map
            {
                ["begin_sequence_number"] = First,
                ["last_enqueued_sequence_number"] = events.Count - 1L,
                ["last_enqueued_offset"] = $"{(events.Count - 1) * 100}",
                ["is_partition_empty"] = events.Count <= First,
            });
        }
    }

    sealed class Requests(Func<Message, (int Status, object? Body)> answer) : IRequestProcessor
    {
        public int Credit => 100;

        public void Process(RequestContext requestContext)
        {
            var (status, body) = answer(requestContext.Message);
            requestContext.Complete(new Message(body ?? "") { ApplicationProperties = new() { ["status-code"] = status, ["status-description"] = "as told" } });
        }
    }

    sealed class Events(EventHubsHost host, int partition, long from) : IMessageSource
    {
        long _next = from;
        int _given;

        public async Task<ReceiveContext> GetMessageAsync(ListenerLink link)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (true)
            {
                if (host.CutsAfter is { } cut && _given >= cut)
                {
                    host.CutsAfter = null;
                    await link.Session.Connection.CloseAsync(TimeSpan.Zero, new Error(new Symbol("amqp:connection:forced")));
                    return null!;
                }

                if (host.Ends is var (condition, after) && _given >= after)
                {
                    host.Ends = null;
                    await link.CloseAsync(TimeSpan.Zero, new Error(new Symbol(condition)) { Description = "as told" });
                    return null!;
                }

                if (link.IsClosed)
                    return null!; // an event behind the end of its link would end the session

                lock (host._lock)
                {
                    if (_next < host._partitions[partition].Count)
                    {
                        _given++;
                        var kept = host._partitions[partition][(int)_next++];
                        return new(link, new Message { BodySection = kept.BodySection, MessageAnnotations = kept.MessageAnnotations, Properties = kept.Properties, ApplicationProperties = kept.ApplicationProperties });
                    }
                }

                if (!await timer.WaitForNextTickAsync())
                    return null!;
            }
        }

        public void DisposeMessage(ReceiveContext receiveContext, DispositionContext dispositionContext) => dispositionContext.Complete();
    }
}
