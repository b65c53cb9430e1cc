using System.Text.RegularExpressions;

namespace DataIngestion.Cli.Shipping;

/// <summary>Compiles the apps as they are deployed.</summary>
internal sealed partial class AppBuild(CommandEnvironment environment, Tools tools)
{
    const string Runtime = "linux-x64";

    readonly ShippingFolder _folder = new(environment);

    /// <summary>Compiles an app with all analyzers; nothing is kept that would be deployed.</summary>
    /// <param name="app">The app.</param>
    /// <param name="host">Which build.</param>
    /// <param name="source">A feed or folder of packages besides those that the machine knows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task BuildAsync(FunctionApp app, FunctionsHost host, string? source, CancellationToken cancellationToken) =>
        RunAsync("build", app, host, source, [], cancellationToken);

    /// <summary>Compiles an app ahead of time into its folder, with nothing but what it needs.</summary>
    /// <param name="app">The app.</param>
    /// <param name="host">Which build.</param>
    /// <param name="source">A feed or folder of packages besides those that the machine knows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The folder.</returns>
    public async Task<string> PublishAsync(FunctionApp app, FunctionsHost host, string? source, CancellationToken cancellationToken)
    {
        var folder = _folder.Published(app);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        // The analyzers have had their say when it was built.
        await RunAsync("publish", app, host, source, ["-p:RunAnalyzers=false", "-o", folder], cancellationToken);
        return folder;
    }

    async Task RunAsync(string verb, FunctionApp app, FunctionsHost host, string? source, IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            verb, Path.Combine(environment.Root, app.Project), "-c", "Release", "-r", Runtime, "--artifacts-path", _folder.Build(host),
            $"-p:FunctionsHost={host}", "-p:ContinuousIntegrationBuild=true", "-nologo", "-v", "quiet", "-clp:NoSummary;ForceNoAlign", .. more,
        ];
        if (source is not null)
        {
            // A mirror may hold a later version of a package that another one needs; the package's list of files says which it became.
            arguments.Add($"-p:RestoreAdditionalProjectSources={source}");
            arguments.Add("-p:WarningsNotAsErrors=NU1603");
        }

        var run = await tools.RunAsync("dotnet", arguments, cancellationToken);
        if (run.ExitCode == 0)
            return;
        if (NotRestored().Match(run.All) is { Success: true } missing)
        {
            throw new CommandFailedException(
                ExitCodes.Configuration,
                $"A package of the {app.Name}' {host} build cannot be restored: {missing.Groups["what"].Value.Trim()} ({missing.Groups["code"].Value}). "
                + $"Name a feed or folder that has it with --source, or rehearse with 'ingest azure {(verb == "build" ? "build" : "publish")} --rehearsal', which takes the local runtime in its place.");
        }

        await environment.Error.WriteLineAsync(run.All);
        throw new CommandFailedException(ExitCodes.Failed, $"The {app.Name}' {host} build failed (dotnet {verb}, exit code {run.ExitCode}); its output stands above.");
    }

    [GeneratedRegex(@"error (?<code>NU1100|NU1101|NU1102|NU1103|NU1301|NU1603): (?<what>[^\r\n\[]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NotRestored();
}
