using System.Text.Json;

namespace DataIngestion.Cli.Shipping;

/// <summary>Which NuGet package a file of an app comes from, as its <c>.deps.json</c> says.</summary>
internal sealed class PackageOrigins
{
    readonly Dictionary<string, string> _byFile = new(StringComparer.Ordinal);

    /// <summary>Reads an app's list; without one every file is the platform's.</summary>
    public static async Task<PackageOrigins> ReadAsync(string depsFile, CancellationToken cancellationToken)
    {
        var origins = new PackageOrigins();
        if (!File.Exists(depsFile))
            return origins;
        await using var file = File.OpenRead(depsFile);
        using var deps = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken);
        foreach (var target in deps.RootElement.GetProperty("targets").EnumerateObject())
        {
            foreach (var library in target.Value.EnumerateObject())
            {
                if (deps.RootElement.GetProperty("libraries").GetProperty(library.Name).GetProperty("type").GetString() == "package")
                    origins.Add(library);
            }
        }

        return origins;
    }

    /// <summary>The origin of a file, by its name in the package.</summary>
    public string Of(string name)
    {
        if (name.StartsWith(".azurefunctions/", StringComparison.Ordinal))
            return "extensions of the Functions host";
        if (name.StartsWith("configs/", StringComparison.Ordinal) || name.StartsWith("workflows/", StringComparison.Ordinal))
            return "configuration";
        return _byFile.GetValueOrDefault(name[(name.LastIndexOf('/') + 1)..], "the platform");
    }

    void Add(JsonProperty library)
    {
        foreach (var kind in new[] { "runtime", "native", "resources", "runtimeTargets" })
        {
            if (!library.Value.TryGetProperty(kind, out var assets))
                continue;
            foreach (var asset in assets.EnumerateObject())
                _byFile[asset.Name[(asset.Name.LastIndexOf('/') + 1)..]] = library.Name.Replace('/', ' ');
        }
    }
}
