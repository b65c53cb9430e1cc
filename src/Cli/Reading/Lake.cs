using System.Diagnostics;
using DataIngestion.Cli.Platform;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Storage;

namespace DataIngestion.Cli.Reading;

/// <summary>
/// The storage that reading commands look into: a configured account, the running platform's, or, where that platform has stopped,
/// its emulator's data, served by an emulator of our own until this is disposed.
/// </summary>
internal sealed class Lake : IAsyncDisposable
{
    readonly AzuriteProcess? _emulator;

    Lake(StorageClients clients, AzuriteProcess? emulator)
    {
        Blobs = new BlobStore(clients);
        _emulator = emulator;
    }

    /// <summary>Its blobs.</summary>
    public BlobStore Blobs { get; }

    /// <summary>Finds and opens it.</summary>
    /// <param name="environment">Settings and places.</param>
    /// <param name="data">A platform's data folder; null for the one used last.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<Lake> OpenAsync(CommandEnvironment environment, string? data, CancellationToken cancellationToken)
    {
        if (data is null && (environment.Setting("DataStorage") ?? environment.Setting("AzureWebJobsStorage")) is { Length: > 0 } configured)
            return new(Connect(configured), emulator: null);

        var folder = data is null ? environment.LocalFolder : environment.Resolve(data);
        var platform = PlatformFile.Read(folder) ?? throw new CommandFailedException(
            ExitCodes.NotReachable,
            data is null
                ? "There is no data yet: run 'ingest demo' or 'ingest up', or set DataStorage to the connection string of a storage account."
                : $"'{folder}' does not hold a platform's data: expected the folder that was given to 'ingest up --data' or 'ingest demo --data'.");
        if (IsRunning(platform) || platform.EmulatorData is null)
            return new(Connect(platform.Storage), emulator: null);
        if (!Directory.Exists(platform.EmulatorData))
            throw new CommandFailedException(ExitCodes.NotReachable, $"The data of the platform used last is gone from '{platform.Data}': run 'ingest demo' or 'ingest up' again.");

        var emulator = await AzuriteProcess.StartAsync(new(platform.EmulatorData), cancellationToken);
        return new(Connect(emulator.ConnectionString), emulator);
    }

    /// <summary>Stops the emulator, if there is one.</summary>
    public ValueTask DisposeAsync() => _emulator?.DisposeAsync() ?? ValueTask.CompletedTask;

    static StorageClients Connect(string connection)
    {
        try
        {
            return StorageClients.Connect(connection);
        }
        catch (FormatException fault)
        {
            throw new CommandFailedException(ExitCodes.Configuration, $"The storage connection is not a connection string: {fault.Message}", fault);
        }
    }

    // The number may have gone to another program since; one of ours runs on the same runtime.
    static bool IsRunning(PlatformFile platform)
    {
        try
        {
            using var process = Process.GetProcessById(platform.ProcessId);
            using var self = Process.GetCurrentProcess();
            return platform.ProcessId == self.Id || process.ProcessName == self.ProcessName;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
