using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Protobuf;

/// <summary>Protocol Buffers: messages with their length before each, or one message, by a descriptor set.</summary>
internal sealed class ProtobufFormat : IDocumentFormat
{
    const int MaxDescriptorBytes = 16 << 20;

    public string Name => "protobuf";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public string ReadsAs => "ndjson";

    public Stream ToJson(Stream content, FormatContext context)
    {
        var set = context.Options.File("descriptors", MaxDescriptorBytes)
            ?? throw new ConversionException("Protobuf messages do not say what they hold: give a descriptor set with the option 'descriptors' (protoc --include_imports --descriptor_set_out=FILE).");
        var isSingle = context.Options.Word("framing", "delimited", "single") == "single";
        try
        {
            var descriptors = ProtoDescriptors.Parse(set);
            return new BinaryDocumentStream(content, new ProtobufReader(descriptors, descriptors.Choose(context.Options.Text("message")), isSingle, context.Limits), context.Limits);
        }
        catch (InvalidDataException wrong)
        {
            throw new ConversionException($"The option 'descriptors' of protobuf names a file that is no whole descriptor set. {wrong.Message}", inner: wrong);
        }
    }
}
