using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>Where outputs go.</summary>
internal static class Targets
{
    /// <summary>The name of standard output.</summary>
    public const string StandardOutput = "-";

    static readonly string[] Packed = [".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz", ".lz4", ".sz", ".snappy", ".zz", ".zlib", ".zip", ".tar", ".tgz", ".7z"];

    /// <summary>One full path for each source; <see cref="StandardOutput"/> stays what it is.</summary>
    /// <exception cref="CommandFailedException">Two would be one, one would be an input, or several are to go into a file.</exception>
    public static IReadOnlyList<string> Of(CommandEnvironment environment, IReadOnlyList<ConversionSource> sources, string output, OutputFormat format)
    {
        if (output == StandardOutput)
        {
            return sources.Count == 1
                ? [StandardOutput]
                : throw new CommandFailedException(ExitCodes.Usage, $"{sources.Count} inputs cannot go to standard output: convert one, or name a folder.");
        }

        var target = environment.Resolve(output);
        if (sources.Count == 1 && !Directory.Exists(target) && !Path.EndsInDirectorySeparator(output))
            return Checked(sources, [target], output);
        if (File.Exists(target))
        {
            throw new CommandFailedException(
                ExitCodes.Usage, Path.EndsInDirectorySeparator(output) ? $"'{output}' names a folder, but is a file." : $"'{output}' is a file, but {sources.Count} files are to be converted: name a folder.");
        }

        return Checked(sources, [.. sources.Select(s => Path.Combine(target, s.Stem + OutputFormats.ExtensionOf(format)))], output);
    }

    static IReadOnlyList<string> Checked(IReadOnlyList<ConversionSource> sources, string[] targets, string output)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            var twice = Array.FindIndex(targets, i + 1, t => string.Equals(t, targets[i], StringComparison.OrdinalIgnoreCase));
            if (twice > 0)
                throw new CommandFailedException(ExitCodes.Usage, $"'{sources[i].Shown}' and '{sources[twice].Shown}' would both become '{targets[i]}': convert them into different folders.");
            if (sources.FirstOrDefault(s => IsSame(s.Path, targets[i])) is { } overwritten)
                throw new CommandFailedException(ExitCodes.Usage, $"'{output}' would overwrite the input '{overwritten.Shown}': name another output.");
        }

        return targets;
    }

    /// <summary>Whether both are one file, through symbolic links too.</summary>
    public static bool IsSame(string one, string other) => string.Equals(Final(one), Final(other), StringComparison.Ordinal);

    static string Final(string path)
    {
        var file = new FileInfo(path);
        var folder = file.DirectoryName is { } name && Directory.Exists(name) ? new DirectoryInfo(name).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? name : file.DirectoryName;
        return file.Exists && file.LinkTarget is not null ? file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : Path.Combine(folder ?? "", file.Name);
    }

    /// <summary>What the output of a file is called: <c>trades</c> for <c>trades.csv.gz</c>, whose compression and format are gone.</summary>
    public static string StemOf(string name)
    {
        while (Packed.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
            name = name[..^Path.GetExtension(name).Length];
        return name[..^Path.GetExtension(name).Length];
    }

    /// <summary>The name of a member or table as one name of a file anywhere: no folders, nothing that a system takes for something else.</summary>
    public static string Safe(string name)
    {
        var safe = string.Concat(name.Replace("!/", "/", StringComparison.Ordinal).Select(c => char.IsControl(c) || "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal) ? '-' : c));
        return safe.Trim().Trim('.') is { Length: > 0 } kept ? kept : "-";
    }
}
