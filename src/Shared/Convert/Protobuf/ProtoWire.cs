using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Documents;

namespace DataIngestion.Conversion.Protobuf;

/// <summary>How a value lies in a message (protobuf.dev, "Encoding").</summary>
internal enum WireType
{
    Varint,
    Fixed64,
    Bytes,
    GroupStart,
    GroupEnd,
    Fixed32,
}

/// <summary>One value in a message.</summary>
/// <param name="Number">Of a varint or fixed value.</param>
/// <param name="Start">Where the bytes of another begin.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WireValue(int Field, WireType Type, ulong Number, int Start, int Length);

/// <summary>Reads the wire format of one message whose bytes are all at hand.</summary>
internal static class ProtoWire
{
    /// <summary>The next value; false at the end.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static bool TryRead(ref DocumentBytes input, out WireValue value)
    {
        value = default;
        if (input.Left == 0)
            return false;
        var tag = Varint(ref input);
        var field = tag >> 3;
        if (field is 0 or > 0x1FFF_FFFF)
            throw new InvalidDataException($"there is the field number {field}");
        value = Value((int)field, (WireType)(int)(tag & 7), ref input);
        return true;
    }

    static WireValue Value(int field, WireType type, ref DocumentBytes input)
    {
        switch (type)
        {
            case WireType.Varint:
                return new(field, type, Varint(ref input), 0, 0);
            case WireType.Fixed64:
                return new(field, type, BinaryPrimitives.ReadUInt64LittleEndian(Take(8, ref input)), 0, 0);
            case WireType.Fixed32:
                return new(field, type, BinaryPrimitives.ReadUInt32LittleEndian(Take(4, ref input)), 0, 0);
            case WireType.Bytes:
                var length = Varint(ref input);
                var start = input.At;
                Take(length, ref input);
                return new(field, type, 0, start, (int)length);
            case WireType.GroupStart:
                return Group(field, ref input);
            default:
                throw new InvalidDataException(type == WireType.GroupEnd ? $"a group ends that did not begin (field {field})" : $"there is the wire type {(int)type}");
        }
    }

    /// <summary>A group is a message up to its end mark.</summary>
    static WireValue Group(int field, ref DocumentBytes input)
    {
        input.Enter();
        var start = input.At;
        while (true)
        {
            var end = input.At;
            var tag = Varint(ref input);
            if ((WireType)(int)(tag & 7) == WireType.GroupEnd)
            {
                input.Leave();
                return tag >> 3 == (ulong)field ? new(field, WireType.Bytes, 0, start, end - start) : throw new InvalidDataException($"group {field} ends as {tag >> 3}");
            }

            Value((int)Math.Min(tag >> 3, int.MaxValue), (WireType)(int)(tag & 7), ref input);
        }
    }

    public static ulong Varint(ref DocumentBytes input)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Take(1, ref input)[0];
            value |= shift < 64 ? (ulong)(part & 0x7F) << shift : 0;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("a number is longer than ten bytes");
    }

    static ReadOnlySpan<byte> Take(ulong count, ref DocumentBytes input) =>
        count <= (ulong)input.Left ? input.Take((long)count) : throw new InvalidDataException("a value reaches beyond the end of its message");
}
