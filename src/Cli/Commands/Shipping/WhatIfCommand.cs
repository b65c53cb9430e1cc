using System.CommandLine;
using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure whatif</c>: what deploying the templates would change, from Azure or from snapshots.</summary>
internal static class WhatIfCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var name = AzureOptions.Environment();
        var resourceGroup = AzureOptions.ResourceGroup();
        var offline = new Option<bool>("--offline") { Description = "Compare snapshots even though Azure could be asked." };
        var against = new Option<string?>("--against") { Description = "Compare with this snapshot (a file, or a folder of snapshots) instead of the one that was kept last. Does not ask Azure.", HelpName = "PATH" };
        var keep = new Option<bool>("--keep") { Description = "Keep the snapshot that was made, for the next comparison." };
        var command = new Command("whatif", "Show what deploying the templates would change: asks Azure when 'az' is logged in, otherwise compares snapshots.")
        {
            name, resourceGroup, offline, against, keep,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tools = new Tools(environment);
            var azure = new AzureCli(environment, tools, dryRun: false);
            var target = parsed.GetRequiredValue(name);
            var json = parsed.GetValue(options.Json);
            if (!parsed.GetValue(offline) && parsed.GetValue(against) is null && !parsed.GetValue(keep) && await azure.IsLoggedInAsync(cancellationToken))
            {
                var place = AzureOptions.Target(environment, azure, target, parsed.GetValue(resourceGroup));
                var deployed = await place.ReadAsync(cancellationToken);
                await environment.Output.WriteAsync(await place.WhatIfAsync(deployed.Stamps, deployed.Active, json, cancellationToken));
                return ExitCodes.Ok;
            }

            var snapshots = new Snapshots(environment, new BicepTemplates(environment, tools));
            await snapshots.CompareAsync(target, parsed.GetValue(against), parsed.GetValue(keep), json, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }
}
