using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace DataIngestion.TestKit;

/// <summary>
/// A real server (PostgreSQL, Redis …) on 127.0.0.1, started by <c>eng/test-servers run</c>, with data of its own. It ends with this
/// object, and also when this process dies.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    // Nothing is installed while tests run: one question serves them all.
    static readonly Lazy<string[]> Listed = new(List);

    readonly Process _process;
    readonly TemporaryFolder? _owned;

    TestServer(string name, int port, string folder, TemporaryFolder? owned, Process process) =>
        (Name, Port, Folder, _owned, _process) = (name, port, folder, owned, process);

    /// <summary>Its name in <c>eng/servers</c>.</summary>
    public string Name { get; }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Its data and its log <c>server.log</c>.</summary>
    public string Folder { get; }

    /// <summary>Skips the running test, naming the server, when it isn't installed.</summary>
    public static void SkipUnlessInstalled(string name)
    {
        var missing = WhatIsMissing(name);
        Assert.SkipWhen(missing is not null, $"{missing}: 'eng/test-servers install {name}' installs it.");
    }

    /// <summary>Starts a server and returns when its port answers; skips the running test when it isn't installed.</summary>
    /// <param name="name">Its name in <c>eng/servers</c>.</param>
    /// <param name="port">0 takes any free port.</param>
    /// <param name="folder">Its data, to be kept between two starts; null for a temporary folder.</param>
    /// <param name="settings">Environment variables for <c>eng/servers/{name}.sh</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<TestServer> StartAsync(
        string name, int port = 0, string? folder = null, IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellationToken = default)
    {
        SkipUnlessInstalled(name);
        var owned = folder is null ? new TemporaryFolder(name) : null;
        folder ??= owned!.Path;
        port = port > 0 ? port : FreePort();
        var start = new ProcessStartInfo(Script, ["run", name, $"{port}", folder]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(cancellationToken);
        var server = new TestServer(name, port, folder, owned, process);
        try
        {
            await server.AnswersAsync(cancellationToken);
            return server;
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server '{name}' did not start on port {port}: {await said}", fault);
        }
    }

    /// <summary>A port of 127.0.0.1 that nobody listens on, below those that the system gives to connections: some servers take seconds to listen.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 20_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody is there.
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _owned?.Dispose();
    }

    async Task AnswersAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException("it ended");
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
                return;
            }
            catch (SocketException refused)
            {
                try
                {
                    await timer.WaitForNextTickAsync(limit.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new TimeoutException($"no answer within {StartLimit}", refused);
                }
            }
        }
    }

    static string Script => Path.Combine(Repository.Root, "eng", "test-servers");

    /// <summary>What a server lacks to be started, as a clause; null when it can be.</summary>
    public static string? WhatIsMissing(string name) => Array.Find(Listed.Value, l => l.StartsWith(name + " ", StringComparison.Ordinal));

    static string[] List()
    {
        using var process = Process.Start(new ProcessStartInfo(Script, ["list"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        return lines;
    }
}
