using DataIngestion.Collect;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Conversion;
using DataIngestion.Schedule;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Cli.Platform;

/// <summary>The checkout's configuration, read as the apps read it.</summary>
internal static class ConfiguredPlatform
{
    /// <summary>Folder with sources and datasets.</summary>
    public static string ConfigsOf(CommandEnvironment environment) =>
        environment.Setting("Ingestion__ConfigsPath") is { } other ? environment.Resolve(other) : Path.Combine(environment.Root, "configs");

    /// <summary>Folder with workflows.</summary>
    public static string WorkflowsOf(CommandEnvironment environment) =>
        environment.Setting("Ingestion__WorkflowsPath") is { } other ? environment.Resolve(other) : Path.Combine(environment.Root, "workflows");

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="ConfigurationException">It has faults; all are named.</exception>
    public static PlatformConfiguration Load(CommandEnvironment environment) =>
        ConfigurationLoader.Load(ConfigsOf(environment), WorkflowsOf(environment), Checks());

    // Those that the agents' app runs at its start.
    static IEnumerable<ConfigurationCheck> Checks()
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .AddConnect().AddCollect().AddConvert().AddSchedule()
            .BuildServiceProvider();
        return [.. services.GetServices<ConfigurationCheck>()];
    }
}
