using System.Buffers.Binary;
using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Protobuf;

/// <summary>Values of fields that are no messages.</summary>
internal static class ProtoScalars
{
    /// <summary>Whether a value of the wire type can be one of the field; of repeated numbers also several in one.</summary>
    public static bool Fits(ProtoField field, WireType type) => type == WireOf(field.Type) || (type == WireType.Bytes && field is { IsRepeated: true, Message: null });

    static WireType WireOf(ProtoType type) => type switch
    {
        ProtoType.Double or ProtoType.Fixed64 or ProtoType.SFixed64 => WireType.Fixed64,
        ProtoType.Float or ProtoType.Fixed32 or ProtoType.SFixed32 => WireType.Fixed32,
        ProtoType.String or ProtoType.Bytes or ProtoType.Message or ProtoType.Group => WireType.Bytes,
        _ => WireType.Varint,
    };

    public static WireValue ReadPacked(ProtoField field, ref DocumentBytes input)
    {
        var type = WireOf(field.Type);
        if (type != WireType.Varint && input.Left < (type == WireType.Fixed64 ? 8 : 4))
            throw new InvalidDataException("packed numbers end within one");
        return new(field.Number, type, type switch
        {
            WireType.Fixed64 => BinaryPrimitives.ReadUInt64LittleEndian(input.Take(8)),
            WireType.Fixed32 => BinaryPrimitives.ReadUInt32LittleEndian(input.Take(4)),
            _ => ProtoWire.Varint(ref input),
        }, 0, 0);
    }

    public static void Write(ProtoField field, WireValue value, ReadOnlySpan<byte> bytes, Utf8Buffer to)
    {
        var number = value.Number;
        switch (field.Type)
        {
            case ProtoType.Double:
                JsonValue.Floating(BitConverter.UInt64BitsToDouble(number), to);
                break;
            case ProtoType.Float:
                JsonValue.Floating(BitConverter.UInt32BitsToSingle((uint)number), to);
                break;
            case ProtoType.Int64 or ProtoType.SFixed64:
                JsonValue.Whole((long)number, to);
                break;
            case ProtoType.Int32 or ProtoType.SFixed32:
                JsonValue.Whole((long)(int)number, to);
                break;
            case ProtoType.UInt64 or ProtoType.Fixed64:
                JsonValue.Whole(number, to);
                break;
            case ProtoType.UInt32 or ProtoType.Fixed32:
                JsonValue.Whole((ulong)(uint)number, to);
                break;
            case ProtoType.SInt32:
                JsonValue.Whole((long)((int)((uint)number >> 1) ^ -(int)(number & 1)), to);
                break;
            case ProtoType.SInt64:
                JsonValue.Whole((long)(number >> 1) ^ -(long)(number & 1), to);
                break;
            case ProtoType.Bool:
                JsonValue.Boolean(number != 0, to);
                break;
            case ProtoType.Enum when field.Enum!.TryGetValue((int)number, out var name):
                JsonValue.Text(name, to);
                break;
            case ProtoType.Enum:
                // A number that has no name is text too, so that the column stays one of names.
                JsonValue.Text(((int)number).ToString(System.Globalization.CultureInfo.InvariantCulture), to);
                break;
            case ProtoType.String:
                JsonValue.Text(bytes.Slice(value.Start, value.Length), to);
                break;
            default:
                JsonValue.Base64(bytes.Slice(value.Start, value.Length), to);
                break;
        }
    }
}
