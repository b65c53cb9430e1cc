using System.CommandLine;
using DataIngestion.Cli.Deployment;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure</c>: everything between a checkout and a running platform in Azure.</summary>
internal static class AzureCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options) => new("azure", "Build, package, deploy and check the platform in Azure.")
    {
        BuildCommand.Create(environment),
        PublishCommand.Create(environment, options),
        PackageCommand.Create(environment, options),
        WhatIfCommand.Create(environment, options),
        DeployCommand.Create(environment),
        ShiftCommand.Create(environment),
        StampsCommand.Create(environment, options),
        DrainCommand.Create(environment, options),
        AdoptCommand.Create(environment, options),
        SmokeCommand.Create(environment, options),
    };
}
