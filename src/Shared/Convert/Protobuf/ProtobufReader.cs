using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Protobuf;

/// <summary>
/// Writes messages as JSON by their descriptors: fields in the order of the declaration, by their names there. The last of several values of a
/// field that is not repeated counts, messages of several pieces are merged, of a oneof the last member is kept (protobuf.dev, "Encoding").
/// </summary>
internal sealed class ProtobufReader(ProtoDescriptors descriptors, ProtoMessage message, bool isSingle, ConversionLimits limits) : BinaryDocumentReader
{
    const int MostNotes = 20;

    readonly Dictionary<(string Message, int Field), long> _unknown = [];
    readonly Stack<ProtoFrame> _frames = new();

    public override string Name => "Protobuf";

    public override IReadOnlyList<string> Notes => [.. _unknown.OrderBy(u => (u.Key.Message, u.Key.Field)).Take(MostNotes).Select(u =>
        $"{u.Value} values of field {u.Key.Field} of {u.Key.Message} are left out: the descriptor set does not have it, or has it with another type")];

    public override int Read(ReadOnlySpan<byte> bytes, bool isLast, Utf8Buffer to)
    {
        if (isSingle)
        {
            Message(message, isLast ? bytes : throw new MoreBytesException(), limits.MaxDepth, to);
            return bytes.Length;
        }

        var input = new DocumentBytes(bytes, 1);
        var length = Length(ref input);
        Message(message, input.Take(length), limits.MaxDepth, to);
        return input.At;
    }

    long Length(ref DocumentBytes input)
    {
        ulong length = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = input.Byte();
            length |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return length <= (ulong)limits.MaxRecordBytes ? (long)length : throw new InvalidDataException($"a message claims {length} bytes; the limit 'recordBytes' is {limits.MaxRecordBytes}");
        }

        throw new InvalidDataException("the length of a message is no number of 32 bits");
    }

    void Message(ProtoMessage type, ReadOnlySpan<byte> bytes, int depth, Utf8Buffer to)
    {
        if (depth <= 0)
            throw new InvalidDataException("messages are nested too deeply; the limit 'depth' says how deep they may be");
        if (WellKnown.TryWrite(type.Name, bytes, depth, to))
            return;
        if (type.Name == WellKnown.Any)
        {
            Any(bytes, depth, to);
            return;
        }

        to.Write((byte)'{');
        Fields(type, bytes, depth, isFirst: true, to);
        to.Write((byte)'}');
    }

    void Fields(ProtoMessage type, ReadOnlySpan<byte> bytes, int depth, bool isFirst, Utf8Buffer to)
    {
        var frame = _frames.TryPop(out var used) ? used : new();
        frame.Begin(type);
        var input = new DocumentBytes(bytes, limits.MaxDepth);
        while (ProtoWire.TryRead(ref input, out var value))
        {
            if (type.IndexOf(value.Field) is >= 0 and var field && ProtoScalars.Fits(type.Fields[field], value.Type))
                frame.Add(field, type.Fields[field].OneOf, value);
            else
                _unknown[(type.Name, value.Field)] = _unknown.GetValueOrDefault((type.Name, value.Field)) + 1;
            if (_unknown.Count > 10_000)
                throw new InvalidDataException("it has thousands of fields that its descriptors do not: it is another message");
        }

        for (var i = 0; i < type.Fields.Count; i++)
        {
            var field = type.Fields[i];
            if (!field.IsRepeated && field.HasPresence && !frame.Has(i, field.OneOf))
                continue;
            if (!isFirst)
                to.Write((byte)',');
            isFirst = false;
            to.Write(field.Key);
            Field(field, i, frame, bytes, depth, to);
        }

        _frames.Push(frame);
    }

    void Field(ProtoField field, int index, ProtoFrame frame, ReadOnlySpan<byte> bytes, int depth, Utf8Buffer to)
    {
        if (field.IsRepeated)
        {
            var isFirst = true;
            to.Write((byte)'[');
            for (var at = frame.First(index); at >= 0; at = frame.Next(at))
                Repeated(field, frame[at], bytes, depth, ref isFirst, to);
            to.Write((byte)']');
        }
        else if (field.Message is { } type)
        {
            Message(type, frame.Merged(index, bytes), depth - 1, to);
        }
        else if (frame.Has(index, field.OneOf))
        {
            ProtoScalars.Write(field, frame[frame.Last(index)], bytes, to);
        }
        else
        {
            ProtoScalars.Write(field, new(field.Number, WireType.Varint, 0, 0, 0), bytes, to);
        }
    }

    void Repeated(ProtoField field, WireValue value, ReadOnlySpan<byte> bytes, int depth, ref bool isFirst, Utf8Buffer to)
    {
        if (field.Message is null && value.Type == WireType.Bytes && field.Type is not (ProtoType.String or ProtoType.Bytes))
        {
            var packed = new DocumentBytes(bytes.Slice(value.Start, value.Length), 1);
            while (packed.Left > 0)
            {
                Comma(ref isFirst, to);
                ProtoScalars.Write(field, ProtoScalars.ReadPacked(field, ref packed), bytes, to);
            }

            return;
        }

        Comma(ref isFirst, to);
        if (field.Message is { } type)
            Message(type, bytes.Slice(value.Start, value.Length), depth - 1, to);
        else
            ProtoScalars.Write(field, value, bytes, to);
    }

    static void Comma(ref bool isFirst, Utf8Buffer to)
    {
        if (!isFirst)
            to.Write((byte)',');
        isFirst = false;
    }

    /// <summary>Any message, by the type that it names where the descriptor set has it.</summary>
    void Any(ReadOnlySpan<byte> bytes, int depth, Utf8Buffer to)
    {
        var input = new DocumentBytes(bytes, 1);
        ReadOnlySpan<byte> url = default, content = default;
        while (ProtoWire.TryRead(ref input, out var value))
        {
            if (value is { Field: 1, Type: WireType.Bytes })
                url = bytes.Slice(value.Start, value.Length);
            else if (value is { Field: 2, Type: WireType.Bytes })
                content = bytes.Slice(value.Start, value.Length);
        }

        to.Write("{\"@type\":"u8);
        JsonValue.Text(url, to);
        var known = descriptors.Find(System.Text.Encoding.UTF8.GetString(url[(url.LastIndexOf((byte)'/') + 1)..]));
        if (known is not null && !WellKnown.Has(known.Name))
        {
            Fields(known, content, depth - 1, isFirst: false, to);
        }
        else
        {
            to.Write(",\"value\":"u8);
            if (known is not null)
                Message(known, content, depth - 1, to);
            else
                JsonValue.Base64(content, to);
        }

        to.Write((byte)'}');
    }
}
