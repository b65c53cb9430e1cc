using System.CommandLine;
using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure shift</c>: gives a stamp another part of the sources, or makes it the active one.</summary>
internal static class ShiftCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment)
    {
        var name = AzureOptions.Environment();
        var resourceGroup = AzureOptions.ResourceGroup();
        var stamp = AzureOptions.Stamp("The stamp.");
        stamp.Required = true;
        var share = AzureOptions.Share("The part of the sources, FROM-TO in percent, that it starts from now on; the other stamp gets the rest. 0-100 all, 0-0 none.");
        var activate = new Option<bool>("--activate") { Description = "Dropped files go to this stamp from now on." };
        var force = new Option<bool>("--force") { Description = "Do it even though the stamp is not ready." };
        var dryRun = AzureOptions.DryRun();
        var command = new Command("shift", "Give a stamp another part of the sources, or dropped files. Runs that have begun stay where they are.")
        {
            name, resourceGroup, stamp, share, activate, force, dryRun,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(share) is null && result.GetResult(activate) is null)
                result.AddError("Nothing to do: say --share, --activate or both.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var azure = new AzureCli(environment, new Tools(environment), parsed.GetValue(dryRun));
            await azure.RequireAsync(cancellationToken);
            var target = AzureOptions.Target(environment, azure, parsed.GetRequiredValue(name), parsed.GetValue(resourceGroup));
            var now = await target.ReadAsync(cancellationToken);
            var to = parsed.GetValue(stamp)!;
            if (now.Active is not { } active || now.Stamps.All(s => s.Name != to))
                throw new CommandFailedException(ExitCodes.NotFound, $"{to} is not deployed in {target.ResourceGroup}: 'ingest azure deploy --stamp {to}'.");

            var wanted = parsed.GetValue(share) ?? now.Stamps.First(s => s.Name == to).Share;
            if (now.Stamps.Count == 1 && wanted != StampShare.All)
                throw new CommandFailedException(ExitCodes.Usage, $"{to} is the only stamp: what it does not start, nobody would.");
            if (!parsed.GetValue(force))
                await RequireReadyAsync(environment, now, to, cancellationToken);

            var stamps = StampShare.With(now.Stamps, to, wanted);
            var becomes = parsed.GetValue(activate) ? to : active;
            await target.ProvisionAsync(stamps, becomes, cancellationToken);
            if (!azure.IsDryRun)
                await environment.Output.WriteLineAsync($"{string.Join(", ", stamps.Select(s => $"{s.Name} starts {s.Share}"))}; dropped files go to {becomes}.");
            return ExitCodes.Ok;
        });
        return command;
    }

    // Sources given to a stamp that cannot work would not run anywhere.
    static async Task RequireReadyAsync(CommandEnvironment environment, Deployed deployed, string stamp, CancellationToken cancellationToken)
    {
        var wait = new ReadyWait(environment);
        foreach (var app in deployed.Apps.Where(a => a.Stamp == stamp))
        {
            var services = FunctionApp.All.First(f => f.Name == app.Kind).Services;
            if (await wait.WaitAsync(DeployCommand.AddressOf(app), services, TimeSpan.Zero, cancellationToken) is { Count: > 0 } faults)
                throw new CommandFailedException(ExitCodes.NotReachable, $"{stamp} is not ready, and gets nothing unless you say --force:\n{string.Join('\n', faults)}");
        }
    }
}
