using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>
/// An app started by its own <c>Program.cs</c> in the Local build: the runtime is a service of the app's host, started last and stopped first.
/// Data lies under <c>LocalRuntime:DataDirectory</c> (<c>.local</c>), HTTP is on <c>LocalRuntime:HttpPort</c> (7071), and the connections of
/// <c>LocalRuntime:StorageConnections</c> (<c>DataStorage</c>; separated by <c>;</c>) are the host's own storage where nothing else is set.
/// </summary>
internal sealed class StandaloneApp(IServiceProvider services, IConfiguration configuration, StandaloneApp.Entry entry) : IHostedService
{
    LocalFunctionsHost? _host;

    /// <summary>The running host, once the app's host has started.</summary>
    public LocalFunctionsHost? Host => _host;

    public static void AddTo(FunctionsApplicationBuilder builder, Assembly assembly, IReadOnlyList<Type>? only = null)
    {
        AppDefaults.AddLogging(builder.Logging, configure: null);
        builder.Services.AddSingleton(new Entry(assembly, only));
        builder.Services.AddHostedService<StandaloneApp>();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var name = entry.Assembly.GetName().Name!;
        var options = new LocalHostOptions
        {
            DataDirectory = configuration["LocalRuntime:DataDirectory"] ?? ".local",
            HttpPort = int.Parse(configuration["LocalRuntime:HttpPort"] ?? "7071", NumberStyles.None, CultureInfo.InvariantCulture),
            StorageConnectionString = configuration[SettingResolver.DefaultConnection],
            StorageConnections = (configuration["LocalRuntime:StorageConnections"] ?? "DataStorage").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Apps = [new(name, entry.Assembly, _ => { }) { Only = entry.Only }],
            TimeProvider = services.GetRequiredService<TimeProvider>(),
            Logging = logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ForwardingLoggers(services.GetRequiredService<ILoggerFactory>())),
        };
        _host = await LocalFunctionsHost.StartAsync(options, services, cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_host is not null)
            await _host.StopAsync(cancellationToken);
    }

    /// <summary>The assembly whose functions run, and if not null the only classes of it.</summary>
    internal sealed record Entry(Assembly Assembly, IReadOnlyList<Type>? Only);

    /// <summary>The runtime logs where the app does.</summary>
    sealed class ForwardingLoggers(ILoggerFactory app) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => app.CreateLogger(categoryName);

        public void Dispose()
        {
            // The factory is the app's.
        }
    }
}
