using System.Security.Cryptography;
using System.Text.Json;
using DataIngestion.Contracts;
using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary>
/// Reads every key by SCAN. Its cursor is all the state there is, so a run continues where it was interrupted as long as it is the same
/// process that answers: position <c>{server}|{its run id}|{cursor}</c>. Another process counts differently, and the run fails.
/// </summary>
internal sealed class RedisKeysReader(RedisConnection connection, SourceRead read, RedisReadOptions options) : ISourceReader
{
    readonly RedisValues _values = new(connection, options);
    readonly HashSet<UInt128> _seen = [];
    readonly Queue<IServer> _servers = new(connection.Primaries);
    readonly bool _isFirst = read.Landed.Count == 0;
    string? _runId;
    string _cursor = "0";
    bool _opened;

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (!_opened)
            await OpenAsync(cancellationToken);
        if (_servers.Count == 0)
            return null;
        var lines = new MessageLines(destination);
        var knownAt = connection.Site.Time.GetUtcNow();
        while (_servers.TryPeek(out var server))
        {
            _runId ??= await RunIdOfAsync(server, cancellationToken);
            await ReadPageAsync(server, lines, cancellationToken);
            if (_cursor == "0")
            {
                _servers.Dequeue();
                _runId = null;
            }

            if (lines.Bytes >= read.Read.ArtefactBytes && _servers.Count > 0)
                break;
        }

        await lines.FlushAsync(cancellationToken);
        if (lines.Records == 0)
            return null;
        return new()
        {
            Name = $"{read.Dataset.Dataset}.ndjson",
            Position = await PositionAsync(cancellationToken),
            KnownAt = knownAt,
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
        };
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A run always begins with the first key; only a later attempt of it continues.
    async Task OpenAsync(CancellationToken cancellationToken)
    {
        _opened = true;
        if (_isFirst)
            return;
        if (read.Position?.Split('|') is not [var endpoint, var runId, var cursor])
        {
            _servers.Clear(); // the last part of the run is landed
            return;
        }

        while (_servers.TryPeek(out var server) && string.CompareOrdinal($"{server.EndPoint}", endpoint) < 0)
            _servers.Dequeue();
        if (!_servers.TryPeek(out var current) || $"{current.EndPoint}" != endpoint || await RunIdOfAsync(current, cancellationToken) != runId)
        {
            throw connection.Site.Fail(
                "source-changed",
                $"The server at {endpoint} is not the process any more whose keys this run has read in part: the rest cannot be told from what is landed. Start another run.",
                isTransient: false);
        }

        (_runId, _cursor) = (runId, cursor);
    }

    async Task<string?> PositionAsync(CancellationToken cancellationToken)
    {
        if (!_servers.TryPeek(out var server))
            return null;
        return $"{server.EndPoint}|{_runId ??= await RunIdOfAsync(server, cancellationToken)}|{_cursor}";
    }

    async Task<string> RunIdOfAsync(IServer server, CancellationToken cancellationToken)
    {
        var info = await connection.AskAsync("INFO server was asked for", () => connection.SendAsync(server, "INFO", "server"), cancellationToken);
        return ((string?)info ?? "").Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith("run_id:", StringComparison.Ordinal))?[7..] ?? "unknown";
    }

    async Task ReadPageAsync(IServer server, MessageLines lines, CancellationToken cancellationToken)
    {
        object[] arguments = [_cursor, "MATCH", read.Read.Object ?? "*", "COUNT", options.PageSize];
        if (options.Mode == RedisMode.Hashes)
            arguments = [.. arguments, "TYPE", "hash"];
        var page = await connection.AskAsync("its keys were listed", () => connection.SendAsync(server, "SCAN", arguments), cancellationToken);
        var keys = Array.ConvertAll((RedisValue[])page[1]!, k => (byte[])k!);
        foreach (var record in await _values.ReadAsync(server, [.. keys.Where(IsNew)], cancellationToken))
        {
            lines.Add(record, WriteMetadata, record.Payload.Span, record.IsNull);
            if (lines.IsFull)
                await lines.FlushAsync(cancellationToken);
        }

        _cursor = (string)page[0]!;
    }

    // SCAN may return a key twice. Half a SHA-256 stands for it: no two keys have the same.
    bool IsNew(byte[] key)
    {
        var hash = BitConverter.ToUInt128(SHA256.HashData(key));
        return !_seen.Contains(hash) && (_seen.Count >= options.RememberedKeys || _seen.Add(hash));
    }

    static void WriteMetadata(Utf8JsonWriter json, RedisRecord record)
    {
        json.WriteString("_key", RedisValues.TextOf(record.Key));
        json.WriteString("_type", record.Type);
        if (record.TimeToLive is { } life)
            json.WriteNumber("_ttl", life);
        else
            json.WriteNull("_ttl");
    }
}
