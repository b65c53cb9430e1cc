using System.Collections.Concurrent;
using Xunit;

namespace DataIngestion.TestKit;

/// <summary>
/// The servers of a test assembly, each started when a test first asks for it and stopped when the assembly is done:
/// <c>[assembly: AssemblyFixture(typeof(SharedServers))]</c>, then take it in the constructor. Tests keep apart by naming their own
/// databases, queues and keys; a test that stops its server starts one of its own with <see cref="TestServer.StartAsync"/>.
/// </summary>
public sealed class SharedServers : IAsyncLifetime
{
    readonly ConcurrentDictionary<string, Lazy<Task<TestServer>>> _servers = new(StringComparer.Ordinal);

    /// <summary>The server of that name; skips the running test when it isn't installed.</summary>
    public Task<TestServer> GetAsync(string name)
    {
        TestServer.SkipUnlessInstalled(name);
        return _servers.GetOrAdd(name, key => new(() => TestServer.StartAsync(key, cancellationToken: CancellationToken.None))).Value;
    }

    /// <inheritdoc />
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values.Where(s => s.IsValueCreated))
        {
            if (await Task.WhenAny(server.Value) is { IsCompletedSuccessfully: true })
                await (await server.Value).DisposeAsync();
        }
    }
}
