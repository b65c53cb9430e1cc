using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Avro;

/// <summary>
/// Apache Avro 1.12: object container files with every codec, and records without a container if their schema is given.
/// </summary>
internal sealed class AvroFormat : IColumnFormat
{
    const int MaxSchemaBytes = 1 << 20;
    const int MaxHeaderBytes = 16 << 20;

    /// <summary>Blocks are a few kilobytes or megabytes; their writer had them in memory, too.</summary>
    const int MaxBlockBytes = 256 << 20;

    public string Name => "avro";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public async ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var window = new ByteWindow(content);
        var schema = Schema(context, "schema");
        var framing = context.Options.Word("framing", "container", "single-object", "raw") ?? await FramingAsync(window, cancellationToken);
        return framing == "container"
            ? await ContainerAsync(window, schema, context, cancellationToken)
            : Datums(window, framing, Schema(context, "writer-schema") ?? schema, schema, context);
    }

    static async ValueTask<string> FramingAsync(ByteWindow window, CancellationToken cancellationToken)
    {
        await window.EnsureAsync(AvroHeader.Magic.Length, cancellationToken);
        return window.Bytes.StartsWith(AvroDatumReader.Mark) ? "single-object" : "container";
    }

    static async ValueTask<IColumnReader> ContainerAsync(ByteWindow window, AvroSchema? reader, FormatContext context, CancellationToken cancellationToken)
    {
        var header = await AvroHeader.ReadAsync(window, MaxHeaderBytes, cancellationToken);
        var parser = new AvroSchemaParser();
        var writer = parser.Read(header.SchemaJson);
        var codec = AvroBlockCodec.Of(header.Codec, MaxBlockBytes);
        var notes = parser.Ignored.Select(l => $"the logical type {l} is not one of Avro's: what is stored is read");
        return new AvroContainerReader(new(window, header, codec, MaxBlockBytes, context.Limits), new(writer, reader ?? writer, context.Limits), [.. notes]);
    }

    static AvroDatumReader Datums(ByteWindow window, string framing, AvroSchema? writer, AvroSchema? reader, FormatContext context)
    {
        if (writer is null)
            throw new ConversionException("Avro records without a container do not say what they hold: give their schema with the option 'schema'.");
        return new(window, new(writer, reader ?? writer, context.Limits), framing == "raw" ? null : AvroCanonicalForm.Fingerprint(writer), context.Limits.MaxRecordBytes);
    }

    static AvroSchema? Schema(FormatContext context, string option) => context.Options.File(option, MaxSchemaBytes) is { } json ? AvroSchemaParser.Parse(json) : null;
}
