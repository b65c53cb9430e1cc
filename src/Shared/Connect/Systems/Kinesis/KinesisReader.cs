using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// Reads one window of a stream, shard by shard in turn. A shard that came of a split or merge is read when all its parents have
/// been read to their ends, so that records of a key keep their order.
/// </summary>
internal sealed class KinesisReader(KinesisClient client, SourceRead read) : ISourceReader
{
    // The service answers five requests a second for a shard.
    static readonly TimeSpan BetweenReads = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly KinesisReadOptions _options = OptionsBinder.Bind<KinesisReadOptions>(read.Read.Options);
    readonly Dictionary<string, Cursor> _cursors = new(StringComparer.Ordinal);
    readonly List<string> _lost = [];
    Dictionary<string, KinesisMark> _marks = new(StringComparer.Ordinal);
    IReadOnlyList<KinesisShard> _shards = [];

    string Stream => read.Read.Object!;

    /// <summary>Finds the shards and where each continues.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (read.Position is { } position)
            _marks = KinesisPosition.Read(position) ?? throw client.Site.Fail("cursor-invalid", $"'{position}' is no position in a stream: expected shards with sequence numbers.", isTransient: false);
        await ListAsync(cancellationToken);
        var listed = _shards.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (shard, mark) in _marks.Where(m => !listed.Contains(m.Key)).ToList())
        {
            _marks.Remove(shard);
            if (!mark.IsEnd)
                _lost.Add(shard);
        }

        if (_lost.Count > 0 && _options.OnLoss is StreamLoss.Fail)
        {
            throw client.Site.Fail(
                "source-changed",
                $"The stream '{Stream}' no longer has shards that were not read to their end: {string.Join(", ", _lost)}. Their retention has passed, or the stream was made anew. "
                + "Set 'onLoss: continue' to go on with what is kept.",
                isTransient: false);
        }
    }

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var lines = new MessageLines(destination);
        var began = client.Site.Time.GetTimestamp();
        while (!await IsCompleteAsync(lines, began, cancellationToken))
        {
            var hasRead = false;
            foreach (var shard in _shards.Where(IsReadable).Select(s => s.Id).ToList())
            {
                if (IsFull(lines))
                    break;
                hasRead |= await TakeAsync(shard, lines, cancellationToken);
            }

            if (!hasRead && !await IsCompleteAsync(lines, began, cancellationToken))
                await WaitAsync(began, cancellationToken);
        }

        await lines.FlushAsync(cancellationToken);
        return lines.Records == 0 ? null : new()
        {
            Name = Stream + ".ndjson",
            Position = KinesisPosition.Write(_marks) ?? throw client.Site.Fail("configuration-invalid", $"The stream '{Stream}' has too many shards ({_marks.Count}) for one position.", isTransient: false),
            KnownAt = client.Site.Time.GetUtcNow(),
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
            Headers = HeadersOf(),
        };
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask; // the service keeps no positions

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task ListAsync(CancellationToken cancellationToken)
    {
        _shards = await client.ShardsAsync(Stream, cancellationToken);
        var listed = _shards.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var shard in _shards.Where(s => !_marks.ContainsKey(s.Id)))
        {
            // A root is begun where the run was told to; a child has nothing older than its parents' ends.
            var isRoot = read.Position is null && !shard.Parents.Any(p => listed.Contains(p) || _marks.ContainsKey(p));
            _marks[shard.Id] = !isRoot ? KinesisMark.Beginning
                : read.Window is { } window ? new() { Time = window.From }
                : _options.StartAt switch
                {
                    StreamStart.Latest => new() { Time = read.StartedAt },
                    StreamStart.Timestamp => new() { Time = StreamTime.Parse(_options.StartTime) },
                    _ => KinesisMark.Beginning,
                };
        }
    }

    bool IsReadable(KinesisShard shard) =>
        !_marks[shard.Id].IsEnd && !(_cursors.GetValueOrDefault(shard.Id)?.IsPastWindow ?? false)
        && shard.Parents.All(p => !_marks.TryGetValue(p, out var parent) || parent.IsEnd);

    bool IsFull(MessageLines lines) => read.Window is null && (lines.Records >= read.Read.WindowRecords || lines.Bytes >= read.Read.ArtefactBytes);

    async Task<bool> IsCompleteAsync(MessageLines lines, long began, CancellationToken cancellationToken)
    {
        if (lines.IsFull)
            await lines.FlushAsync(cancellationToken);
        if (IsFull(lines))
            return true;
        if (read.Window is null && client.Site.Time.GetElapsedTime(began) >= read.Read.Window)
            return true;
        return (read.Window is not null || _options.StopAtEnd) && _shards.Where(IsReadable).All(s => _cursors.GetValueOrDefault(s.Id) is { IsAtEnd: true });
    }

    Task WaitAsync(long began, CancellationToken cancellationToken)
    {
        var left = read.Read.Window - client.Site.Time.GetElapsedTime(began);
        return Task.Delay(read.Window is null && left < Pause ? TimeSpan.FromMilliseconds(Math.Max(1, left.TotalMilliseconds)) : Pause, client.Site.Time, cancellationToken);
    }

    // Whether there was something.
    async Task<bool> TakeAsync(string shard, MessageLines lines, CancellationToken cancellationToken)
    {
        if (!_cursors.TryGetValue(shard, out var cursor))
            _cursors[shard] = cursor = new();
        if (cursor.NotBefore is { } earliest && earliest - client.Site.Time.GetUtcNow() is { Ticks: > 0 } early)
            await Task.Delay(early, client.Site.Time, cancellationToken);
        cursor.Iterator ??= await client.IteratorAsync(Stream, shard, _marks[shard], orLatest: _options.StartAt is StreamStart.Latest, cancellationToken);
        var (answer, isThrottled) = await client.RecordsAsync(cursor.Iterator, cancellationToken);
        using var records = answer;
        cursor.NotBefore = client.Site.Time.GetUtcNow() + (isThrottled ? cursor.Throttled() : BetweenReads);
        if (records is null)
        {
            if (!isThrottled)
                cursor.Iterator = null; // expired: a new one from the mark
            return false;
        }

        cursor.Behind = records.RootElement.TryGetProperty("MillisBehindLatest", out var behind) && behind.TryGetInt64(out var milliseconds) ? milliseconds : 0;
        cursor.Throttles = 0;
        var all = records.RootElement.GetProperty("Records");
        var taken = 0;
        foreach (var record in all.EnumerateArray())
        {
            if (!Take(shard, record, cursor, lines))
            {
                cursor.Iterator = null;
                return true;
            }

            taken++;
            if (lines.IsFull)
                await lines.FlushAsync(cancellationToken);
        }

        cursor.Iterator = KinesisClient.TextOf(records.RootElement, "NextShardIterator");
        cursor.IsAtEnd = cursor.Behind == 0 && !_shards.Any(s => s.Id == shard && s.IsClosed); // what is closed ends, and has children
        if (cursor.Iterator is null)
        {
            _marks[shard] = new() { IsEnd = true };
            await ListAsync(cancellationToken); // its children
            return true;
        }

        return taken > 0;
    }

    // Whether the window has room for more.
    bool Take(string shard, JsonElement record, Cursor cursor, MessageLines lines)
    {
        var sequence = record.GetProperty("SequenceNumber").GetString()!;
        var time = record.TryGetProperty("ApproximateArrivalTimestamp", out var arrival) && arrival.TryGetDouble(out var seconds)
            ? DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(seconds * 1000))
            : (DateTimeOffset?)null;
        if (read.Window is { } window && time >= window.To)
        {
            cursor.IsPastWindow = true;
            return false;
        }

        var key = KinesisClient.TextOf(record, "PartitionKey");
        var data = record.GetProperty("Data").GetBytesFromBase64();
        var mark = _marks[shard];
        var skip = mark.Sequence == sequence ? mark.Taken : 0;
        var parts = _options.Deaggregate ? KinesisAggregate.Read(data) : null;
        if (read.Window is { } from && time < from.From)
            return true;
        for (var i = skip; i < (parts?.Count ?? 1); i++)
        {
            if (IsFull(lines))
                return false;
            var line = new KinesisLine(Stream, shard, sequence, parts is null ? null : i, parts?[i].Key ?? key, time);
            lines.Add(line, KinesisLine.Describe, parts is null ? data : parts[i].Data.Span);
            _marks[shard] = new() { Sequence = sequence, Taken = parts is null ? 0 : i + 1 };
        }

        if (parts is { Count: 0 } || parts is null || _marks[shard].Taken == parts.Count)
            _marks[shard] = new() { Sequence = sequence };
        return !IsFull(lines);
    }

    Dictionary<string, string> HeadersOf()
    {
        var headers = new Dictionary<string, string> { ["millis-behind-latest"] = $"{_cursors.Values.Select(c => c.Behind).DefaultIfEmpty().Max()}" };
        if (_lost.Count > 0)
            headers["lost"] = string.Join(", ", _lost);
        return headers;
    }

    sealed class Cursor
    {
        public string? Iterator { get; set; }

        public DateTimeOffset? NotBefore { get; set; }

        public bool IsAtEnd { get; set; }

        public bool IsPastWindow { get; set; }

        public long Behind { get; set; }

        public int Throttles { get; set; }

        // Doubled each time, to 8 s.
        public TimeSpan Throttled() => BetweenReads * (1 << Math.Min(++Throttles, 5));
    }
}

/// <summary>What the service says of a record.</summary>
internal sealed record KinesisLine(string Stream, string Shard, string Sequence, int? Sub, string? Key, DateTimeOffset? Time)
{
    /// <summary>Writes it.</summary>
    public static void Describe(Utf8JsonWriter writer, KinesisLine line)
    {
        writer.WriteString("_stream"u8, line.Stream);
        writer.WriteString("_shard"u8, line.Shard);
        writer.WriteString("_sequence"u8, line.Sequence);
        if (line.Sub is { } sub)
            writer.WriteNumber("_sub_sequence"u8, sub);
        if (line.Time is { } time)
            writer.WriteString("_time"u8, time.UtcDateTime);
        else
            writer.WriteNull("_time"u8);
        writer.WriteString("_key"u8, line.Key);
    }
}
