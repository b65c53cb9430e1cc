using System.Globalization;
using DataIngestion.Cli.Shipping.Starting;

namespace DataIngestion.Cli.Shipping;

/// <summary>What one origin adds to a package.</summary>
/// <param name="From">Package and version, or a word for what is ours.</param>
/// <param name="Files">Its files.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Packed">What they take in the package.</param>
internal sealed record PackageOrigin(string From, int Files, long Bytes, long Packed);

/// <summary>What packages may weigh and how fast they have to start.</summary>
internal static class PackageGoals
{
    /// <summary>What makes a package large, the largest first.</summary>
    public static IReadOnlyList<PackageOrigin> OriginsOf(PackageManifest manifest) =>
    [
        .. manifest.Files.GroupBy(f => f.From, StringComparer.Ordinal)
            .Select(g => new PackageOrigin(g.Key, g.Count(), g.Sum(f => f.Bytes), g.Sum(f => f.Packed)))
            .OrderByDescending(o => o.Packed).ThenBy(o => o.From, StringComparer.Ordinal),
    ];

    /// <summary>Each goal that is missed, with its figures.</summary>
    public static IEnumerable<string> FaultsOf(FunctionApp app, PackageManifest manifest, IReadOnlyList<StartTime> starts)
    {
        if (manifest.Bytes >= app.MostBytes)
        {
            var largest = string.Join(", ", OriginsOf(manifest).Take(3).Select(o => $"{o.From} {Megabytes(o.Packed)} MB"));
            yield return $"The package of the {app.Name} has {Megabytes(manifest.Bytes)} MB, {Megabytes(manifest.Bytes - app.MostBytes)} MB too many; most of it: {largest}.";
        }

        if (starts.Count > 0 && ColdStart.MedianOf(starts) is var median && median.Ready >= FunctionApp.MostStart)
        {
            yield return $"The {app.Name} start in {median.Ready.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s (median of {starts.Count}, "
                + $"{median.Processor.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s of processor time); {FunctionApp.MostStart.TotalSeconds:0} s is the most.";
        }
    }

    static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
