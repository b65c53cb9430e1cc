using DataIngestion.Contracts;
using DataIngestion.Conversion.Json;
using DataIngestion.Conversion.Values;
using DataIngestion.Conversion.Xml;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Runs;

/// <summary>Finds at start what would otherwise fail the first conversion: record paths and the formats of columns.</summary>
public static class ConversionChecks
{
    /// <summary>The findings about all sources.</summary>
    public static IEnumerable<ConfigurationFinding> Find(PlatformConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.Sources.Values.SelectMany(s => s.Datasets.SelectMany((offered, i) => OfDataset(configuration, s, offered, i)));
    }

    static IEnumerable<ConfigurationFinding> OfDataset(PlatformConfiguration configuration, SourceDefinition source, SourceDatasetDefinition offered, int index)
    {
        var at = $"{nameof(SourceDefinition.Datasets)}[{index}]";
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
