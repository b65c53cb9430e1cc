using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Writing;

/// <summary>Writes the metadata of Schema.fbs, Message.fbs and File.fbs, version V5.</summary>
internal static class SchemaWriter
{
    const short V5 = 4;

    /// <summary>The message of a schema.</summary>
    public static byte[] Message(DataSchema schema)
    {
        var flat = new FlatBuilder();
        return Message(flat, MessageKind.Schema, Schema(flat, schema), 0);
    }

    /// <summary>The message of a batch.</summary>
    public static byte[] Message(long rows, ReadOnlySpan<byte> nodes, ReadOnlySpan<byte> buffers, ArrowCompression compression, long body)
    {
        var flat = new FlatBuilder();
        var (nodesAt, buffersAt) = (flat.Vector(nodes, nodes.Length / 16), flat.Vector(buffers, buffers.Length / 16));
        var codec = compression == ArrowCompression.None ? 0 : flat.Table().Byte(0, compression == ArrowCompression.Zstd ? (byte)1 : (byte)0).Byte(1, 0).End();
        var batch = flat.Table().Int64(0, rows).Refer(1, nodesAt).Refer(2, buffersAt);
        return Message(flat, MessageKind.RecordBatch, (codec == 0 ? batch : batch.Refer(3, codec)).End(), body);
    }

    /// <summary>The footer of a file.</summary>
    public static byte[] Footer(DataSchema schema, ReadOnlySpan<byte> blocks)
    {
        var flat = new FlatBuilder();
        var schemaAt = Schema(flat, schema);
        var (none, blocksAt) = (flat.Vector(default, 0), flat.Vector(blocks, blocks.Length / 24));
        return flat.Finish(flat.Table().Refer(1, schemaAt).Refer(2, none).Refer(3, blocksAt).Int16(0, V5).End()).ToArray();
    }

    static byte[] Message(FlatBuilder flat, MessageKind kind, int header, long body) =>
        flat.Finish(flat.Table().Int64(3, body).Refer(2, header).Int16(0, V5).Byte(1, (byte)kind).End()).ToArray();

    static int Schema(FlatBuilder flat, DataSchema schema)
    {
        var fields = flat.Vector([.. schema.Select(c => Field(flat, c.Name, c.Type, c.Nullable))]);
        return flat.Table().Refer(1, fields).Int16(0, 0).End();
    }

    static int Field(FlatBuilder flat, string name, DataType type, bool nullable)
    {
        int[] inside = type.Kind switch
        {
            DataKind.List => [Field(flat, "item", type.Element!, type.ElementNullable)],
            DataKind.Struct => [.. type.Fields!.Select(f => Field(flat, f.Name, f.Type, f.Nullable))],
            _ => [],
        };
        var children = flat.Vector(inside);
        var nameAt = flat.Text(name);
        var zone = type is { Kind: DataKind.Timestamp, IsUtc: true } ? flat.Text("UTC") : 0;
        var (kind, typeAt) = Type(flat, type, zone);
        return flat.Table().Refer(0, nameAt).Refer(3, typeAt).Refer(5, children).Flag(1, nullable).Byte(2, (byte)kind).End();
    }

    static (ArrowKind Kind, int Table) Type(FlatBuilder flat, DataType type, int zone)
    {
        var unit = (short)(type.Unit switch { TimeUnit.Milliseconds => 1, TimeUnit.Microseconds => 2, _ => 3 });
        return type.Kind switch
        {
            DataKind.Boolean => (ArrowKind.Bool, flat.Table().End()),
            DataKind.Int8 => (ArrowKind.Int, Integer(flat, 8, true)),
            DataKind.Int16 => (ArrowKind.Int, Integer(flat, 16, true)),
            DataKind.Int32 => (ArrowKind.Int, Integer(flat, 32, true)),
            DataKind.Int64 => (ArrowKind.Int, Integer(flat, 64, true)),
            DataKind.UInt64 => (ArrowKind.Int, Integer(flat, 64, false)),
            DataKind.Float => (ArrowKind.FloatingPoint, flat.Table().Int16(0, 1).End()),
            DataKind.Double => (ArrowKind.FloatingPoint, flat.Table().Int16(0, 2).End()),
            DataKind.Decimal => (ArrowKind.Decimal, flat.Table().Int32(0, type.Precision).Int32(1, type.Scale).Int32(2, 128).End()),
            DataKind.Date => (ArrowKind.Date, flat.Table().Int16(0, 0).End()),
            DataKind.Time => (ArrowKind.Time, flat.Table().Int32(1, unit == 1 ? 32 : 64).Int16(0, unit).End()),
            DataKind.Timestamp => (ArrowKind.Timestamp, (zone == 0 ? flat.Table() : flat.Table().Refer(1, zone)).Int16(0, unit).End()),
            DataKind.Duration => (ArrowKind.Duration, flat.Table().Int16(0, unit).End()),
            DataKind.Binary => (ArrowKind.Binary, flat.Table().End()),
            DataKind.String => (ArrowKind.Utf8, flat.Table().End()),
            DataKind.List => (ArrowKind.List, flat.Table().End()),
            DataKind.Struct => (ArrowKind.Struct, flat.Table().End()),
            _ => throw new NotSupportedException($"Arrow has no type for {type}."),
        };
    }

    static int Integer(FlatBuilder flat, int bits, bool isSigned) => flat.Table().Int32(0, bits).Flag(1, isSigned).End();
}
