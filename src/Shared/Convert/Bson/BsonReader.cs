using System.Buffers.Binary;
using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Bson;

/// <summary>Reads BSON 1.1 (bsonspec.org).</summary>
internal sealed class BsonReader(ConversionLimits limits) : BinaryDocumentReader
{
    const uint ArchiveMark = 0x8199E26D;
    const int LeastBytes = 5;

    readonly SortedDictionary<int, long> _subtypes = [];

    public override string Name => "BSON";

    public override IReadOnlyList<string> Notes => [.. _subtypes.Select(s => $"{s.Value} binary values have the subtype {s.Key}, which is left out: they are base64 like the others")];

    public override int Read(ReadOnlySpan<byte> bytes, bool isLast, Utf8Buffer to)
    {
        var input = new DocumentBytes(bytes, limits.MaxDepth);
        if (bytes.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == ArchiveMark)
            throw new InvalidDataException("it is an archive of mongodump --archive, which is not read: dump to a folder, or restore it first");
        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes.Length >= 4 ? bytes : throw new MoreBytesException());
        if (size < LeastBytes || size > limits.MaxRecordBytes)
            throw new InvalidDataException(size < LeastBytes ? $"a document claims {size} bytes" : $"a document claims {size} bytes; the limit 'recordBytes' is {limits.MaxRecordBytes}");
        if (size > bytes.Length)
            throw new MoreBytesException();
        try
        {
            input = new(bytes[..size], limits.MaxDepth);
            Document(isArray: false, ref input, to);
        }
        catch (MoreBytesException end)
        {
            throw new InvalidDataException("a value reaches beyond the end of its document", end);
        }

        return input.At == size ? size : throw new InvalidDataException($"a document of {size} bytes ends after {input.At}");
    }

    void Document(bool isArray, ref DocumentBytes input, Utf8Buffer to)
    {
        input.Enter();
        var begin = input.At;
        var size = BinaryPrimitives.ReadInt32LittleEndian(input.Take(4));
        var isFirst = true;
        to.Write(isArray ? (byte)'[' : (byte)'{');
        for (byte type; (type = input.Byte()) != 0; isFirst = false)
        {
            if (!isFirst)
                to.Write((byte)',');
            var key = Name0(ref input);
            if (!isArray)
            {
                JsonValue.Text(key, to);
                to.Write((byte)':');
            }

            Value(type, ref input, to);
        }

        to.Write(isArray ? (byte)']' : (byte)'}');
        if (input.At - begin != size)
            throw new InvalidDataException($"a document has {input.At - begin} bytes, and claims {size}");
        input.Leave();
    }

    void Value(byte type, ref DocumentBytes input, Utf8Buffer to)
    {
        switch (type)
        {
            case 0x01:
                JsonValue.Floating(BinaryPrimitives.ReadDoubleLittleEndian(input.Take(8)), to);
                break;
            case 0x02 or 0x0D or 0x0E:
                JsonValue.Text(String(ref input), to);
                break;
            case 0x03 or 0x04:
                Document(type == 0x04, ref input, to);
                break;
            case 0x05:
                Binary(ref input, to);
                break;
            case 0x06 or 0x0A:
                JsonValue.Null(to);
                break;
            case 0x07:
                ObjectId(ref input, to);
                break;
            case 0x08:
                JsonValue.Boolean(input.Byte() switch { 0 => false, 1 => true, var other => throw new InvalidDataException($"a boolean is {other}") }, to);
                break;
            case 0x09:
                JsonValue.Moment(BinaryPrimitives.ReadInt64LittleEndian(input.Take(8)), to);
                break;
            case 0x0B:
                Pattern(ref input, to);
                break;
            case 0x0C:
                to.Write("{\"$ref\":"u8);
                JsonValue.Text(String(ref input), to);
                to.Write(",\"$id\":"u8);
                ObjectId(ref input, to);
                to.Write((byte)'}');
                break;
            case 0x0F:
                CodeWithScope(ref input, to);
                break;
            case 0x10:
                JsonValue.Whole((long)BinaryPrimitives.ReadInt32LittleEndian(input.Take(4)), to);
                break;
            case 0x11:
                var (increment, seconds) = (BinaryPrimitives.ReadUInt32LittleEndian(input.Take(4)), BinaryPrimitives.ReadUInt32LittleEndian(input.Take(4)));
                JsonValue.Ascii($$"""{"t":{{seconds}},"i":{{increment}}}""", to);
                break;
            case 0x12:
                JsonValue.Whole(BinaryPrimitives.ReadInt64LittleEndian(input.Take(8)), to);
                break;
            case 0x13:
                Decimal128.Write(BinaryPrimitives.ReadUInt128LittleEndian(input.Take(16)), to);
                break;
            case 0x7F or 0xFF:
                JsonValue.Text(type == 0x7F ? "MaxKey" : "MinKey", to);
                break;
            default:
                throw new InvalidDataException($"there is a value of the type 0x{type:X2}, which BSON does not have");
        }
    }

    /// <summary>Bytes up to a zero.</summary>
    static ReadOnlySpan<byte> Name0(ref DocumentBytes input)
    {
        var rest = input;
        var end = rest.Take(rest.Left).IndexOf((byte)0);
        var name = input.Take(end >= 0 ? end : throw new MoreBytesException());
        input.Byte();
        return name;
    }

    static ReadOnlySpan<byte> String(ref DocumentBytes input)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(input.Take(4));
        if (length < 1)
            throw new InvalidDataException($"a string claims {length} bytes");
        var text = input.Take(length - 1);
        return input.Byte() == 0 ? text : throw new InvalidDataException("a string has no zero at its end");
    }

    static void ObjectId(ref DocumentBytes input, Utf8Buffer to) => JsonValue.Text(System.Convert.ToHexStringLower(input.Take(12)), to);

    void Binary(ref DocumentBytes input, Utf8Buffer to)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(input.Take(4));
        var subtype = input.Byte();
        var bytes = input.Take(length);
        switch (subtype)
        {
            case 4 when length == 16:
                JsonValue.Uuid(bytes, to);
                return;
            case 2 when length >= 4 && BinaryPrimitives.ReadInt32LittleEndian(bytes) == length - 4:
                // An old form that says its length twice.
                JsonValue.Base64(bytes[4..], to);
                return;
            case 0:
                break;
            default:
                _subtypes[subtype] = _subtypes.GetValueOrDefault(subtype) + 1;
                break;
        }

        JsonValue.Base64(bytes, to);
    }

    static void Pattern(ref DocumentBytes input, Utf8Buffer to)
    {
        using var text = new Utf8Buffer();
        text.Write((byte)'/');
        text.Write(Name0(ref input));
        text.Write((byte)'/');
        text.Write(Name0(ref input));
        JsonValue.Text(text.Memory.Span, to);
    }

    void CodeWithScope(ref DocumentBytes input, Utf8Buffer to)
    {
        var begin = input.At;
        var size = BinaryPrimitives.ReadInt32LittleEndian(input.Take(4));
        to.Write("{\"code\":"u8);
        JsonValue.Text(String(ref input), to);
        to.Write(",\"scope\":"u8);
        Document(isArray: false, ref input, to);
        to.Write((byte)'}');
        if (input.At - begin != size)
            throw new InvalidDataException($"code with a scope has {input.At - begin} bytes, and claims {size}");
    }
}
