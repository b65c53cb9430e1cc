using DataIngestion.Agents;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Orchestrators;
using Microsoft.Azure.Functions.Worker.Builder;

namespace DataIngestion.Cli.Hosting;

/// <summary>The platform's two function apps, as the local host runs them.</summary>
internal static class PlatformApps
{
    /// <summary>Agents and orchestrators.</summary>
    public static IReadOnlyList<LocalApp> All { get; } =
    [
        new("agents", typeof(AgentsRegistration).Assembly, builder => builder.ConfigureFunctionsWebApplication().AddAgents(), HostJsonOf("Functions.Agents")),
        new("orchestrators", typeof(OrchestratorsRegistration).Assembly, builder => builder.ConfigureFunctionsWebApplication().AddOrchestrators(), HostJsonOf("Functions.Orchestrators")),
    ];

    // Both apps bring a host.json; side by side in one output folder they carry their app's name.
    static string HostJsonOf(string app) => Path.Combine(AppContext.BaseDirectory, $"{app}.host.json");
}
