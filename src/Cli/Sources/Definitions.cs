using DataIngestion.Contracts;

namespace DataIngestion.Cli.Sources;

/// <summary>Finds what a person named among the definitions.</summary>
internal static class Definitions
{
    /// <summary>The source of that id.</summary>
    /// <exception cref="CommandFailedException">There is none; the message has the closest.</exception>
    public static SourceDefinition Source(PlatformConfiguration configuration, string id) =>
        configuration.Sources.GetValueOrDefault(id)
        ?? throw new CommandFailedException(ExitCodes.NotFound, $"There is no source '{id}' in configs/sources: {Hint(id, configuration.Sources.Keys, "'ingest sources list' names those there are.")}");

    /// <summary>The dataset of a source.</summary>
    /// <exception cref="CommandFailedException">It does not offer it.</exception>
    public static SourceDatasetDefinition Dataset(SourceDefinition source, string id) =>
        source.Datasets.FirstOrDefault(d => d.Dataset == id)
        ?? throw new CommandFailedException(ExitCodes.NotFound, $"The source '{source.Source}' does not offer '{id}': expected {string.Join(" or ", source.Datasets.Select(d => d.Dataset))}.");

    static string Hint(string id, IEnumerable<string> ids, string otherwise) => Suggestion.For(id, [.. ids]) is { } meant ? $"did you mean '{meant}'?" : otherwise;
}
