using System.CommandLine;
using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure deploy</c>: provisions an environment and puts both packages onto one stamp.</summary>
internal static class DeployCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment)
    {
        var name = AzureOptions.Environment();
        var resourceGroup = AzureOptions.ResourceGroup();
        var stamp = AzureOptions.Stamp("The stamp to deploy to; default the idle one, blue in a new environment.");
        var share = AzureOptions.Share("The part of the sources, FROM-TO in percent, that the stamp starts once it is deployed; the other stamp gets the rest. Default as before, none on a new stamp beside another.");
        var ontoActive = new Option<bool>("--onto-active") { Description = "Deploy to the active stamp too, whose runs in flight then meet the new version." };
        var dryRun = AzureOptions.DryRun();
        var timeout = AzureOptions.Timeout();
        var command = new Command("deploy", "Provision an environment and deploy both packages to one stamp, then wait until every service is ready.")
        {
            name, resourceGroup, stamp, share, ontoActive, dryRun, timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var dry = parsed.GetValue(dryRun);
            var azure = new AzureCli(environment, new Tools(environment), dry);
            var packages = await PackagesAsync(environment, cancellationToken);
            await azure.RequireAsync(cancellationToken);
            var target = AzureOptions.Target(environment, azure, parsed.GetRequiredValue(name), parsed.GetValue(resourceGroup));
            var plan = DeployPlan.Of(await target.ReadAsync(cancellationToken), parsed.GetValue(stamp), parsed.GetValue(share), parsed.GetValue(ontoActive));
            await environment.Error.WriteLineAsync(
                $"{target.ResourceGroup}: {plan.Stamp} gets {packages[0].Commit ?? "packages of no known commit"}; shares {string.Join(", ", plan.Stamps.Select(s => $"{s.Name} {s.Share}"))}; active {plan.Active}.");

            await target.ProvisionAsync(plan.Stamps, plan.Active, cancellationToken);
            var apps = (await target.ReadAsync(cancellationToken)).Apps.Where(a => a.Stamp == plan.Stamp).ToList();
            foreach (var app in FunctionApp.All)
                await target.UploadAsync(AppOf(apps, app, plan.Stamp, dry), new ShippingFolder(environment).Package(app), cancellationToken);
            if (dry)
                return ExitCodes.Ok;
            await WaitAsync(environment, apps, TimeSpan.FromSeconds(parsed.GetValue(timeout)), cancellationToken);
            await environment.Output.WriteLineAsync($"Every service of {plan.Stamp} is ready. Check it with 'ingest azure smoke', then give it sources with 'ingest azure shift --stamp {plan.Stamp} --share 0-10'.");
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task<IReadOnlyList<PackageManifest>> PackagesAsync(CommandEnvironment environment, CancellationToken cancellationToken)
    {
        var manifests = new List<PackageManifest>();
        foreach (var app in FunctionApp.All)
        {
            var manifest = await PackageManifest.ReadAsync(new(environment), app, cancellationToken);
            if (manifest.Host is not FunctionsHost.Azure)
                throw new CommandFailedException(ExitCodes.Failed, $"The package of the {app.Name} is a rehearsal with the local runtime, which is never deployed: make another with 'ingest azure publish'.");
            manifests.Add(manifest);
        }

        if (manifests.Select(m => m.Commit).Distinct(StringComparer.Ordinal).Count() > 1)
            throw new CommandFailedException(ExitCodes.Failed, "The two packages are of different commits: make both again with 'ingest azure publish'.");
        return manifests;
    }

    // Before the first deployment a dry run does not know what Azure will call the app.
    static DeployedApp AppOf(IEnumerable<DeployedApp> apps, FunctionApp app, string stamp, bool dryRun) =>
        apps.FirstOrDefault(a => a.Kind == app.Name)
        ?? (dryRun
            ? new($"<{app.Name} of {stamp}>", app.Name, stamp, "")
            : throw new CommandFailedException(ExitCodes.NotFound, $"The deployment tells of no {app.Name} on {stamp}: its output 'APPS' lists the apps."));

    static async Task WaitAsync(CommandEnvironment environment, IReadOnlyList<DeployedApp> apps, TimeSpan limit, CancellationToken cancellationToken)
    {
        var wait = new ReadyWait(environment);
        var faults = new List<string>();
        foreach (var app in FunctionApp.All)
        {
            var deployed = apps.First(a => a.Kind == app.Name);
            await environment.Error.WriteLineAsync($"Waiting for the services of {deployed.Name} ...");
            faults.AddRange(await wait.WaitAsync(AddressOf(deployed), app.Services, limit, cancellationToken));
        }

        if (faults.Count > 0)
            throw new CommandFailedException(ExitCodes.NotReachable, $"After {limit.TotalSeconds:0} s the stamp is not ready:\n{string.Join('\n', faults)}");
    }

    /// <summary>An app's address: https, unless it names another.</summary>
    internal static Uri AddressOf(DeployedApp app) => new(app.HostName.Contains("://", StringComparison.Ordinal) ? app.HostName : $"https://{app.HostName}");
}
