using System.Threading.Channels;
using Amqp;
using Amqp.Framing;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// Reads one window of an event hub, all partitions at once. Each may have so many events on their way as its credit says; credit comes
/// back when an event is written, so a slow landing slows the service down.
/// </summary>
internal sealed class EventHubsReader(EventHubsClient client, SourceRead read) : ISourceReader
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    readonly EventHubsReadOptions _options = OptionsBinder.Bind<EventHubsReadOptions>(read.Read.Options);
    readonly Channel<(string Partition, ReceiverLink Link, Message Message)> _events =
        Channel.CreateUnbounded<(string, ReceiverLink, Message)>(new() { SingleReader = true }); // credit bounds it
    readonly List<ReceiverLink> _links = [];
    readonly List<string> _lost = [];
    readonly HashSet<string> _done = new(StringComparer.Ordinal);
    Dictionary<int, KafkaMark> _marks = [];
    Dictionary<int, long> _last = [];

    string Hub => read.Read.Object!;

    string What => $"Reading the event hub '{Hub}'";

    /// <summary>Finds the partitions and where each continues, and lets the service send.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (read.Position is { } position)
            _marks = KafkaPosition.Read(position) ?? throw client.Site.Fail("cursor-invalid", $"'{position}' is no position in an event hub: expected partitions with sequence numbers, such as 0:1500,1:1622.", isTransient: false);
        var partitions = await client.PartitionsAsync(Hub, cancellationToken);
        _last = partitions.ToDictionary(NumberOf, p => p.IsEmpty ? -1 : p.Last);
        var filters = partitions.Select(p => (Partition: p, Filter: FilterOf(p))).ToList();
        if (_lost.Count > 0 && _options.OnLoss is StreamLoss.Fail)
        {
            throw client.Site.Fail(
                "source-changed",
                $"The event hub '{Hub}' no longer has what was to be read next: {string.Join("; ", _lost)}. Its retention has passed, or it was made anew. Set 'onLoss: continue' to go on with the oldest event that is kept.",
                isTransient: false);
        }

        foreach (var (partition, filter) in filters)
        {
            var path = $"{Hub}/ConsumerGroups/{_options.ConsumerGroup}/Partitions/{partition.Id}";
            await client.AuthorizeAsync(path, cancellationToken);
            Receive(partition.Id, path, filter);
        }
    }

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var lines = new MessageLines(destination);
        var began = client.Site.Time.GetTimestamp();
        while (!IsComplete(lines) && await NextAsync(lines, began, cancellationToken))
        {
            while (!IsComplete(lines) && _events.Reader.TryRead(out var next))
            {
                Take(next.Partition, next.Message, lines);
                GiveCredit(next.Link, next.Message);
                if (lines.IsFull)
                    await lines.FlushAsync(cancellationToken);
            }
        }

        await lines.FlushAsync(cancellationToken);
        if (lines.Records == 0)
            return null;
        var headers = new Dictionary<string, string>();
        if (_lost.Count > 0)
            headers["lost"] = string.Join("; ", _lost);
        return new()
        {
            Name = Hub + ".ndjson",
            Position = KafkaPosition.Write(_marks) ?? throw client.Site.Fail("configuration-invalid", $"The event hub '{Hub}' has too many partitions ({_marks.Count}) for one position.", isTransient: false),
            KnownAt = client.Site.Time.GetUtcNow(),
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
            Headers = headers,
        };
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask; // the service keeps no positions

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
        {
            try
            {
                await link.CloseAsync(TimeSpan.FromSeconds(5), error: null);
            }
            catch (Exception fault) when (fault is AmqpException or TimeoutException or ObjectDisposedException or IOException)
            {
                // it has ended either way
            }
        }
    }

    static void GiveCredit(ReceiverLink link, Message message)
    {
        try
        {
            link.Accept(message);
        }
        catch (Exception fault) when (fault is AmqpException or ObjectDisposedException)
        {
            // It has ended: its callback says why. What it brought before is good.
        }

        message.Dispose();
    }

    static int NumberOf(EventHubsPartition partition) => int.Parse(partition.Id);

    // Sequence numbers in positions are those to be read next.
    string FilterOf(EventHubsPartition partition)
    {
        var number = NumberOf(partition);
        if (read.Window is { } window)
            return $"amqp.annotation.x-opt-enqueued-time > '{window.From.ToUnixTimeMilliseconds() - 1}'";
        if (!_marks.TryGetValue(number, out var mark))
        {
            if (read.Position is not null || _options.StartAt is StreamStart.Earliest)
                return "amqp.annotation.x-opt-offset > '-1'";
            if (_options.StartAt is StreamStart.Timestamp)
                return $"amqp.annotation.x-opt-enqueued-time > '{StreamTime.Parse(_options.StartTime)!.Value.ToUnixTimeMilliseconds() - 1}'";
            mark = _marks[number] = new(partition.Last + 1, null);
        }
        else if (mark.Offset < partition.First || mark.Offset > partition.Last + 1)
        {
            _lost.Add(mark.Offset < partition.First
                ? $"partition {number}: sequence numbers {mark.Offset} to {partition.First - 1}"
                : $"partition {number}: everything between sequence number {mark.Offset} and a partition that was made anew and ends with {partition.Last}");
            _marks.Remove(number);
            return "amqp.annotation.x-opt-offset > '-1'";
        }

        return $"amqp.annotation.x-opt-sequence-number > '{mark.Offset - 1}'";
    }

    void Receive(string partition, string path, string filter)
    {
        var what = $"{What}, partition {partition},";
        try
        {
            var link = client.Receive(path, filter, _options.OwnerLevel);
            _links.Add(link);
            link.AddClosedCallback((_, error) => _events.Writer.TryComplete(EventHubsFailures.Of(client.Site, what, error)));
            link.Start(_options.Prefetch, (receiver, message) => _events.Writer.TryWrite((partition, (ReceiverLink)receiver, message)));
        }
        catch (Exception ended) when (ended is AmqpException or ObjectDisposedException) // while the partitions before it were already being read
        {
            throw EventHubsFailures.Of(client.Site, what, ended);
        }
    }

    // Waits until there are events (true) or the window is over (false). What has been read when something breaks is a part.
    async Task<bool> NextAsync(MessageLines lines, long began, CancellationToken cancellationToken)
    {
        while (true)
        {
            var left = read.Window is null ? read.Read.Window - client.Site.Time.GetElapsedTime(began) : Look;
            if (left <= TimeSpan.Zero)
                return false;
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var late = new CancellationTokenSource(left < Look ? left : Look, client.Site.Time);
            await using var registration = late.Token.Register(wake.Cancel);
            try
            {
                if (!_events.Reader.TryPeek(out _))
                    await client.RenewAsync(cancellationToken);
                return await _events.Reader.WaitToReadAsync(wake.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // time to look at the clock and the tokens
            }
            catch (StepFailedException) when (lines.Records > 0)
            {
                return false;
            }
        }
    }

    bool IsComplete(MessageLines lines)
    {
        if (read.Window is null && (lines.Records >= read.Read.WindowRecords || lines.Bytes >= read.Read.ArtefactBytes))
            return true;
        return (read.Window is not null || _options.StopAtEnd)
            && _last.All(p => p.Value < 0 || _done.Contains($"{p.Key}") || (_marks.TryGetValue(p.Key, out var mark) && mark.Offset > p.Value));
    }

    void Take(string partition, Message message, MessageLines lines)
    {
        if (EventHubsLine.SequenceOf(message) is not { } sequence)
            throw client.Site.Fail("protocol-error", $"{What}, partition {partition}: an event has no sequence number.", isTransient: false);
        var number = int.Parse(partition);
        if (read.Window is { } window && EventHubsLine.TimeOf(message) is { } time && (time >= window.To.UtcDateTime || time < window.From.UtcDateTime))
        {
            if (time >= window.To.UtcDateTime)
                _done.Add(partition);
            _marks[number] = new(sequence + 1, null);
            return;
        }

        if (_done.Contains(partition))
            return;
        EventHubsLine.Add(lines, new(Hub, partition, message));
        _marks[number] = new(sequence + 1, null);
    }
}
