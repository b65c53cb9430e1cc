using Confluent.Kafka;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// Reads one window of a topic. librdkafka fetches ahead into a bounded queue; while landing is slow, nobody takes from it, and it
/// stops fetching.
/// </summary>
internal sealed class KafkaReader : ISourceReader
{
    const int QueueKilobytes = 32 << 10;
    const int MessagesPerClock = 256;
    static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(100);

    readonly KafkaClient _client;
    readonly SourceRead _read;
    readonly KafkaReadOptions _options;
    readonly KafkaTrouble _trouble;
    readonly HashSet<int> _atEnd = [];
    readonly List<string> _lost = [];
    KafkaGroup? _group;
    IConsumer<byte[]?, byte[]?>? _consumer;
    Dictionary<int, KafkaMark> _marks = [];
    Dictionary<int, long> _ends = [];
    Task<bool>? _filling;

    public KafkaReader(KafkaClient client, SourceRead read)
    {
        (_client, _read, _options) = (client, read, OptionsBinder.Bind<KafkaReadOptions>(read.Read.Options));

        // Every consumer of librdkafka looks for its group's coordinator, also when it is never to join.
        _trouble = new() { Ignored = _options.Group is null ? [ErrorCode.GroupAuthorizationFailed] : [] };
    }

    string Topic => _read.Read.Object!;

    string What => $"Reading the topic '{Topic}'";

    bool IsMember => _options.Membership is KafkaMembership.Subscribe && _read.Window is null;

    /// <summary>Finds the beginning and lets librdkafka fetch from there.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsMember)
        {
            _marks = KafkaStart.PositionOf(_client.Site, _read) ?? [];
            _group = new(_client, _options, _marks);
            _consumer = _client.Consumer(Settings(), _trouble, _group.Handle);
            _consumer.Subscribe(Topic);
            return;
        }

        var start = await KafkaStart.FindAsync(_client, _read, _options, cancellationToken);
        (_marks, _ends) = (start.Marks, start.Ends);
        _lost.AddRange(start.Lost);
        _consumer = _client.Consumer(Settings(), _trouble);
        Assign();
    }

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (_group is { HasHandedOver: true })
            return null;
        var lines = new MessageLines(destination);
        var from = _marks.ToDictionary();
        var began = _client.Site.Time.GetTimestamp();
        var isComplete = false;
        while (!isComplete)
        {
            var filling = _filling = Task.Run(() => Fill(lines, began, cancellationToken), cancellationToken);
            if (_group is not null && await Task.WhenAny(filling, _group.Asked) != filling)
            {
                isComplete = true; // the thread waits inside the rebalance, until this part is landed
            }
            else
            {
                isComplete = await filling;
                _filling = null;
            }

            await lines.FlushAsync(cancellationToken);
        }

        if (lines.Records == 0)
            return null;
        return new()
        {
            Name = Topic + ".ndjson",
            Position = KafkaPosition.Write(_marks) ?? throw _client.Site.Fail(
                "configuration-invalid", $"The topic '{Topic}' has too many partitions ({_marks.Count}) for one dataset: read it as several, each with 'partitions'.", isTransient: false),
            KnownAt = _client.Site.Time.GetUtcNow(),
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
            Headers = HeadersOf(from),
        };
    }

    public async Task LandedAsync(SourcePart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (_options.Group is null || _read.Window is not null || part.Position is null || KafkaPosition.Read(part.Position) is not { } marks)
            return;
        var owned = IsMember ? _consumer!.Assignment.Select(p => p.Partition.Value).ToHashSet() : null;
        var offsets = marks.Where(m => owned is null || owned.Contains(m.Key)).Select(m => new TopicPartitionOffset(Topic, m.Key, m.Value.Offset)).ToList();
        try
        {
            if (offsets.Count > 0)
                await Task.Run(() => _consumer!.Commit(offsets), cancellationToken);
        }
        catch (KafkaException failed)
        {
            throw KafkaFailures.Of(_client.Site, $"Committing offsets of the group '{_options.Group}'", failed.Error);
        }

        _group?.Release();
    }

    public async ValueTask DisposeAsync()
    {
        _group?.Release();
        if (_filling is { } filling)
            await Task.WhenAny(filling);
        if (_consumer is { } consumer)
        {
            await Task.Run(() =>
            {
                consumer.Close();
                consumer.Dispose();
            });
        }
    }

    // Takes messages until the buffer is full (false) or the window is complete (true).
    bool Fill(MessageLines lines, long began, CancellationToken cancellationToken)
    {
        var isIdle = true;
        for (var i = 0; ; i++)
        {
            if (IsComplete(lines))
                return true;
            if (lines.IsFull)
                return false;
            var left = Nap;
            if (isIdle || i % MessagesPerClock == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                left = _read.Read.Window - _client.Site.Time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero && _read.Window is null)
                    return true;
            }

            var message = Take(!isIdle ? TimeSpan.Zero : _read.Window is null && left < Nap ? left : Nap, lines, out var isBroken);
            if (isBroken || _group is { HasHandedOver: true })
                return true;
            isIdle = message is null;
            if (message is not null)
                Add(message, lines);
        }
    }

    bool IsComplete(MessageLines lines) =>
        (_read.Window is null && (lines.Records >= _read.Read.WindowRecords || lines.Bytes >= _read.Read.ArtefactBytes))
        || ((_read.Window is not null || _options.StopAtEnd) && (_group is null ? _marks.Keys.All(_atEnd.Contains) : _group.IsAssigned && _group.Owned.All(_atEnd.Contains)));

    void Add(ConsumeResult<byte[]?, byte[]?> message, MessageLines lines)
    {
        var partition = message.Partition.Value;
        if (message.IsPartitionEOF)
        {
            _atEnd.Add(partition);
            if (!_marks.TryGetValue(partition, out var mark) || mark.Offset < message.Offset.Value)
                _marks[partition] = new(message.Offset.Value, mark.Epoch); // what a transaction leaves behind is no message, and read all the same
            return;
        }

        if (_read.Window is { } window)
        {
            if (message.Offset.Value >= _ends[partition])
            {
                _atEnd.Add(partition);
                return;
            }

            var time = message.Message.Timestamp.UtcDateTime;
            if (time < window.From.UtcDateTime || time >= window.To.UtcDateTime)
                return;
        }

        KafkaLines.Add(lines, message);
        _group?.Note(partition);
        _marks[partition] = new(message.Offset.Value + 1, message.LeaderEpoch);
    }

    // The next message. What has been read when something breaks is a part; the next one meets the trouble.
    ConsumeResult<byte[]?, byte[]?>? Take(TimeSpan wait, MessageLines lines, out bool isBroken)
    {
        isBroken = false;
        try
        {
            var message = _consumer!.Consume(wait);
            if (_group is { HasLost: true })
                throw _client.Site.Fail("source-unavailable", $"The group '{_options.Group}' gave partitions of the topic '{Topic}' to another member while they were read: what was not landed is read again.", isTransient: true);
            if (message is null && _trouble.Fatal.IsCompletedSuccessfully)
                throw KafkaFailures.Of(_client.Site, What, _trouble.Fatal.Result);
            return message;
        }
        catch (ConsumeException failed) when (lines.Records == 0 && _options.OnLoss is StreamLoss.Continue && _group is null && IsLoss(failed.Error.Code))
        {
            GoOn(failed.ConsumerRecord.TopicPartition);
            return null;
        }
        catch (Exception failed) when (lines.Records > 0 && _group is not { HasLost: true } && failed is StepFailedException or ConsumeException)
        {
            isBroken = true;
            return null;
        }
        catch (ConsumeException failed)
        {
            throw KafkaFailures.Of(_client.Site, $"{What}, partition {failed.ConsumerRecord?.Partition.Value}, offset {failed.ConsumerRecord?.Offset.Value}", failed.Error);
        }
        catch (KafkaException failed)
        {
            throw KafkaFailures.Of(_client.Site, What, failed.Error);
        }
    }

    static bool IsLoss(ErrorCode code) => code is ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset or ErrorCode.Local_LogTruncation;

    void GoOn(TopicPartition partition)
    {
        var kept = _consumer!.QueryWatermarkOffsets(partition, _client.Timeout);
        var mark = _marks[partition.Partition.Value];
        var next = mark.Offset < kept.Low.Value || mark.Offset > kept.High.Value ? kept.Low.Value : mark.Offset;
        _lost.Add($"partition {partition.Partition.Value}: {(next == mark.Offset ? $"the log was cut and written anew before offset {mark.Offset}" : $"offsets {mark.Offset} to {next - 1}")}");
        _marks[partition.Partition.Value] = new(next, null);
        Assign();
    }

    void Assign() => _consumer!.Assign(_marks.Select(m => new TopicPartitionOffset(new(Topic, m.Key), m.Value.Offset, m.Value.Epoch)));

    Dictionary<string, string> HeadersOf(Dictionary<int, KafkaMark> from)
    {
        const int Longest = 1000;
        var read = string.Join(',', _marks.Where(m => !from.TryGetValue(m.Key, out var began) || began.Offset != m.Value.Offset).OrderBy(m => m.Key)
            .Select(m => $"{m.Key}:{(from.TryGetValue(m.Key, out var began) ? $"{began.Offset}" : "")}-{m.Value.Offset - 1}"));
        var headers = new Dictionary<string, string> { ["offsets"] = read.Length <= Longest ? read : $"{read.AsSpan(0, Longest)}…" };
        if (_lost.Count > 0)
            headers["lost"] = string.Join("; ", _lost);
        return headers;
    }

    Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["group.id"] = _options.Group ?? $"data-ingestion-{_client.Site.Source.Source}",
            ["enable.auto.commit"] = "false",
            ["enable.auto.offset.store"] = "false",
            ["auto.offset.reset"] = "error",
            ["allow.auto.create.topics"] = "false",
            ["enable.partition.eof"] = "true",
            ["isolation.level"] = _options.ReadUncommitted ? "read_uncommitted" : "read_committed",
            ["check.crcs"] = "true",
            ["queued.max.messages.kbytes"] = $"{QueueKilobytes}",
            ["fetch.queue.backoff.ms"] = "10",
            ["partition.assignment.strategy"] = "cooperative-sticky",
            ["session.timeout.ms"] = $"{(int)_options.SessionTimeout.TotalMilliseconds}",
            ["heartbeat.interval.ms"] = $"{(int)Math.Min(3000, _options.SessionTimeout.TotalMilliseconds / 4)}",
        };
        if (_options.StopAtEnd || _read.Window is not null)
            settings["fetch.wait.max.ms"] = "100"; // the end is known only after that
        if (_options.Member is { } member)
            settings["group.instance.id"] = member;
        return settings;
    }
}
