using System.CommandLine;
using DataIngestion.Cli.Printing;
using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure publish</c>: makes the two packages that are deployed.</summary>
internal static class PublishCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var source = AzureOptions.Source();
        var rehearsal = AzureOptions.Rehearsal();
        var command = new Command("publish", "Make the two packages that are deployed, the same bytes from the same commit, with a list of what is in them.") { source, rehearsal };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var host = parsed.GetValue(rehearsal) ? FunctionsHost.Local : FunctionsHost.Azure;
            var manifests = await PublishAsync(environment, host, PackageSource.Resolve(environment, parsed.GetValue(source)), cancellationToken);
            if (parsed.GetValue(options.Json))
            {
                foreach (var manifest in manifests)
                    environment.WriteJson(new { manifest.App, manifest.Host, manifest.Commit, files = manifest.Files.Count, manifest.Bytes, manifest.Sha256 });
            }
            else
            {
                Print(environment, host, manifests);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task<IReadOnlyList<PackageManifest>> PublishAsync(CommandEnvironment environment, FunctionsHost host, string? source, CancellationToken cancellationToken)
    {
        var tools = new Tools(environment);
        var build = new AppBuild(environment, tools);
        var folder = new ShippingFolder(environment);
        var commit = await CommitAsync(tools, cancellationToken);
        var manifests = new List<PackageManifest>();
        foreach (var app in FunctionApp.All)
        {
            await environment.Error.WriteLineAsync($"Publishing the {app.Name} ...");
            var published = await build.PublishAsync(app, host, source, cancellationToken);
            var packed = await ZipPackage.WriteAsync(published, folder.Package(app), cancellationToken);
            var manifest = await PackageManifest.DescribeAsync(app, host, commit, published, folder.Package(app), packed, cancellationToken);
            await manifest.WriteAsync(folder, app, cancellationToken);
            manifests.Add(manifest);
        }

        return manifests;
    }

    static void Print(CommandEnvironment environment, FunctionsHost host, IReadOnlyList<PackageManifest> manifests)
    {
        var table = Tables.Create("package", "#files", "#bytes unpacked", "#bytes", "sha256");
        foreach (var manifest in manifests)
            table.Add(manifest.App, Tables.Count(manifest.Files.Count), Tables.Count(manifest.Files.Sum(f => f.Bytes)), Tables.Count(manifest.Bytes), manifest.Sha256);
        environment.CreateConsole().Write(table);
        environment.Output.WriteLine($"They lie in {Path.GetDirectoryName(new ShippingFolder(environment).Package(FunctionApp.Agents))}, each with a list of its files."
            + (host is FunctionsHost.Local ? " They are a rehearsal with the local runtime and cannot be deployed." : ""));
    }

    static async Task<string?> CommitAsync(Tools tools, CancellationToken cancellationToken)
    {
        if (tools.Find("git") is null || await tools.RunAsync("git", ["rev-parse", "HEAD"], cancellationToken) is not { ExitCode: 0 } head)
            return null;
        var status = await tools.RunAsync("git", ["status", "--porcelain"], cancellationToken);
        return head.Output.Trim() + (status.Output.Trim().Length > 0 ? "+changes" : "");
    }
}
