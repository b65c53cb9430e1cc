using System.Net;
using System.Net.Sockets;

namespace DataIngestion.TestKit;

/// <summary>Which way bytes go through a <see cref="FaultProxy"/>.</summary>
public enum Flow
{
    /// <summary>What the client sends.</summary>
    ToServer,

    /// <summary>What the server answers.</summary>
    FromServer,
}

/// <summary>
/// A TCP proxy on 127.0.0.1 in front of a server that misbehaves as a test says. A fault holds for new connections and for those that
/// are open; bytes are counted for each connection from the moment at which the fault was set, or the connection was opened.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    readonly Lock _lock = new();
    readonly CancellationTokenSource _stopping = new();
    readonly HashSet<Link> _links = [];
    readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    readonly List<Task> _work = [];
    readonly Socket _place; // bound but deaf: keeps the port while connections are refused
    Socket? _listener;
    Fault _fault = Fault.None(Later());
    int _backend;
    int _connections;

    FaultProxy(int backend)
    {
        _backend = backend;
        _place = Bound(0);
        Port = ((IPEndPoint)_place.LocalEndPoint!).Port;
        Listen();
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections open now.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
                return _links.Count;
        }
    }

    /// <summary>Puts a proxy in front of a server on 127.0.0.1.</summary>
    public static FaultProxy Start(int backendPort) => new(backendPort);

    /// <summary>Lets everything pass again; what was stalled goes on.</summary>
    public void Pass()
    {
        Set(FaultKind.None, Flow.ToServer, long.MaxValue, int.MaxValue);
        Listen();
    }

    /// <summary>Refuses new connections; those that are open stay. <see cref="Pass"/> ends it.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Closes a connection, as a server does that shuts down, once it has carried that many bytes.</summary>
    /// <param name="flow">Whose bytes count.</param>
    /// <param name="after">Bytes that still pass.</param>
    /// <param name="times">How many connections it happens to.</param>
    /// <returns>Completes when it first happened.</returns>
    public Task Cut(Flow flow, long after, int times = int.MaxValue) => Set(FaultKind.Cut, flow, after, times).Struck.Task;

    /// <summary>Resets a connection (RST) once it has carried that many bytes.</summary>
    /// <param name="flow">Whose bytes count.</param>
    /// <param name="after">Bytes that still pass.</param>
    /// <param name="times">How many connections it happens to.</param>
    /// <returns>Completes when it first happened.</returns>
    public Task Reset(Flow flow, long after, int times = int.MaxValue) => Set(FaultKind.Reset, flow, after, times).Struck.Task;

    /// <summary>Half-open: a connection says nothing more either way once it has carried that many bytes, and is not closed.</summary>
    /// <param name="flow">Whose bytes count.</param>
    /// <param name="after">Bytes that still pass.</param>
    /// <param name="times">How many connections it happens to.</param>
    /// <returns>Completes when it first happened.</returns>
    public Task Stall(Flow flow, long after, int times = int.MaxValue) => Set(FaultKind.Stall, flow, after, times).Struck.Task;

    /// <summary>Lets bytes through in small portions, each when the test says so.</summary>
    /// <param name="flow">Whose bytes.</param>
    /// <param name="bytes">Bytes a portion.</param>
    /// <returns>Lets portions through.</returns>
    public Tap Drip(Flow flow, int bytes) => new(Set(FaultKind.Drip, flow, bytes, int.MaxValue).Portions);

    /// <summary>Sends new connections to another server, as a fail-over does.</summary>
    public void SwapTo(int backendPort) => Volatile.Write(ref _backend, backendPort);

    /// <summary>Resets every connection that is open.</summary>
    public void ResetAll()
    {
        Link[] links;
        lock (_lock)
            links = [.. _links];
        foreach (var link in links)
            link.Close(reset: true);
    }

    /// <summary>Completes when so many connections have been accepted since the start.</summary>
    public Task ConnectionAsync(int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_connections >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Refuse();
        ResetAll();
        Task[] work;
        lock (_lock)
            work = [.. _work];
        await Task.WhenAll(work);
        _place.Dispose();
        _stopping.Dispose();
    }

    Fault Set(FaultKind kind, Flow flow, long after, int times)
    {
        lock (_lock)
        {
            _fault.Over.TrySetResult();
            return _fault = new(kind, flow, after, times, Later());
        }
    }

    void Listen()
    {
        lock (_lock)
        {
            if (_listener is not null || _stopping.IsCancellationRequested)
                return;
            _listener = Bound(Port);
            _listener.Listen(128);
            _work.Add(AcceptAsync(_listener));
        }
    }

    // Both sockets of the port must allow the other one.
    static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var link = new Link(client);
            lock (_lock)
            {
                _connections++;
                _links.Add(link);
                foreach (var (_, reached) in _waiting.Where(w => w.Count <= _connections))
                    reached.TrySetResult();
                _waiting.RemoveAll(w => w.Count <= _connections);
                _work.RemoveAll(w => w.IsCompleted);
                _work.Add(CarryAsync(link));
            }
        }
    }

    async Task CarryAsync(Link link)
    {
        await Task.Yield();
        try
        {
            await link.Server.ConnectAsync(IPAddress.Loopback, Volatile.Read(ref _backend), _stopping.Token);
            await Task.WhenAll(PumpAsync(link, Flow.ToServer), PumpAsync(link, Flow.FromServer));
            link.Close(reset: false);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            link.Close(reset: true);
        }
        finally
        {
            lock (_lock)
                _links.Remove(link);
            link.Dispose();
        }
    }

    async Task PumpAsync(Link link, Flow flow)
    {
        var (from, to) = flow is Flow.ToServer ? (link.Client, link.Server) : (link.Server, link.Client);
        var buffer = new byte[16 << 10];
        var (seen, passed) = (Current, 0L);
        try
        {
            while (await from.ReceiveAsync(buffer, link.Closed) is > 0 and var read)
            {
                for (var at = 0; at < read;)
                {
                    if (!ReferenceEquals(seen, Current))
                        (seen, passed) = (Current, 0);
                    await WhileStalledAsync(link);
                    var length = read - at;
                    if (seen.Kind is not FaultKind.None && seen.Flow == flow)
                    {
                        if (seen.Kind is FaultKind.Drip)
                        {
                            length = (int)Math.Min(length, seen.After);
                            await await Task.WhenAny(seen.Portions.WaitAsync(link.Closed), seen.Over.Task);
                        }
                        else if (passed == seen.After)
                        {
                            if (!Strike(seen, link))
                                return;
                            continue;
                        }
                        else
                        {
                            length = (int)Math.Min(length, seen.After - passed);
                        }
                    }

                    await to.SendAsync(buffer.AsMemory(at, length), link.Closed);
                    (at, passed) = (at + length, passed + length);
                }

                // At its very last byte rather than before the one after it, which may never come.
                if (seen.Kind is FaultKind.Cut or FaultKind.Reset or FaultKind.Stall && seen.Flow == flow && passed == seen.After && ReferenceEquals(seen, Current) && !Strike(seen, link))
                    return;
            }

            await WhileStalledAsync(link);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            link.Close(reset: ended is SocketException); // what one side does to its connection, the other side sees
        }
    }

    Fault Current
    {
        get
        {
            lock (_lock)
                return _fault;
        }
    }

    // False when the connection is gone.
    bool Strike(Fault fault, Link link)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(fault, _fault))
                return true;
            if (--fault.Left <= 0)
                _fault = Fault.None(fault.Over);
        }

        if (fault.Kind is FaultKind.Stall)
            link.Stalled = fault.Over.Task;
        else
            link.Close(reset: fault.Kind is FaultKind.Reset);
        fault.Struck.TrySetResult();
        return fault.Kind is FaultKind.Stall;
    }

    static Task WhileStalledAsync(Link link) => link.Stalled?.WaitAsync(link.Closed) ?? Task.CompletedTask;

    static TaskCompletionSource Later() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets the portions of a dripping connection through.</summary>
    public sealed class Tap
    {
        readonly SemaphoreSlim _portions;

        internal Tap(SemaphoreSlim portions) => _portions = portions;

        /// <summary>Lets that many portions through.</summary>
        public void Let(int portions = 1) => _portions.Release(portions);
    }

    enum FaultKind
    {
        None,
        Cut,
        Reset,
        Stall,
        Drip,
    }

    sealed class Fault(FaultKind kind, Flow flow, long after, int times, TaskCompletionSource over)
    {
        public FaultKind Kind => kind;

        public Flow Flow => flow;

        public long After => after;

        public int Left { get; set; } = times;

        public TaskCompletionSource Struck { get; } = Later();

        public TaskCompletionSource Over => over;

        public SemaphoreSlim Portions { get; } = new(0);

        public static Fault None(TaskCompletionSource over) => new(FaultKind.None, Flow.ToServer, long.MaxValue, int.MaxValue, over);
    }

    sealed class Link(Socket client) : IDisposable
    {
        readonly Lock _gate = new();
        readonly CancellationTokenSource _closed = new();
        bool _isClosed;

        public Socket Client => client;

        public Socket Server { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public CancellationToken Closed => _closed.Token;

        public Task? Stalled { get; set; }

        public void Close(bool reset)
        {
            lock (_gate)
            {
                if (_isClosed)
                    return;
                _isClosed = true;
                if (reset)
                {
                    TryLinger(client);
                    TryLinger(Server);
                }

                _closed.Cancel();
                client.Dispose();
                Server.Dispose();
            }
        }

        public void Dispose()
        {
            Close(reset: false);
            _closed.Dispose();
        }

        // Closing with a linger of nothing sends RST instead of FIN.
        static void TryLinger(Socket socket)
        {
            try
            {
                socket.LingerState = new(true, 0);
            }
            catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
            {
                // Closed or not connected: there is nothing to reset.
            }
        }
    }
}
