using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Bson;

/// <summary>BSON documents one after another, as mongodump writes a collection.</summary>
internal sealed class BsonFormat : IDocumentFormat
{
    public string Name => "bson";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public string ReadsAs => "ndjson";

    public Stream ToJson(Stream content, FormatContext context) => new BinaryDocumentStream(content, new BsonReader(context.Limits), context.Limits);
}
