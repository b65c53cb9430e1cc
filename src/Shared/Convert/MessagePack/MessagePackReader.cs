using System.Buffers.Binary;
using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.MessagePack;

/// <summary>Reads the MessagePack specification (github.com/msgpack/msgpack, spec.md of 2017: with str, bin, ext and the timestamp).</summary>
internal sealed class MessagePackReader(int maxDepth) : BinaryDocumentReader
{
    const sbyte Timestamp = -1;

    long _elements;

    public override string Name => "MessagePack";

    public override int Read(ReadOnlySpan<byte> bytes, bool isLast, Utf8Buffer to)
    {
        var input = new DocumentBytes(bytes, maxDepth);
        if (_elements > 0)
        {
            Value(ref input, to);
            _elements--;
        }
        else if (RecordsIn(ref input) is > 0 and var elements)
        {
            _elements = elements;
        }
        else
        {
            input = new(bytes, maxDepth);
            Value(ref input, to);
        }

        return input.At;
    }

    public override void End()
    {
        if (_elements > 0)
            throw new InvalidDataException($"{_elements} elements of the array around the records are missing");
    }

    /// <summary>How many records an array at the top holds; 0 where it is none: an array of maps is one, another is a record itself.</summary>
    static long RecordsIn(ref DocumentBytes input)
    {
        var head = input.Byte();
        long count = head switch
        {
            >= 0x90 and <= 0x9F => head & 0x0F,
            0xDC => BinaryPrimitives.ReadUInt16BigEndian(input.Take(2)),
            0xDD => BinaryPrimitives.ReadUInt32BigEndian(input.Take(4)),
            _ => 0,
        };
        return count > 0 && input.Peek() is >= 0x80 and <= 0x8F or 0xDE or 0xDF ? count : 0;
    }

    static void Value(ref DocumentBytes input, Utf8Buffer to)
    {
        var head = input.Byte();
        switch (head)
        {
            case <= 0x7F:
                JsonValue.Whole((long)head, to);
                break;
            case <= 0x8F:
                Map(head & 0x0F, ref input, to);
                break;
            case <= 0x9F:
                Array(head & 0x0F, ref input, to);
                break;
            case <= 0xBF:
                JsonValue.Text(input.Take(head & 0x1F), to);
                break;
            case >= 0xE0:
                JsonValue.Whole((long)(sbyte)head, to);
                break;
            case 0xC0:
                JsonValue.Null(to);
                break;
            case 0xC2 or 0xC3:
                JsonValue.Boolean(head == 0xC3, to);
                break;
            case 0xC4 or 0xC5 or 0xC6:
                JsonValue.Base64(input.Take(Length(head - 0xC4, ref input)), to);
                break;
            case 0xC7 or 0xC8 or 0xC9:
                Extension(Length(head - 0xC7, ref input), ref input, to);
                break;
            case 0xCA:
                JsonValue.Floating(BinaryPrimitives.ReadSingleBigEndian(input.Take(4)), to);
                break;
            case 0xCB:
                JsonValue.Floating(BinaryPrimitives.ReadDoubleBigEndian(input.Take(8)), to);
                break;
            case 0xCC or 0xCD or 0xCE:
                JsonValue.Whole(Length(head - 0xCC, ref input), to);
                break;
            case 0xCF:
                JsonValue.Whole(BinaryPrimitives.ReadUInt64BigEndian(input.Take(8)), to);
                break;
            case 0xD0:
                JsonValue.Whole((long)(sbyte)input.Byte(), to);
                break;
            case 0xD1:
                JsonValue.Whole((long)BinaryPrimitives.ReadInt16BigEndian(input.Take(2)), to);
                break;
            case 0xD2:
                JsonValue.Whole((long)BinaryPrimitives.ReadInt32BigEndian(input.Take(4)), to);
                break;
            case 0xD3:
                JsonValue.Whole(BinaryPrimitives.ReadInt64BigEndian(input.Take(8)), to);
                break;
            case >= 0xD4 and <= 0xD8:
                Extension(1 << (head - 0xD4), ref input, to);
                break;
            case 0xD9 or 0xDA or 0xDB:
                JsonValue.Text(input.Take(Length(head - 0xD9, ref input)), to);
                break;
            case 0xDC or 0xDD:
                Array(Length(head - 0xDC + 1, ref input), ref input, to);
                break;
            case 0xDE or 0xDF:
                Map(Length(head - 0xDE + 1, ref input), ref input, to);
                break;
            default:
                throw new InvalidDataException("there is the byte C1, which MessagePack does not use");
        }
    }

    /// <param name="width">0, 1 or 2 for 8, 16 or 32 bits.</param>
    static long Length(int width, ref DocumentBytes input) => width switch
    {
        0 => input.Byte(),
        1 => BinaryPrimitives.ReadUInt16BigEndian(input.Take(2)),
        _ => BinaryPrimitives.ReadUInt32BigEndian(input.Take(4)),
    };

    static void Array(long count, ref DocumentBytes input, Utf8Buffer to)
    {
        input.Enter();
        to.Write((byte)'[');
        for (var i = 0L; i < count; i++)
        {
            if (i > 0)
                to.Write((byte)',');
            Value(ref input, to);
        }

        to.Write((byte)']');
        input.Leave();
    }

    static void Map(long count, ref DocumentBytes input, Utf8Buffer to)
    {
        input.Enter();
        to.Write((byte)'{');
        for (var i = 0L; i < count; i++)
        {
            if (i > 0)
                to.Write((byte)',');
            Key(ref input, to);
            to.Write((byte)':');
            Value(ref input, to);
        }

        to.Write((byte)'}');
        input.Leave();
    }

    static void Key(ref DocumentBytes input, Utf8Buffer to)
    {
        if (input.Peek() is (>= 0xA0 and <= 0xBF) or 0xD9 or 0xDA or 0xDB)
        {
            Value(ref input, to);
            return;
        }

        using var key = new Utf8Buffer();
        Value(ref input, key);
        JsonValue.Key(key.Memory.Span, to);
    }

    static void Extension(long length, ref DocumentBytes input, Utf8Buffer to)
    {
        var type = (sbyte)input.Byte();
        var data = input.Take(length);
        if (type == Timestamp && data.Length is 4 or 8 or 12)
        {
            Moment(data, to);
            return;
        }

        to.Write("{\"ext\":"u8);
        JsonValue.Whole((long)type, to);
        to.Write(",\"data\":"u8);
        JsonValue.Base64(data, to);
        to.Write((byte)'}');
    }

    static void Moment(ReadOnlySpan<byte> data, Utf8Buffer to)
    {
        var (seconds, nanoseconds) = data.Length switch
        {
            4 => (BinaryPrimitives.ReadUInt32BigEndian(data), 0u),
            8 when BinaryPrimitives.ReadUInt64BigEndian(data) is var both => ((long)(both & 0x3_FFFF_FFFF), (uint)(both >> 34)),
            _ => (BinaryPrimitives.ReadInt64BigEndian(data[4..]), BinaryPrimitives.ReadUInt32BigEndian(data)),
        };
        if (nanoseconds > 999_999_999)
            throw new InvalidDataException($"a timestamp has {nanoseconds} nanoseconds");
        JsonValue.Moment(seconds, (int)nanoseconds, to);
    }
}
