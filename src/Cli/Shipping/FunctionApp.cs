using DataIngestion.Contracts;

namespace DataIngestion.Cli.Shipping;

/// <summary>One of the two apps that are deployed.</summary>
/// <param name="Name">Its name in commands, files and Azure.</param>
/// <param name="Project">Its project, relative to the checkout.</param>
/// <param name="Assembly">The assembly that its process starts with.</param>
/// <param name="MostBytes">What its package may weigh.</param>
/// <param name="Services">The services that answer health questions there.</param>
internal sealed record FunctionApp(string Name, string Project, string Assembly, long MostBytes, IReadOnlyCollection<string> Services)
{
    /// <summary>From process start until the startup probe passes.</summary>
    public static readonly TimeSpan MostStart = TimeSpan.FromSeconds(3);

    /// <summary>The app that does the work.</summary>
    public static FunctionApp Agents { get; } =
        new("agents", "src/Functions.Agents/Functions.Agents.csproj", "DataIngestion.Functions.Agents", 60_000_000, [.. Contracts.Services.OfAgents]);

    /// <summary>The app that coordinates it.</summary>
    public static FunctionApp Orchestrators { get; } =
        new("orchestrators", "src/Functions.Orchestrators/Functions.Orchestrators.csproj", "DataIngestion.Functions.Orchestrators", 15_000_000, [.. Contracts.Services.OfOrchestrators]);

    /// <summary>Both.</summary>
    public static IReadOnlyList<FunctionApp> All { get; } = [Agents, Orchestrators];

    /// <summary>A service whose startup probe speaks for the whole app.</summary>
    public string FirstService => Services.First();
}
