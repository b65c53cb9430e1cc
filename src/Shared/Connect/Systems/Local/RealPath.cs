namespace DataIngestion.Connect;

/// <summary>Paths of this machine with every link on the way followed.</summary>
internal static class RealPath
{
    const int MaxLinks = 40;

    /// <summary>Where a path really leads; parts that do not exist stay as they are.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        var rest = new Stack<string>(Parts(Path.GetFullPath(path)).Reverse());
        var real = Path.GetPathRoot(Path.GetFullPath(path))!;
        var links = 0;
        while (rest.TryPop(out var part))
        {
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException($"The links of '{path}' lead in a circle.");
            var full = Path.GetFullPath(target, real);
            foreach (var step in Parts(full).Reverse())
                rest.Push(step);
            real = Path.GetPathRoot(full)!;
        }

        return real;
    }

    /// <summary>Whether a real path is a folder or something below it.</summary>
    public static bool IsWithin(string folder, string path)
    {
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return string.Equals(folder, path, comparison) || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, comparison);
    }

    static IEnumerable<string> Parts(string full) =>
        full[Path.GetPathRoot(full)!.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
}
