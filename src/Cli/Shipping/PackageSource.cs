namespace DataIngestion.Cli.Shipping;

/// <summary>Where packages come from besides the feeds that the machine knows.</summary>
internal static class PackageSource
{
    /// <summary>A feed's address as it is, a folder as the person named it.</summary>
    /// <exception cref="CommandFailedException">It is a folder that does not exist.</exception>
    public static string? Resolve(CommandEnvironment environment, string? source)
    {
        if (source is null || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return source;
        var folder = environment.Resolve(source);
        return Directory.Exists(folder)
            ? folder
            : throw new CommandFailedException(ExitCodes.NotFound, $"'{source}' is neither a folder nor the https address of a feed.");
    }
}
