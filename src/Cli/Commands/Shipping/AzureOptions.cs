using System.CommandLine;
using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary>Options that several of the commands take.</summary>
internal static class AzureOptions
{
    /// <summary>The environments there can be; each has a file of parameters.</summary>
    public static IReadOnlyList<string> Environments { get; } = ["dev", "staging", "preprod", "prod"];

    /// <summary>A feed of packages.</summary>
    public static Option<string?> Source() => new("--source") { Description = "A feed or folder of NuGet packages besides those that this machine knows.", HelpName = "FEED" };

    /// <summary>The local runtime instead of the official packages.</summary>
    public static Option<bool> Rehearsal() => new("--rehearsal") { Description = "Take the local runtime in place of the official packages. The result shows sizes and starts, and is never deployed." };

    /// <summary>Which environment.</summary>
    public static Option<string> Environment()
    {
        var option = new Option<string>("--environment") { Description = "dev, staging, preprod or prod.", HelpName = "NAME", Required = true };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !Environments.Contains(name))
                result.AddError($"'{name}' is not an environment: expected dev, staging, preprod or prod.");
        });
        return option;
    }

    /// <summary>Where it is deployed.</summary>
    public static Option<string?> ResourceGroup() => new("--resource-group")
    {
        Description = "Its resource group; default AZURE_RESOURCE_GROUP, else rg-ingest-ENVIRONMENT.",
        HelpName = "GROUP",
    };

    /// <summary>Which stamp.</summary>
    public static Option<string?> Stamp(string description)
    {
        var option = new Option<string?>("--stamp") { Description = description, HelpName = "blue|green" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !StampShare.Names.Contains(name))
                result.AddError($"'{name}' is not a stamp: expected blue or green.");
        });
        return option;
    }

    /// <summary>The part of the sources that a stamp starts.</summary>
    public static Option<string?> Share(string description)
    {
        var option = new Option<string?>("--share") { Description = description, HelpName = "FROM-TO" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } share && StampShare.FaultOf(share) is { } fault)
                result.AddError(fault);
        });
        return option;
    }

    /// <summary>Print instead of doing.</summary>
    public static Option<bool> DryRun() => new("--dry-run") { Description = "Print each command that would change something, and run none of them." };

    /// <summary>How long to wait.</summary>
    public static Option<int> Timeout() => NumberOption.Create("--timeout", "SECONDS", "How long to wait for every service to be ready; default 600.", 600, 0, 7200);

    /// <summary>The environment's place.</summary>
    public static DeployTarget Target(CommandEnvironment environment, AzureCli azure, string name, string? resourceGroup) =>
        new(azure, name, resourceGroup ?? (environment.Setting("AZURE_RESOURCE_GROUP") is { Length: > 0 } set ? set : $"rg-ingest-{name}"));
}
