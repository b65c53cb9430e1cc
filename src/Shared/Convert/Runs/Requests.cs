using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Runs;

/// <summary>Puts a source's and a dataset's configuration into the words of the converter.</summary>
internal static class Requests
{
    /// <param name="optionFolder">Where files that options name are; null where there is no such folder.</param>
    public static ConversionRequest Of(ConvertArguments arguments, LandingManifest landing, LandedArtefact artefact, IReadOnlyList<IRowCheck> checks, string? optionFolder)
    {
        var offered = arguments.Source.Datasets.Single(d => d.Dataset == landing.Dataset);
        return new()
        {
            Hint = HintOf(offered.Format, optionFolder),
            Name = artefact.Name,
            Entry = offered.Format.Entry,
            Limits = LimitsOf(offered.Limits),
            Schema = DatasetSchema.Of(arguments.Dataset),
            Policy = SchemaPolicy.DiscardRow,
            Mapping = [.. offered.Columns.Select(c => MappedOf(c.Key, c.Value, artefact))],
            Shaping = ShapingOf(offered, artefact),
            Checks = checks,
            SkipRecords = artefact.SkipRecords,
            Lineage = new(landing.Source, landing.Run, artefact.KnownAt),
        };
    }

    static MappedColumn MappedOf(string name, ColumnMapping mapping, LandedArtefact artefact)
    {
        var constant = mapping switch
        {
            { Partition: { } partition } => artefact.Partition.GetValueOrDefault(partition),
            { FileName: { } pattern } => FileNamePattern.Find(pattern, artefact.Name)
                ?? throw new ConversionException($"The column '{name}' is a part of the file's name, but '{artefact.Name}' does not fit '{pattern}': correct 'fileName', or the dataset's 'files'."),
            _ => mapping.Constant,
        };
        return new(name, IsComposed(mapping) ? ComposedName(name) : mapping.From, constant, mapping.Format) { Default = mapping.Default, Values = mapping.Values };
    }

    static RecordShaping? ShapingOf(SourceDatasetDefinition offered, LandedArtefact artefact)
    {
        var composed = offered.Columns.Where(c => IsComposed(c.Value)).Select(c => new ComposedField(ComposedName(c.Key), AlternativesOf(c.Value, artefact)) { Part = PartOf(c.Value) }).ToList();
        var unpivot = offered.Format.Unpivot is { } rows ? new Unpivoting(rows.Keep, rows.Name, rows.Value) : null;
        return composed.Count == 0 && unpivot is null && offered.Format.Preamble is null
            ? null
            : new() { Composed = composed, Unpivot = unpivot, Preamble = offered.Format.PreamblePattern() };
    }

    static IReadOnlyList<ComposedText> AlternativesOf(ColumnMapping mapping, LandedArtefact artefact) =>
        mapping.Template is { } template ? [ComposedText.Parse(template, artefact.Partition)] : [ComposedText.Field(mapping.From!), .. mapping.Or.Select(ComposedText.Field)];

    static bool IsComposed(ColumnMapping mapping) => mapping.Template is not null || mapping.Part is not null || mapping.Or.Count > 0;

    static Func<string, string?>? PartOf(ColumnMapping mapping) => mapping.Part is { } pattern ? value => FileNamePattern.Find(pattern, value) : null;

    /// <summary>A name that no field of a source has.</summary>
    static string ComposedName(string column) => $"\u0001{column}";

    /// <summary>What a source says about its format.</summary>
    public static FormatHint HintOf(FormatDefinition format, string? optionFolder) => new()
    {
        Format = format.Format,
        Table = format.Table,
        Options = format.Options,
        OptionFolder = optionFolder,
        RecordPath = format.RecordPath,
        HasParallelArrays = format.Layout is RecordLayout.Columns,
        Inherit = format.Inherit,
        Nesting = format.Nesting == NestingKind.Nested ? NestingMode.Nested : NestingMode.Flatten,
        Namespaces = format.Namespaces,
        Delimiter = format.Delimiter,
        Quote = format.Quote is { Length: 1 } quote ? quote[0] : null,
        HasNoQuotes = format.Quote == "none",
        Escape = format.Escape?[0],
        SkipLines = format.SkipLines,
        HeaderRows = format.HeaderRows,
        FooterLines = format.FooterLines ?? (format.Trailer is null ? null : 0), // the trailer is not seen by who looks for notes
        Trailer = format.Trailer,
        Comment = format.Comment,
        Header = format.Header,
        Encoding = format.Encoding,
        NullSpellings = format.Nulls,
    };

    static ConversionLimits LimitsOf(ReadLimitsDefinition limits)
    {
        var said = new (string Name, long? Value)[]
        {
            ("recordBytes", limits.RecordBytes), ("fieldBytes", limits.FieldBytes), ("columns", limits.Columns), ("depth", limits.Depth),
            ("decompressedBytes", limits.DecompressedBytes), ("decompressionRatio", limits.DecompressionRatio), ("layers", limits.Layers), ("entries", limits.Entries),
        };
        return new ConversionLimits().Or(said.Where(l => l.Value is not null).ToDictionary(l => l.Name, l => l.Value!.Value, StringComparer.Ordinal));
    }
}
