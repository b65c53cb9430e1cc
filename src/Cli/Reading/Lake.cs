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
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly AzuriteProcess? _emulator;
    readonly FileStream? _hold;

    Lake(StorageClients clients, AzuriteProcess? emulator = null, FileStream? hold = null)
    {
        Clients = clients;
        Blobs = new BlobStore(clients);
        _emulator = emulator;
        _hold = hold;
    }

    /// <summary>Its clients.</summary>
    public StorageClients Clients { get; }

    /// <summary>Its blobs.</summary>
    public BlobStore Blobs { get; }

    /// <summary>Finds and opens it.</summary>
    /// <param name="environment">Settings and places.</param>
    /// <param name="data">A platform's data folder; null for the one used last.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<Lake> OpenAsync(CommandEnvironment environment, string? data, CancellationToken cancellationToken)
    {
        if (data is null && StorageSettings.Of(environment) is { } configured)
            return new(Connect(() => StorageClients.Connect(configured)));

        var folder = data is null ? environment.LocalFolder : environment.Resolve(data);
        var platform = PlatformFile.Read(folder) ?? throw new CommandFailedException(
            ExitCodes.NotReachable,
            data is null
                ? "There is no data yet: run 'ingest demo' or 'ingest up', or set DataStorage to the connection string of a storage account, or DataStorage__accountName to its name."
                : $"'{folder}' does not hold a platform's data: expected the folder that was given to 'ingest up --data' or 'ingest demo --data'.");
        if (platform.IsRunning || platform.EmulatorData is null)
            return new(Connect(() => StorageClients.Connect(platform.Storage, platform.DataStorage ?? platform.Storage)));
        if (!Directory.Exists(platform.EmulatorData))
            throw new CommandFailedException(ExitCodes.NotReachable, $"The data of the platform used last is gone from '{platform.Data}': run 'ingest demo' or 'ingest up' again.");

        var hold = await HoldAsync(platform.Data, environment.Time, cancellationToken);
        try
        {
            var emulator = await AzuriteProcess.StartAsync(new(platform.EmulatorData), cancellationToken);
            var own = emulator.ConnectionString;
            return new(Connect(() => StorageClients.Connect(own, platform.DataStorage ?? own)), emulator, hold);
        }
        catch
        {
            await hold.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the emulator, if there is one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_emulator is not null)
            await _emulator.DisposeAsync();
        if (_hold is not null)
            await _hold.DisposeAsync();
    }

    // The local host holds the same file, so a platform that starts and two commands that read keep out of each other's way.
    static async Task<FileStream> HoldAsync(string data, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new(Path.Combine(data, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (time.GetElapsedTime(began) > Patience)
            {
                throw new CommandFailedException(ExitCodes.NotReachable, $"Something else uses the data in '{data}': wait for it, or stop it.", held);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
            }
        }
    }

    static StorageClients Connect(Func<StorageClients> connect)
    {
        try
        {
            return connect();
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException)
        {
            throw new CommandFailedException(ExitCodes.Configuration, $"The storage is not configured rightly: {fault.Message}", fault);
        }
    }
}
