using System.Text;
using DataIngestion.Contracts;
using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary>
/// Reads a stream as a consumer of a group. The server remembers what was handed to us and not acknowledged, and hands it to us first
/// after a crash: entries of the window that was landed last are recognised by its digest, which is the position, and only acknowledged.
/// </summary>
internal sealed class RedisGroupReader : ISourceReader
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly RedisConnection _connection;
    readonly SourceRead _read;
    readonly RedisReadOptions _options;
    readonly string _key;
    readonly string _group;
    readonly List<RedisValue> _unacknowledged = [];

    RedisGroupReader(RedisConnection connection, SourceRead read, RedisReadOptions options, string group) =>
        (_connection, _read, _options, _key, _group) = (connection, read, options, read.Read.Object!, group);

    IDatabase Database => _connection.Database;

    public static async Task<ISourceReader> OpenAsync(RedisConnection connection, SourceRead read, RedisReadOptions options, string group, CancellationToken cancellationToken)
    {
        var key = read.Read.Object!;
        await RedisStreamState.ReadAsync(connection, key, cancellationToken);
        var start = options.From == RedisStart.Now ? StreamPosition.NewMessages : StreamPosition.Beginning;
        await connection.AskAsync($"the consumer group '{group}' was made", () => CreateAsync(connection.Database, key, group, start), cancellationToken);
        return new RedisGroupReader(connection, read, options, group);
    }

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var (lines, knownAt, began) = (new RedisEntryLines(destination), _connection.Site.Time.GetUtcNow(), _connection.Site.Time.GetTimestamp());
        var identities = new List<byte[]>();
        await ClaimAsync(cancellationToken);
        var filter = new RedeliveryFilter<StreamEntry>(WindowDigest.Parse(_read.Position));
        var known = await AgainAsync(filter, entry => TakeAsync(entry, lines, identities, cancellationToken), cancellationToken);
        await AcknowledgeAsync(known, cancellationToken);
        while (!IsFull(lines, began))
        {
            var limit = (int)Math.Min(_options.PageSize, _read.Read.WindowRecords - lines.Records);
            var entries = await ReadAsync(StreamPosition.NewMessages, limit, cancellationToken);
            foreach (var entry in entries)
                await TakeAsync(entry, lines, identities, cancellationToken);
            if (entries.Length == 0)
                await Task.Delay(Pause, _connection.Site.Time, cancellationToken);
        }

        await lines.FlushAsync(cancellationToken);
        return lines.Records == 0 ? null : new()
        {
            Name = $"{_read.Dataset.Dataset}.ndjson",
            Position = WindowDigest.ToText(identities),
            KnownAt = knownAt,
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
        };
    }

    public async Task LandedAsync(SourcePart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (_unacknowledged.Count == 0)
        {
            // A part of an earlier attempt: its entries are those still handed to us that its digest knows.
            var filter = new RedeliveryFilter<StreamEntry>(WindowDigest.Parse(part.Position));
            _unacknowledged.AddRange(await AgainAsync(filter, _ => ValueTask.CompletedTask, cancellationToken));
        }

        await AcknowledgeAsync(_unacknowledged, cancellationToken);
        _unacknowledged.Clear();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static async Task<bool> CreateAsync(IDatabase database, string key, string group, RedisValue start)
    {
        try
        {
            return await database.StreamCreateConsumerGroupAsync(key, group, start, createStream: false);
        }
        catch (RedisServerException there) when (there.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            return false;
        }
    }

    // What lies with a consumer that does not come back becomes ours; it is read with the rest that was handed to us before.
    async Task ClaimAsync(CancellationToken cancellationToken)
    {
        if (_options.ClaimAfter is not { } idle)
            return;
        var from = (RedisValue)"0-0";
        do
        {
            var claimed = await _connection.AskAsync(
                "entries of other consumers were taken over",
                () => Database.StreamAutoClaimIdsOnlyAsync(_key, _group, _options.Consumer, (long)idle.TotalMilliseconds, from, _options.PageSize), cancellationToken);
            from = claimed.NextStartId;
        }
        while (from != "0-0");
    }

    /// <summary>Everything that was handed to us and not acknowledged; what was landed before is returned, the rest goes to <paramref name="take"/>.</summary>
    async Task<List<RedisValue>> AgainAsync(RedeliveryFilter<StreamEntry> filter, Func<StreamEntry, ValueTask> take, CancellationToken cancellationToken)
    {
        var known = new List<RedisValue>();
        var after = (RedisValue)"0-0";
        while (true)
        {
            var entries = await ReadAsync(after, _options.PageSize, cancellationToken);
            foreach (var entry in entries)
            {
                after = entry.Id;
                if (entry.IsNull || entry.Values is not { Length: > 0 })
                    known.Add(entry.Id); // trimmed meanwhile: nothing of it is left to be read
                else
                    filter.Add(entry, IdentityOf(entry), redelivered: true);
            }

            if (entries.Length == 0)
                filter.Flush();
            while (filter.TryTake(out var entry, out _, out var landed))
            {
                if (landed)
                    known.Add(entry.Id);
                else
                    await take(entry);
            }

            if (entries.Length == 0)
                return known;
        }
    }

    async ValueTask TakeAsync(StreamEntry entry, RedisEntryLines lines, List<byte[]> identities, CancellationToken cancellationToken)
    {
        await lines.AddAsync(entry, cancellationToken);
        identities.Add(IdentityOf(entry));
        _unacknowledged.Add(entry.Id);
    }

    Task<StreamEntry[]> ReadAsync(RedisValue position, int count, CancellationToken cancellationToken) => _connection.AskAsync(
        $"the stream '{_key}' was read by the group '{_group}'", () => Database.StreamReadGroupAsync(_key, _group, _options.Consumer, position, count), cancellationToken);

    async Task AcknowledgeAsync(IReadOnlyCollection<RedisValue> ids, CancellationToken cancellationToken)
    {
        foreach (var some in ids.Chunk(10_000))
            await _connection.AskAsync("entries were acknowledged", () => Database.StreamAcknowledgeAsync(_key, _group, some), cancellationToken);
    }

    bool IsFull(RedisEntryLines lines, long began) =>
        lines.Bytes >= _read.Read.ArtefactBytes || lines.Records >= _read.Read.WindowRecords || _connection.Site.Time.GetElapsedTime(began) >= _read.Read.Window;

    static byte[] IdentityOf(StreamEntry entry) => WindowDigest.IdentityOf([], (string?)entry.Id);
}
