using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Cbor;

/// <summary>CBOR (RFC 8949) and sequences of it (RFC 8742).</summary>
internal sealed class CborFormat : IDocumentFormat
{
    public string Name => "cbor";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public string ReadsAs => "ndjson";

    public bool MayHoldRecords => true;

    public Stream ToJson(Stream content, FormatContext context) => new BinaryDocumentStream(content, new CborReader(context.Limits.MaxDepth), context.Limits);
}
