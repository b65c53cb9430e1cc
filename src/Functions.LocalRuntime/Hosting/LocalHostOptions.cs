using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>One function app of the host.</summary>
/// <param name="Name">Unique in the host; names the app's receipts, timers and locks in storage, so keep it.</param>
/// <param name="Assembly">Its <c>[Function]</c> methods are run, and those of referenced libraries, as in Azure.</param>
/// <param name="Configure">What the app's <c>Program.cs</c> does between creating the builder and building it.</param>
/// <param name="HostJsonPath">Its host.json; null takes the one beside the assembly, or the defaults if there is none.</param>
public sealed record LocalApp(string Name, Assembly Assembly, Action<FunctionsApplicationBuilder> Configure, string? HostJsonPath = null)
{
    /// <summary>Only the functions of these classes; null for all of the assembly's. For tests that hold many small apps.</summary>
    public IReadOnlyList<Type>? Only { get; init; }
}

/// <summary>How the local host runs. Everything not said comes from the environment, as in Azure.</summary>
public sealed record LocalHostOptions
{
    /// <summary>Keys, history, event log and, where the host starts it, the storage emulator's data. One host at a time may use it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>TCP port on 127.0.0.1; 0 takes any free one. Default 7071.</summary>
    public int HttpPort { get; init; } = 7071;

    /// <summary>
    /// Where queues and blobs are; null takes <c>AzureWebJobsStorage</c> of <see cref="Settings"/> or the environment,
    /// and if there is none starts Azurite, on ports 10000–10002 if they are free.
    /// </summary>
    public string? StorageConnectionString { get; init; }

    /// <summary>Names of connections that are the host's own storage where no setting says otherwise.</summary>
    public IReadOnlyList<string> StorageConnections { get; init; } = [];

    /// <summary>The apps. At least one.</summary>
    public required IReadOnlyList<LocalApp> Apps { get; init; }

    /// <summary>Application settings; they win over environment variables.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>
    /// The clock of schedules, durable timers and time stamps. Leases and polling follow the storage service's clock, which is the real one.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How the host and the apps log; the console at Information if null.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>How long a stop waits for running functions before it signals their tokens. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
