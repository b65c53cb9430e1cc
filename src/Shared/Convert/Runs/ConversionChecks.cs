using DataIngestion.Contracts;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Json;
using DataIngestion.Conversion.Specifications;
using DataIngestion.Conversion.Values;
using DataIngestion.Conversion.Xml;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Runs;

/// <summary>Finds at start what would otherwise fail the first conversion: formats, their options, record paths and the formats of columns.</summary>
public static class ConversionChecks
{
    /// <summary>The findings about all sources.</summary>
    /// <exception cref="ConfigurationException">The specifications of the configuration's folder are wrong; every fault is named with its line.</exception>
    public static IEnumerable<ConfigurationFinding> Find(PlatformConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var specifications = FormatSpecifications.Load(configuration.Folder);
        return configuration.Sources.Values.SelectMany(s => s.Datasets.SelectMany((offered, i) => OfDataset(configuration, specifications, s, offered, i)));
    }

    static IEnumerable<ConfigurationFinding> OfDataset(
        PlatformConfiguration configuration, FormatSpecifications specifications, SourceDefinition source, SourceDatasetDefinition offered, int index)
    {
        var at = $"{nameof(SourceDefinition.Datasets)}[{index}]";
        foreach (var (member, message) in OfFormat(specifications, offered.Format))
            yield return new(offered.Format, member, message);
        if (Fault(() => ReadPath(offered.Format)) is { } path)
            yield return new(source, $"{at}.{nameof(offered.Format)}.{nameof(FormatDefinition.RecordPath)}", path);
        if (!configuration.Datasets.TryGetValue(offered.Dataset, out var dataset))
            yield break;
        var schema = DatasetSchema.Of(dataset);
        foreach (var (name, mapping) in offered.Columns)
        {
            if (mapping.Format is { } format && schema.IndexOf(name) is >= 0 and var column && Fault(() => ReadFormat(schema[column], format)) is { } fault)
                yield return new(source, $"{at}.{nameof(offered.Columns)}[{name}].{nameof(mapping.Format)}", fault);
        }
    }

    static IEnumerable<(string Member, string Message)> OfFormat(FormatSpecifications specifications, FormatDefinition format)
    {
        if (format.Format is null)
            yield break;
        var name = format.Format.ToLowerInvariant();
        if (specifications.Find(name) is not { } specification)
        {
            yield return (nameof(format.Format), $"'{format.Format}' is not a format: {Suggestion.Phrase(name, specifications.Names)}");
            yield break;
        }

        if (format.Table is not null && !specification.Tables)
            yield return (nameof(format.Table), $"{name} holds one table without a name: leave 'table' out.");
        var hint = Requests.HintOf(format, specifications.Folder);
        foreach (var (option, value) in format.Options)
        {
            if ((specifications.Fault(name, option, value) ?? Fault(() => ReadOption(name, specification, option, hint))) is { } fault)
                yield return ($"{nameof(format.Options)}[{option}]", fault);
        }
    }

    static void ReadOption(string format, FormatSpecification specification, string option, FormatHint hint)
    {
        SharedOptions.Apply(hint with { Options = new Dictionary<string, string>(StringComparer.Ordinal) { [option] = hint.Options[option] } });
        if (specification.Options[option] is { Type: OptionKind.File, Maximum: { } most })
            new FormatOptionValues(format, hint).File(option, (int)most);
    }

    static void ReadPath(FormatDefinition format)
    {
        if (format.RecordPath is not { } path)
            return;
        if (format.Format == "xml" || (format.Format is null && path.StartsWith('/')))
            XmlPath.Parse(path, format.Namespaces);
        else if (format.Format is null or "json" or "ndjson")
            JsonPath.Parse(path);
    }

    static void ReadFormat(DataColumn column, string format) => FormatParser.Of(column, ColumnBuilder.For(column.Type), format);

    static string? Fault(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ConversionException wrong)
        {
            return wrong.Message;
        }
    }
}
