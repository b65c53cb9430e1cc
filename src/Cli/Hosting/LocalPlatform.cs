using DataIngestion.Cli.Platform;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Storage;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Cli.Hosting;

/// <summary>How a platform is started on this machine.</summary>
internal sealed record LocalPlatformOptions
{
    /// <summary>Everything it keeps: storage, history, keys, logs.</summary>
    public required string Data { get; init; }

    /// <summary>TCP port of its HTTP API; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Settings beyond the environment's.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where warnings are shown as they happen; null shows none.</summary>
    public TextWriter? Warnings { get; init; }
}

/// <summary>The whole platform in this process, with the storage emulator beside it where no storage is configured. Disposing stops everything that was started.</summary>
internal sealed class LocalPlatform : IAsyncDisposable
{
    // Where the local host's emulator keeps its data, below the host's.
    const string EmulatorFolder = "azurite";

    readonly LocalFunctionsHost _host;
    readonly FileLog _log;

    LocalPlatform(LocalFunctionsHost host, FileLog log, PlatformFile file)
    {
        _host = host;
        _log = log;
        File = file;
    }

    /// <summary>What other commands need to find it.</summary>
    public PlatformFile File { get; }

    /// <summary>Where it logs.</summary>
    public string LogFile => _log.Path;

    /// <summary>Functions it runs.</summary>
    public int Functions => _host.Functions.Count;

    /// <summary>Whether its storage is an emulator that it started.</summary>
    public bool OwnsStorage => File.EmulatorData is not null;

    /// <summary>Starts it and returns when it takes work.</summary>
    public static async Task<LocalPlatform> StartAsync(CommandEnvironment environment, LocalPlatformOptions options, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(options.Data);
        var log = new FileLog(Path.Combine(options.Data, "log", "platform.log"), environment.Time);
        LocalFunctionsHost? host = null;
        try
        {
            var configured = environment.Setting(StorageConnection.Host) is { Length: > 0 } connection ? connection : null;
            var data = environment.Setting(StorageConnection.Data) is { Length: > 0 } account ? account : null;
            var settings = new Dictionary<string, string?>(options.Settings)
            {
                ["SchedulerInterval"] = environment.Setting("SchedulerInterval") ?? "*/10 * * * * *",
                ["Ingestion:ConfigsPath"] = ConfiguredPlatform.ConfigsOf(environment),
                ["Ingestion:WorkflowsPath"] = ConfiguredPlatform.WorkflowsOf(environment),
            };
            if (data is not null)
                settings[StorageConnection.Data] = data;
            host = await LocalFunctionsHost.StartAsync(
                new LocalHostOptions
                {
                    DataDirectory = options.Data,
                    HttpPort = options.Port,
                    StorageConnectionString = configured,
                    StorageConnections = [StorageConnection.Data],
                    Apps = PlatformApps.All,
                    Settings = settings,
                    TimeProvider = environment.Time,
                    Logging = logging => Log(logging, log, options.Warnings, environment.Time),
                },
                cancellationToken);

            var file = new PlatformFile
            {
                Url = host.BaseAddress.ToString().TrimEnd('/'),
                HostKey = host.MasterKey,
                Storage = host.StorageConnectionString,
                DataStorage = data,
                Data = options.Data,
                EmulatorData = configured is null ? Path.Combine(options.Data, EmulatorFolder) : null,
                ProcessId = Environment.ProcessId,
            };
            file.Write(environment.LocalFolder);
            file.Write(options.Data);
            return new(host, log, file);
        }
        catch
        {
            if (host is not null)
                await host.DisposeAsync();
            await log.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no new work, lets what runs end, and stops what was started.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _log.DisposeAsync();
    }

    static void Log(ILoggingBuilder logging, FileLog file, TextWriter? warnings, TimeProvider time)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Azure", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddProvider(file);
        if (warnings is not null)
            logging.AddProvider(new WarningLog(warnings, time));
    }
}
