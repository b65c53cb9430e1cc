using System.Globalization;
using DataIngestion.Contracts;
using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary>
/// Reads a stream by ids, without a consumer group: nothing is written to the server, and reading continues exactly behind the last
/// landed entry. Position <c>{id}</c> or <c>{id}|{entries ever added up to it}</c>; the count tells how many were trimmed unread.
/// </summary>
internal sealed class RedisStreamReader : ISourceReader
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly RedisConnection _connection;
    readonly SourceRead _read;
    readonly RedisReadOptions _options;
    readonly string _key;
    readonly RedisStreamId _end;
    RedisStreamId _at;
    long? _count;
    string? _gap;

    RedisStreamReader(RedisConnection connection, SourceRead read, RedisReadOptions options, RedisStreamState state)
    {
        (_connection, _read, _options, _key, _end) = (connection, read, options, read.Read.Object!, state.Last);
        var parts = read.Position?.Split('|') ?? [];
        var known = parts.Length > 0 ? RedisStreamId.Parse(parts[0]) ?? throw connection.Site.Fail("configuration-invalid", $"'{read.Position}' is no position in a stream.", isTransient: false) : (RedisStreamId?)null;
        _at = known ?? (options.From == RedisStart.Now ? state.Last : RedisStreamId.Zero);
        _count = parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : known is null ? CountAtStart(state, options) : null;
        if (known is not null)
            CheckHistory(state);
    }

    bool IsStream => _connection.Site.Source.Kind == SourceKind.Stream;

    public static async Task<ISourceReader> OpenAsync(RedisConnection connection, SourceRead read, RedisReadOptions options, CancellationToken cancellationToken) =>
        new RedisStreamReader(connection, read, options, await RedisStreamState.ReadAsync(connection, read.Read.Object!, cancellationToken));

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var (lines, knownAt, began) = (new RedisEntryLines(destination), _connection.Site.Time.GetUtcNow(), _connection.Site.Time.GetTimestamp());
        while (!IsFull(lines, began))
        {
            if (!IsStream && _at.CompareTo(_end) >= 0)
                break;
            var limit = IsStream ? (int)Math.Min(_options.PageSize, _read.Read.WindowRecords - lines.Records) : _options.PageSize;
            var entries = await _connection.AskAsync(
                $"the stream '{_key}' was read", () => _connection.Database.StreamReadAsync(_key, _at.ToString(), limit), cancellationToken);
            foreach (var entry in entries)
            {
                await lines.AddAsync(entry, cancellationToken);
                _at = RedisStreamId.Parse((string)entry.Id!)!.Value;
                _count++;
                if (lines.Bytes >= _read.Read.ArtefactBytes)
                    break;
            }

            if (entries.Length > 0)
                continue;
            if (!IsStream)
                break; // the rest up to the end was deleted
            await Task.Delay(Pause, _connection.Site.Time, cancellationToken);
        }

        await lines.FlushAsync(cancellationToken);
        if (lines.Records == 0)
            return null;
        var headers = new Dictionary<string, string>();
        if (_gap is not null)
            headers["gap"] = _gap;
        _gap = null;
        return new()
        {
            Name = $"{_read.Dataset.Dataset}.ndjson",
            Position = _count is { } count ? $"{_at}|{count}" : $"{_at}",
            KnownAt = knownAt,
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
            Headers = headers,
        };
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    bool IsFull(RedisEntryLines lines, long began) =>
        lines.Bytes >= _read.Read.ArtefactBytes
        || (IsStream && (lines.Records >= _read.Read.WindowRecords || _connection.Site.Time.GetElapsedTime(began) >= _read.Read.Window));

    static long? CountAtStart(RedisStreamState state, RedisReadOptions options) =>
        state.Added is not { } added ? null : options.From == RedisStart.Now ? added : added - state.Length;

    void CheckHistory(RedisStreamState state)
    {
        if (state.Last.CompareTo(_at) < 0)
        {
            throw _connection.Site.Fail(
                "source-changed",
                $"The stream '{_key}' ends at {state.Last}, before the entry {_at} that was read last: it was made anew, or a fail-over lost its end. Reset the dataset's position to read it from the beginning.",
                isTransient: false);
        }

        // Where every entry that is there comes after our position, what was added since is either there or trimmed.
        var missing = _count is { } count && state.Added is { } added && (state.First is null || state.First.Value.CompareTo(_at) > 0) ? added - count - state.Length : 0;
        if (missing > 0)
        {
            _count += missing;
            _gap = string.Create(CultureInfo.InvariantCulture, $"{missing} entries behind {_at} were trimmed or deleted before they were read");
            if (_options.OnGap == RedisGap.Fail)
                throw _connection.Site.Fail("source-changed", $"The stream '{_key}' has a gap: {_gap}. Read more often, keep more of it, or set 'onGap: report'.", isTransient: false);
        }
        else if (state.Last == _at)
        {
            _count = state.Added;
        }
    }
}
