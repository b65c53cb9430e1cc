using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Yaml;

/// <summary>YAML 1.2: documents one after another, or one sequence of them.</summary>
internal sealed class YamlFormat : IDocumentFormat
{
    public string Name => "yaml";

    public bool IsText => true;

    public bool NeedsSeek => false;

    public string ReadsAs => "ndjson";

    public bool MayHoldRecords => true;

    public Stream ToJson(Stream content, FormatContext context) => new YamlStream(content, context.Limits);
}
