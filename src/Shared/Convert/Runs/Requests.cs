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
            Entry = offered.Format.Entry,
            Limits = LimitsOf(offered.Limits),
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
        Nesting = format.Nesting == NestingKind.Nested ? NestingMode.Nested : NestingMode.Flatten,
        Namespaces = format.Namespaces,
        Delimiter = format.Delimiter,
        Quote = format.Quote is { Length: 1 } quote ? quote[0] : null,
        HasNoQuotes = format.Quote == "none",
        Escape = format.Escape?[0],
        SkipLines = format.SkipLines,
        HeaderRows = format.HeaderRows,
        FooterLines = format.FooterLines,
        Comment = format.Comment,
        Header = format.Header,
        Encoding = format.Encoding,
        NullSpellings = format.Nulls,
    };

    static ConversionLimits LimitsOf(ReadLimitsDefinition limits)
    {
        var standard = new ConversionLimits();
        return standard with
        {
            MaxRecordBytes = (int)(limits.RecordBytes ?? standard.MaxRecordBytes),
            MaxFieldBytes = (int)(limits.FieldBytes ?? standard.MaxFieldBytes),
            MaxColumns = limits.Columns ?? standard.MaxColumns,
            MaxDepth = limits.Depth ?? standard.MaxDepth,
            MaxDecompressedBytes = limits.DecompressedBytes ?? standard.MaxDecompressedBytes,
            MaxDecompressionRatio = limits.DecompressionRatio ?? standard.MaxDecompressionRatio,
        };
    }
}
