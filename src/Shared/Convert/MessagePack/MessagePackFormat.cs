using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.MessagePack;

/// <summary>MessagePack: messages one after another, or one array of them.</summary>
internal sealed class MessagePackFormat : IDocumentFormat
{
    public string Name => "messagepack";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public string ReadsAs => "ndjson";

    public bool MayHoldRecords => true;

    public Stream ToJson(Stream content, FormatContext context) => new BinaryDocumentStream(content, new MessagePackReader(context.Limits.MaxDepth), context.Limits);
}
