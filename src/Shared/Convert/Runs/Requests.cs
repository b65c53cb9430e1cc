using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Runs;

/// <summary>Puts a source's and a dataset's configuration into the words of the converter.</summary>
internal static class Requests
{
    public static ConversionRequest Of(ConvertArguments arguments, LandingManifest landing, LandedArtefact artefact, IReadOnlyList<IRowCheck> checks)
    {
        var offered = arguments.Source.Datasets.Single(d => d.Dataset == landing.Dataset);
        return new()
        {
            Hint = HintOf(offered.Format),
            Name = artefact.Name,
            Schema = DatasetSchema.Of(arguments.Dataset),
            Policy = SchemaPolicy.DiscardRow,
            Mapping = [.. offered.Columns.Select(c => new MappedColumn(c.Key, c.Value.From, c.Value.Constant, c.Value.Format))],
            Checks = checks,
            SkipRecords = artefact.SkipRecords,
            Lineage = new(landing.Source, landing.Run, artefact.KnownAt),
        };
    }

    static FormatHint HintOf(FormatDefinition format) => new()
    {
        Format = format.Format,
        RecordPath = format.RecordPath,
        Inherit = format.Inherit,
        Namespaces = format.Namespaces,
        Delimiter = format.Delimiter is { Length: 1 } delimiter ? delimiter[0] : null,
        Header = format.Header,
        Encoding = format.Encoding,
    };
}
