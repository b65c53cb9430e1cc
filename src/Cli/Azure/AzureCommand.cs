using System.CommandLine;

namespace DataIngestion.Cli.Deployment;

/// <summary><c>ingest azure …</c>: what a deployment is made with and looked after with.</summary>
internal static class AzureCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options) => new("azure", "Look after what is deployed in Azure.")
    {
        DrainCommand.Create(environment, options),
        AdoptCommand.Create(environment, options),
    };
}
