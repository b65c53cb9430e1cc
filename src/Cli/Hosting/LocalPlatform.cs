using System.Net;
using System.Net.NetworkInformation;
using DataIngestion.Cli.Platform;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Cli.Hosting;

/// <summary>How a platform is started on this machine.</summary>
internal sealed record LocalPlatformOptions
{
    /// <summary>Everything it keeps: storage, history, keys, logs.</summary>
    public required string Data { get; init; }

    /// <summary>TCP port of its HTTP API; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether the storage emulator should listen on its usual ports if they are free, so that other tools find it.</summary>
    public bool UsualStoragePorts { get; init; }

    /// <summary>Settings beyond the environment's.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where warnings are shown as they happen; null shows none.</summary>
    public TextWriter? Warnings { get; init; }
}

/// <summary>The whole platform in this process, with the storage emulator beside it. Disposing stops everything that was started.</summary>
internal sealed class LocalPlatform : IAsyncDisposable
{
    /// <summary>Where the storage emulator keeps its data, below a platform's data.</summary>
    public const string StorageFolder = "azurite";

    readonly AzuriteProcess? _storage;
    readonly LocalFunctionsHost _host;
    readonly FileLog _log;

    LocalPlatform(AzuriteProcess? storage, LocalFunctionsHost host, FileLog log, PlatformFile file)
    {
        _storage = storage;
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
    public bool OwnsStorage => _storage is not null;

    /// <summary>Starts it and returns when it takes work.</summary>
    public static async Task<LocalPlatform> StartAsync(CommandEnvironment environment, LocalPlatformOptions options, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(options.Data);
        var log = new FileLog(Path.Combine(options.Data, "log", "platform.log"), environment.Time);
        AzuriteProcess? azurite = null;
        LocalFunctionsHost? host = null;
        try
        {
            var storage = environment.Setting("AzureWebJobsStorage");
            if (string.IsNullOrEmpty(storage))
            {
                azurite = await StartStorageAsync(options, cancellationToken);
                storage = azurite.ConnectionString;
            }

            var settings = new Dictionary<string, string?>(options.Settings)
            {
                ["Ingestion:ConfigsPath"] = ConfiguredPlatform.ConfigsOf(environment),
                ["Ingestion:WorkflowsPath"] = ConfiguredPlatform.WorkflowsOf(environment),
            };
            host = await LocalFunctionsHost.StartAsync(
                new LocalHostOptions
                {
                    DataDirectory = options.Data,
                    HttpPort = options.Port,
                    StorageConnectionString = storage,
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
                Storage = storage,
                Data = options.Data,
                EmulatorData = azurite is null ? null : Path.Combine(options.Data, StorageFolder),
                ProcessId = Environment.ProcessId,
            };
            file.Write(environment.LocalFolder);
            file.Write(options.Data);
            return new(azurite, host, log, file);
        }
        catch
        {
            if (host is not null)
                await host.DisposeAsync();
            if (azurite is not null)
                await azurite.DisposeAsync();
            await log.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no new work, lets what runs end, and stops what was started.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
        await _log.DisposeAsync();
    }

    static Task<AzuriteProcess> StartStorageAsync(LocalPlatformOptions options, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.Data, StorageFolder);
        var usual = options.UsualStoragePorts && ArePortsFree(10000, 10001, 10002);
        return AzuriteProcess.StartAsync(usual ? new(folder, 10000, 10001, 10002) : new(folder), cancellationToken);
    }

    static bool ArePortsFree(params int[] ports)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        return !taken.Any(t => ports.Contains(t.Port) && (IPAddress.IsLoopback(t.Address) || t.Address.Equals(IPAddress.Any) || t.Address.Equals(IPAddress.IPv6Any)));
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
