using DataIngestion.Collect;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Sources;

/// <summary>One stream of a manifest, as a person looks for it.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="Dataset">The dataset that takes it; null where none does.</param>
/// <param name="Key">Fields that identify a record.</param>
/// <param name="Cursor">The field that says what is new; null where it is collected whole.</param>
/// <param name="Fields">Fields of its records, as its schema says; empty where the manifest has none.</param>
/// <param name="Faults">Why it cannot be run, with file and line; empty where it can.</param>
internal sealed record StreamAnswer(string Stream, string? Dataset, IReadOnlyList<string> Key, string? Cursor, IReadOnlyList<string> Fields, IReadOnlyList<string> Faults);

/// <summary>The streams of a source's manifest.</summary>
internal static class ManifestStreams
{
    /// <summary>All of them, those that no dataset takes too.</summary>
    /// <exception cref="ConfigurationException">The manifest cannot be read.</exception>
    public static IReadOnlyList<StreamAnswer> Of(SourceDefinition source, string configs)
    {
        ManifestDocument document;
        try
        {
            document = ManifestDocument.Read(Path.Combine(configs, "manifests", source.Manifest!));
        }
        catch (ManifestException unreadable)
        {
            throw new ConfigurationException([unreadable.Fault]);
        }

        return
        [
            .. document.Streams.Select(s => new StreamAnswer(
                s.Name, source.Datasets.FirstOrDefault(d => d.Stream == s.Name)?.Dataset, s.PrimaryKey, s.CursorField, FieldsOf(s), [.. s.Faults.Select(f => f.ToString())])),
        ];
    }

    static IReadOnlyList<string> FieldsOf(ManifestStream stream) =>
        [.. stream.Schemas.Select(s => s.Find("properties")).OfType<LowCodeMap>().SelectMany(p => p.Keys).Distinct(StringComparer.Ordinal)];
}
