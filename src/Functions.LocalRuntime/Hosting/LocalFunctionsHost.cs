using System.Globalization;
using DataIngestion.LocalRuntime.Durable;
using DataIngestion.LocalRuntime.Triggers;
using DataIngestion.LocalRuntime.Triggers.Durable;
using DataIngestion.LocalRuntime.Triggers.EventHubs;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>
/// Runs the functions of one or more apps in this process: each app with its own container, settings and host.json, all on one
/// web server on 127.0.0.1, one storage account and one task hub.
/// </summary>
public sealed class LocalFunctionsHost : IAsyncDisposable
{
    const long DefaultMaxBody = 100L << 20;

    readonly LocalHostOptions _options;
    readonly Stack<Func<ValueTask>> _cleanup = new();
    readonly Dictionary<string, HostedApp> _apps = new(StringComparer.OrdinalIgnoreCase);
    readonly List<ITriggerListener> _listeners = [];
    ILogger _logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
    DurableEngine? _engine;
    WebServer? _web;
    InvocationTracker? _invocations;
    HostKeys? _keys;
    LocalEventLog? _events;
    Task? _stopped;

    LocalFunctionsHost(LocalHostOptions options) => _options = options;

    /// <summary>Where it answers HTTP, such as <c>http://127.0.0.1:7071/</c>.</summary>
    public Uri BaseAddress => Started(_web).BaseAddress;

    /// <summary>The storage account, which is Azurite's if the host started it.</summary>
    public string StorageConnectionString { get; private set; } = "";

    /// <summary>A client of the one task hub.</summary>
    public DurableTaskClient DurableClient { get; private set; } = null!;

    /// <summary>Every function of every app.</summary>
    public IReadOnlyList<FunctionMetadata> Functions { get; private set; } = [];

    /// <summary>The event log that stands in for Event Hubs.</summary>
    public LocalEventLog Events => Started(_events);

    /// <summary>Opens <c>/admin</c> and every other door.</summary>
    public string MasterKey => Started(_keys).Master;

    /// <summary>Opens HTTP functions of level Function.</summary>
    public string FunctionKey => Started(_keys).Function;

    /// <summary>Opens HTTP functions of level System and the durable management endpoints.</summary>
    public string SystemKey => Started(_keys).System;

    /// <summary>Starts everything and returns when all triggers listen.</summary>
    /// <exception cref="LocalHostStartException">Configuration or functions are faulty; it names every fault.</exception>
    public static Task<LocalFunctionsHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return StartAsync(options, built: null, cancellationToken);
    }

    /// <param name="built">The container of the only app, where its own <c>Program.cs</c> built it.</param>
    internal static async Task<LocalFunctionsHost> StartAsync(LocalHostOptions options, IServiceProvider? built, CancellationToken cancellationToken)
    {
        var host = new LocalFunctionsHost(options);
        try
        {
            await host.StartAsync(built, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The container of an app.</summary>
    /// <exception cref="ArgumentException">There is no such app.</exception>
    public IServiceProvider ServicesOf(string app) => _apps.TryGetValue(app, out var found)
        ? found.Services
        : throw new ArgumentException($"There is no app '{app}'; {string.Join(", ", _apps.Keys)} run here.", nameof(app));

    /// <summary>Takes no new work, waits for what runs (<see cref="LocalHostOptions.DrainTimeout"/>) and stops what the host started.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _stopped ??= StopOnceAsync(cancellationToken);

    /// <summary>Stops, if it has not been stopped.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    async Task StartAsync(IServiceProvider? built, CancellationToken cancellationToken)
    {
        var faults = new FaultList();
        CheckOptions(faults);
        var folder = DataFolder.TryHold(_options.DataDirectory, faults);
        faults.ThrowIfAny();
        _cleanup.Push(() => Sync(folder!.Dispose));

        _keys = HostKeys.Load(folder!.Path, faults);
        await OpenStorageAsync(folder, cancellationToken);
        var loggers = CreateLoggers();
        foreach (var app in _options.Apps)
            Build(app, built, faults);
        faults.ThrowIfAny();

        var functions = _apps.Values.SelectMany(app => new FunctionDiscovery(app, faults).Discover()).ToList();
        FunctionChecks.AcrossApps(functions, faults);
        var maxBody = MaxBody(faults);
        faults.ThrowIfAny();
        Functions = [.. functions.Select(f => f.Metadata)];

        await StartPartsAsync(folder, functions, maxBody, loggers, cancellationToken);
    }

    async Task StartPartsAsync(
        DataFolder folder, IReadOnlyList<FunctionDescriptor> functions, long maxBody, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var runtime = CreateRuntime(folder, loggers);
        var invokers = functions.Select(f => new FunctionInvoker(f, runtime)).ToList();
        _engine = CreateEngine(folder, invokers, loggers);
        _cleanup.Push(_engine.DisposeAsync);
        var admin = new AdminEndpoints(Functions, _logger);
        _listeners.AddRange(ListenerFactory.Create(invokers, runtime, admin));
        _cleanup.Push(() => Sync(() => _listeners.ForEach(l => l.Dispose())));
        _web = WebServer.Build(_options.HttpPort, maxBody, _options.DrainTimeout, invokers, Started(_keys), admin, () => DurableClient, loggers);
        _cleanup.Push(_web.DisposeAsync);

        // The apps' own services first, because functions use them; then what functions call; then what calls functions.
        foreach (var app in _apps.Values)
        {
            if (app.Owned is { } owned)
                await owned.StartAsync(cancellationToken);
        }

        await _engine.StartAsync(cancellationToken);
        await StartWebAsync(_web, cancellationToken);
        foreach (var listener in _listeners)
            listener.Start();
        _logger.LogInformation(
            "{Functions} functions of {Apps} run at {Address}", Functions.Count, string.Join(", ", _apps.Keys), BaseAddress);
    }

    /// <summary>The client needs the server's address, and the engine may already run orchestrations that ask for the client.</summary>
    async Task StartWebAsync(WebServer web, CancellationToken cancellationToken)
    {
        try
        {
            await web.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            throw new LocalHostStartException([new("host", $"port {_options.HttpPort}", $"the web server cannot listen on 127.0.0.1:{_options.HttpPort} ({taken.Message}). Choose another port, or 0 for any.")]);
        }

        DurableClient = new FunctionsDurableTaskClient(_engine!.Client, web.BaseAddress, $"code={Uri.EscapeDataString(SystemKey)}");
    }

    RuntimeServices CreateRuntime(DataFolder folder, ILoggerFactory loggers)
    {
        _invocations = new();
        _events = new(folder.File(LocalEventLog.FileName), time: _options.TimeProvider);
        var wakeups = new Triggers.Queues.QueueWakeups();
        _cleanup.Push(_events.DisposeAsync);
        _cleanup.Push(() => Sync(wakeups.Dispose));
        _cleanup.Push(() => Sync(_invocations.Dispose));
        return new()
        {
            Loggers = loggers,
            Time = _options.TimeProvider,
            StorageTime = TimeProvider.System,
            Storage = new(),
            Events = _events,
            Wakeups = wakeups,
            Invocations = _invocations,
            Durable = () => DurableClient ?? _engine!.Client,
        };
    }

    DurableEngine CreateEngine(DataFolder folder, IReadOnlyList<FunctionInvoker> invokers, ILoggerFactory loggers)
    {
        var options = new DurableEngineOptions { DatabasePath = folder.File("history.db"), DrainTimeout = _options.DrainTimeout };
        if (_apps.Values.Select(a => a.HostJson.MaxConcurrentActivities).Max() is { } activities)
            options = options with { MaxConcurrentActivities = activities };
        if (_apps.Values.Select(a => a.HostJson.MaxConcurrentOrchestrations).Max() is { } orchestrations)
            options = options with { MaxConcurrentOrchestrations = orchestrations };
        var (orchestrators, runs) = DurableRegistrations.From(invokers);
        return new(options, orchestrators, runs, loggers, _options.TimeProvider);
    }

    void Build(LocalApp app, IServiceProvider? built, FaultList faults)
    {
        var path = app.HostJsonPath ?? Path.Combine(Path.GetDirectoryName(app.Assembly.Location) ?? AppContext.BaseDirectory, "host.json");
        var hostJson = HostJson.Load(app.HostJsonPath is null && !File.Exists(path) ? null : path, app.Name, faults);
        if (built is not null)
        {
            var settings = built.GetRequiredService<IConfiguration>();
            settings[SettingResolver.DefaultConnection] = StorageConnectionString;
            foreach (var connection in OwnConnections(settings))
                settings[connection] = StorageConnectionString;
            _apps.Add(app.Name, new(app, built, hostJson, owned: null));
            return;
        }

        try
        {
            var builder = new FunctionsApplicationBuilder(args: null);
            builder.Configuration.AddInMemoryCollection(_options.Settings);
            builder.Configuration.AddInMemoryCollection([new(SettingResolver.DefaultConnection, StorageConnectionString)]);
            builder.Configuration.AddInMemoryCollection([.. OwnConnections(builder.Configuration).Select(name => new KeyValuePair<string, string?>(name, StorageConnectionString))]);
            builder.Services.AddSingleton(_options.TimeProvider);
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            AppDefaults.AddLogging(builder.Logging, _options.Logging);
            app.Configure(builder);
            var host = builder.BuildForHost();
            _cleanup.Push(() => DisposeHostAsync(host));
            _apps.Add(app.Name, new(app, host.Services, hostJson, host));
        }
        catch (AggregateException unbuildable)
        {
            foreach (var each in unbuildable.InnerExceptions)
                faults.Add(app.Name, "services", each.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            faults.Add(app.Name, "configuration", $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    // A section without a value may still say where the storage is, in a way that is for Azure only.
    string[] OwnConnections(IConfiguration settings) =>
        [.. _options.StorageConnections.Where(name => settings[name] is null or "" && !settings.GetSection(name).GetChildren().Any() && settings["AzureWebJobs" + name] is null)];

    void CheckOptions(FaultList faults)
    {
        if (_options.Apps.Count == 0)
            faults.Add("host", "apps", "at least one app was expected.");
        foreach (var name in _options.Apps.GroupBy(a => a.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            faults.Add(name.Key, "name", "two apps have this name.");
        if (_options.HttpPort is < 0 or > 65535)
            faults.Add("host", "port", $"{_options.HttpPort} is not a port; 0 to 65535 was expected.");
    }

    long MaxBody(FaultList faults)
    {
        const string setting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
        var text = _apps.Values.First().Services.GetRequiredService<IConfiguration>()[setting];
        if (string.IsNullOrEmpty(text))
            return DefaultMaxBody;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            return bytes;
        faults.Add("host", setting, $"'{text}' was found; a number of bytes was expected.");
        return DefaultMaxBody;
    }

    async Task OpenStorageAsync(DataFolder folder, CancellationToken cancellationToken)
    {
        if (StorageEmulator.Configured(_options) is { } configured)
        {
            StorageConnectionString = configured;
            return;
        }

        var azurite = await StorageEmulator.StartAsync(folder.Path, cancellationToken);
        _cleanup.Push(azurite.DisposeAsync);
        StorageConnectionString = azurite.ConnectionString;
    }

    ILoggerFactory CreateLoggers()
    {
        var loggers = LoggerFactory.Create(logging => AppDefaults.AddLogging(logging, _options.Logging));
        _cleanup.Push(() => Sync(loggers.Dispose));
        _logger = loggers.CreateLogger<LocalFunctionsHost>();
        return loggers;
    }

    async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        if (_invocations is not null)
            await DrainAsync(cancellationToken);
        foreach (var app in _apps.Values)
        {
            if (app.Owned is { } owned)
                await QuietlyAsync(() => owned.StopAsync(CancellationToken.None), $"services of {app.Name}");
        }

        while (_cleanup.TryPop(out var cleanup))
            await QuietlyAsync(() => cleanup().AsTask(), "clean-up");
    }

    /// <summary>First what takes work from outside, then the engine, which running functions may be waiting for.</summary>
    async Task DrainAsync(CancellationToken cancellationToken)
    {
        var listeners = Task.WhenAll([.. _listeners.Select(l => QuietlyAsync(l.StopAsync, "listener")), StopWebAsync()]);
        try
        {
            await listeners.WaitAsync(_options.DrainTimeout, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            _logger.LogWarning("{Running} functions still run after {Limit}; they are told to stop", _invocations!.Running, _options.DrainTimeout);
            await _invocations.AbortAsync();
        }

        if (_engine is not null)
            await QuietlyAsync(() => _engine.StopAsync(CancellationToken.None), "durable engine");
        try
        {
            // A function that ignores its token is left behind; its message comes back when its lease runs out.
            await Task.WhenAll(listeners, _invocations!.Idle).WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _logger.LogError("{Running} functions did not stop and are left behind", _invocations!.Running);
        }

        Task StopWebAsync() => _web is null ? Task.CompletedTask : QuietlyAsync(() => _web.StopAsync(cancellationToken), "web server");
    }

    async Task QuietlyAsync(Func<Task> action, string what)
    {
        try
        {
            await action();
        }
        catch (Exception failure)
        {
            _logger.LogError(failure, "Stopping failed: {What}", what);
        }
    }

    static T Started<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException("The host has not started.");

    static ValueTask Sync(Action action)
    {
        action();
        return ValueTask.CompletedTask;
    }

    static async ValueTask DisposeHostAsync(IHost host)
    {
        if (host is IAsyncDisposable async)
            await async.DisposeAsync();
        else
            host.Dispose();
    }

    /// <summary>Signals belong to whoever runs the host, not to the apps in it.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
