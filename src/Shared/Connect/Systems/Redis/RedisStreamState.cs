using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary>What <c>XINFO STREAM</c> says, all of one moment.</summary>
/// <param name="Length">Entries.</param>
/// <param name="Last">Id of the entry that was added last, be it deleted since.</param>
/// <param name="First">Id of the oldest entry; null when there is none.</param>
/// <param name="Added">Entries ever added; null before Redis 7.</param>
internal sealed record RedisStreamState(long Length, RedisStreamId Last, RedisStreamId? First, long? Added)
{
    public static async Task<RedisStreamState> ReadAsync(RedisConnection connection, string key, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await connection.AskAsync($"the stream '{key}' was looked up", () => AskAsync(connection, key), cancellationToken);
            var fields = reply.ToDictionary();
            var first = fields.TryGetValue("first-entry", out var entry) && !entry.IsNull ? RedisStreamId.Parse((string?)entry[0]) : null;
            return new((long)fields["length"], RedisStreamId.Parse((string?)fields["last-generated-id"]) ?? RedisStreamId.Zero, first, fields.TryGetValue("entries-added", out var added) ? (long)added : null);
        }
        catch (NoSuchKeyException)
        {
            throw connection.Site.Fail("not-found", $"There is no stream '{key}' in database {connection.Number}: check 'object' and the number in 'baseUrl'.", isTransient: false);
        }
    }

    static async Task<RedisResult> AskAsync(RedisConnection connection, string key)
    {
        try
        {
            return await connection.Database.ExecuteAsync("XINFO", "STREAM", (RedisKey)key);
        }
        catch (RedisServerException missing) when (missing.Message.Contains("no such key", StringComparison.Ordinal))
        {
            throw new NoSuchKeyException();
        }
    }

    sealed class NoSuchKeyException : Exception;
}
