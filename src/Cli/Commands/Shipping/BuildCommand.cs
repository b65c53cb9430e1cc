using System.CommandLine;
using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure build</c>: does everything that is deployed compile?</summary>
internal static class BuildCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment)
    {
        var source = AzureOptions.Source();
        var rehearsal = AzureOptions.Rehearsal();
        var command = new Command("build", "Compile both apps against the official packages, and check and compile the infrastructure's templates.") { source, rehearsal };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tools = new Tools(environment);
            var build = new AppBuild(environment, tools);
            var host = parsed.GetValue(rehearsal) ? FunctionsHost.Local : FunctionsHost.Azure;
            await environment.Error.WriteLineAsync("Checking the templates ...");
            await new BicepTemplates(environment, tools).CheckAsync(cancellationToken);
            foreach (var app in FunctionApp.All)
            {
                await environment.Error.WriteLineAsync($"Building the {app.Name} ...");
                await build.BuildAsync(app, host, PackageSource.Resolve(environment, parsed.GetValue(source)), cancellationToken);
            }

            await environment.Output.WriteLineAsync(host is FunctionsHost.Azure
                ? "Both apps compile against the official packages, and the templates are clean."
                : "Both apps compile with the local runtime, and the templates are clean. Only a build against the official packages is deployed.");
            return ExitCodes.Ok;
        });
        return command;
    }
}
