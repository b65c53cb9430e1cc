namespace DataIngestion.Cli.Shipping;

/// <summary>The infrastructure's templates and their compiler, which comes as a package.</summary>
internal sealed class BicepTemplates(CommandEnvironment environment, Tools tools)
{
    const string Project = "infra/bicep/Bicep.proj";

    /// <summary>The template.</summary>
    public static string Template => "infra/bicep/main.bicep";

    /// <summary>The parameters of an environment.</summary>
    public static string ParametersOf(string deployment) => $"infra/bicep/main.{deployment}.bicepparam";

    /// <summary>Checks format and every rule, and compiles the template and all parameters.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => RunAsync("Check", cancellationToken);

    /// <summary>Works out, without asking Azure, what an environment is made of.</summary>
    /// <returns>The snapshot's file.</returns>
    public async Task<string> SnapshotAsync(string deployment, CancellationToken cancellationToken)
    {
        await RunAsync("Snapshot", cancellationToken);
        return Path.Combine(environment.Root, ".local", "bicep", "snapshots", SnapshotName(deployment));
    }

    /// <summary>How the compiler calls the snapshot of an environment.</summary>
    public static string SnapshotName(string deployment) => $"main.{deployment}.snapshot.json";

    async Task RunAsync(string target, CancellationToken cancellationToken)
    {
        var run = await tools.RunAsync("dotnet", ["build", Path.Combine(environment.Root, Project), $"-t:{target}", "-restore", "-nologo", "-v", "quiet", "-clp:NoSummary;ForceNoAlign"], cancellationToken);
        if (run.ExitCode == 0)
            return;
        await environment.Error.WriteLineAsync(run.All);
        throw new CommandFailedException(ExitCodes.Failed, $"The templates of infra/bicep have faults ({target}); they stand above.");
    }
}
