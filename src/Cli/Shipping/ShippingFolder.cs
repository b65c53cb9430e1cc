namespace DataIngestion.Cli.Shipping;

/// <summary>Where builds and packages for Azure lie: <c>.local/azure</c>, apart from the Local build, so that neither spoils the other.</summary>
internal sealed class ShippingFolder(CommandEnvironment environment)
{
    /// <summary>All of it.</summary>
    public string Path { get; } = System.IO.Path.Combine(environment.LocalFolder, "azure");

    /// <summary>Compiled files of one kind of build.</summary>
    public string Build(FunctionsHost host) => System.IO.Path.Combine(Path, "build", host.ToString().ToLowerInvariant());

    /// <summary>What is put into an app's package.</summary>
    public string Published(FunctionApp app) => System.IO.Path.Combine(Path, "publish", app.Name);

    /// <summary>An app's package.</summary>
    public string Package(FunctionApp app) => System.IO.Path.Combine(Path, "packages", $"{app.Name}.zip");

    /// <summary>The list of what is in an app's package.</summary>
    public string Manifest(FunctionApp app) => System.IO.Path.Combine(Path, "packages", $"{app.Name}.json");

    /// <summary>The latest snapshot of an environment's resources that was kept.</summary>
    public string Snapshots => System.IO.Path.Combine(Path, "snapshots");
}

/// <summary>Where the worker's API comes from.</summary>
internal enum FunctionsHost
{
    /// <summary>The official packages; what is deployed.</summary>
    Azure,

    /// <summary>The local runtime: a rehearsal, never deployed.</summary>
    Local,
}
