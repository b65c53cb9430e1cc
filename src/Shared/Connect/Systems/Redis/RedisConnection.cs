using System.Runtime.CompilerServices;
using DataIngestion.Contracts;
using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary>An open client. The client would reconnect by itself; a broken connection fails the read all the same, which then begins behind the last part.</summary>
internal sealed class RedisConnection(SourceSite site, ConnectionMultiplexer multiplexer, GuardedTunnel tunnel, int number) : ISourceConnection
{
    const int DiscoveredKeys = 10_000;

    public SourceSite Site => site;

    public bool CanBeReused => multiplexer.IsConnected;

    public int Number => number;

    /// <summary>The database.</summary>
    public IDatabase Database => multiplexer.GetDatabase(number);

    /// <summary>The servers that hold keys, in a fixed order.</summary>
    public IReadOnlyList<IServer> Primaries =>
        [.. multiplexer.GetServers().Where(s => s.IsConnected && !s.IsReplica && s.ServerType != ServerType.Sentinel).OrderBy(s => $"{s.EndPoint}", StringComparer.Ordinal)];

    /// <summary>Asks a server; what goes wrong becomes a failure of the source.</summary>
    public async Task<T> AskAsync<T>(string what, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().WaitAsync(cancellationToken);
        }
        catch (Exception fault) when (RedisFailures.IsOurs(fault))
        {
            throw RedisFailures.Of(fault, site, tunnel, what);
        }
    }

    /// <summary>Sends a command to one server, in our database.</summary>
    public Task<RedisResult> SendAsync(IServer server, string command, params object[] arguments) => server.ExecuteAsync(number, command, arguments);

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        await AskAsync("it was asked PING", () => Database.PingAsync(), cancellationToken);
        var server = PrimaryOrFail();
        return $"Redis {server.Version}, {server.ServerType}, database {number}";
    }

    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Names of keys are data: a sample of them shows what there is, with the kinds of their values.
        var seen = 0;
        PrimaryOrFail();
        foreach (var server in Primaries)
        {
            var cursor = "0";
            do
            {
                var page = await AskAsync("its keys were listed", () => SendAsync(server, "SCAN", cursor, "MATCH", pattern ?? "*", "COUNT", 500), cancellationToken);
                cursor = (string)page[0]!;
                var keys = (RedisKey[])page[1]!;
                var types = await AskAsync("the types of keys were asked for", () => Task.WhenAll(keys.Select(k => SendAsync(server, "TYPE", k))), cancellationToken);
                for (var i = 0; i < keys.Length && seen < DiscoveredKeys; i++, seen++)
                {
                    var kind = (string)types[i]!;
                    var size = kind == "stream" ? await AskAsync("the length of a stream was asked for", () => Database.StreamLengthAsync(keys[i]), cancellationToken) : (long?)null;
                    yield return new(keys[i].ToString(), kind, []) { Size = size };
                }
            }
            while (cursor != "0" && seen < DiscoveredKeys);
        }
    }

    public async Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var options = OptionsBinder.Bind<RedisReadOptions>(read.Read.Options);
        PrimaryOrFail();
        return options switch
        {
            { Mode: not RedisMode.Stream } => new RedisKeysReader(this, read, options),
            { Group: { } group } => await RedisGroupReader.OpenAsync(this, read, options, group, cancellationToken),
            _ => await RedisStreamReader.OpenAsync(this, read, options, cancellationToken),
        };
    }

    public ValueTask DisposeAsync() => multiplexer.DisposeAsync();

    IServer PrimaryOrFail() => Primaries is [var first, ..]
        ? first
        : throw site.Fail("source-unavailable", "No primary is connected: the server is gone, or it fails over.", isTransient: true);
}
