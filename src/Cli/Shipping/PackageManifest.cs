using System.Security.Cryptography;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Shipping;

/// <summary>What is in a package and where it comes from: <c>{app}.json</c> beside the package.</summary>
internal sealed record PackageManifest
{
    /// <summary>Which app.</summary>
    public required string App { get; init; }

    /// <summary>Which build; only <see cref="FunctionsHost.Azure"/> is deployed.</summary>
    public FunctionsHost Host { get; init; }

    /// <summary>The commit it was built from, with <c>+changes</c> behind it when files differed from it; null outside a repository.</summary>
    public string? Commit { get; init; }

    /// <summary>Size of the package.</summary>
    public long Bytes { get; init; }

    /// <summary>Hash of the package, hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Every file, in order of names.</summary>
    public IReadOnlyList<PackagedFile> Files { get; init; } = [];

    /// <summary>Describes a package that was just written.</summary>
    public static async Task<PackageManifest> DescribeAsync(
        FunctionApp app, FunctionsHost host, string? commit, string folder, string package, IReadOnlyDictionary<string, long> packed, CancellationToken cancellationToken)
    {
        var origins = await PackageOrigins.ReadAsync(Path.Combine(folder, $"{app.Assembly}.deps.json"), cancellationToken);
        var files = new List<PackagedFile>();
        foreach (var (name, path) in ZipPackage.FilesOf(folder))
            files.Add(new(name, new FileInfo(path).Length, packed[name], await HashAsync(path, cancellationToken), origins.Of(name)));
        return new()
        {
            App = app.Name,
            Host = host,
            Commit = commit,
            Bytes = new FileInfo(package).Length,
            Sha256 = await HashAsync(package, cancellationToken),
            Files = files,
        };
    }

    /// <summary>Reads the description of an app's package, and checks that it is that package's.</summary>
    /// <exception cref="CommandFailedException">There is none, or the package has changed since.</exception>
    public static async Task<PackageManifest> ReadAsync(ShippingFolder folder, FunctionApp app, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.Manifest(app)) || !File.Exists(folder.Package(app)))
            throw new CommandFailedException(ExitCodes.NotFound, $"There is no package of the {app.Name} in '{folder.Path}': make it with 'ingest azure publish'.");
        PackageManifest manifest;
        await using (var file = File.OpenRead(folder.Manifest(app)))
        {
            manifest = await JsonSerializer.DeserializeAsync<PackageManifest>(file, ContractJson.Options, cancellationToken)
                ?? throw new CommandFailedException(ExitCodes.Failed, $"'{folder.Manifest(app)}' is empty: make the package again with 'ingest azure publish'.");
        }

        if (await HashAsync(folder.Package(app), cancellationToken) != manifest.Sha256)
            throw new CommandFailedException(ExitCodes.Failed, $"'{folder.Package(app)}' is not the package that its list of files describes: make it again with 'ingest azure publish'.");
        return manifest;
    }

    /// <summary>Writes it beside the package.</summary>
    public async Task WriteAsync(ShippingFolder folder, FunctionApp app, CancellationToken cancellationToken)
    {
        await using var file = File.Create(folder.Manifest(app));
        await JsonSerializer.SerializeAsync(file, this, ContractJson.Indented, cancellationToken);
    }

    static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}

/// <summary>A file of a package.</summary>
/// <param name="Path">Its name in the package.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Packed">What it takes in the package.</param>
/// <param name="Sha256">Its hash, hexadecimal.</param>
/// <param name="From">The package with version that it comes from, or a word for what is ours.</param>
internal sealed record PackagedFile(string Path, long Bytes, long Packed, string Sha256, string From);
