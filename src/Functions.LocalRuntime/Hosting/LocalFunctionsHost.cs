using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>
/// Runs the functions of one or more apps in this process: each app with its own container, settings and host.json, all on one
/// web server on 127.0.0.1, one storage account and one task hub.
/// </summary>
public sealed class LocalFunctionsHost : IAsyncDisposable
{
    LocalFunctionsHost(Uri baseAddress, string storage, DurableTaskClient durable, IReadOnlyList<FunctionMetadata> functions)
    {
        BaseAddress = baseAddress;
        StorageConnectionString = storage;
        DurableClient = durable;
        Functions = functions;
    }

    /// <summary>Where it answers HTTP, such as <c>http://127.0.0.1:7071/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The storage account, which is Azurite's if the host started it.</summary>
    public string StorageConnectionString { get; }

    /// <summary>A client of the one task hub.</summary>
    public DurableTaskClient DurableClient { get; }

    /// <summary>Every function of every app.</summary>
    public IReadOnlyList<FunctionMetadata> Functions { get; }

    /// <summary>Opens <c>/admin</c> and every other door.</summary>
    public string MasterKey => throw new NotSupportedException();

    /// <summary>Starts everything and returns when all triggers listen.</summary>
    /// <exception cref="LocalHostStartException">Configuration or functions are faulty; it names every fault.</exception>
    public static Task<LocalFunctionsHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>The container of an app.</summary>
    public IServiceProvider ServicesOf(string app) => throw new NotSupportedException(app);

    /// <summary>Takes no new work, waits for what runs (<see cref="LocalHostOptions.DrainTimeout"/>) and stops what the host started.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Stops, if it has not been stopped.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
