using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Protobuf;

/// <summary>Google's well-known types, which mean more than their fields (protobuf.dev, "ProtoJSON Format"). No descriptor is needed for them.</summary>
internal static class WellKnown
{
    public const string Any = Package + "Any";

    const string Package = "google.protobuf.";

    static readonly Dictionary<string, ProtoField> Wrappers = new(StringComparer.Ordinal)
    {
        ["DoubleValue"] = Value(ProtoType.Double),
        ["FloatValue"] = Value(ProtoType.Float),
        ["Int64Value"] = Value(ProtoType.Int64),
        ["UInt64Value"] = Value(ProtoType.UInt64),
        ["Int32Value"] = Value(ProtoType.Int32),
        ["UInt32Value"] = Value(ProtoType.UInt32),
        ["BoolValue"] = Value(ProtoType.Bool),
        ["StringValue"] = Value(ProtoType.String),
        ["BytesValue"] = Value(ProtoType.Bytes),
    };

    static ProtoField Value(ProtoType type) => new() { Name = "value", Number = 1, Type = type };

    public static bool Has(string name) =>
        name.StartsWith(Package, StringComparison.Ordinal)
        && (name[Package.Length..] is "Timestamp" or "Duration" or "Struct" or "Value" or "ListValue" or "FieldMask" or "Any" or "Empty" || Wrappers.ContainsKey(name[Package.Length..]));

    /// <summary>Writes a message of these types; false if it is another.</summary>
    public static bool TryWrite(string name, ReadOnlySpan<byte> bytes, int depth, Utf8Buffer to)
    {
        if (!name.StartsWith(Package, StringComparison.Ordinal))
            return false;
        switch (name[Package.Length..])
        {
            case "Timestamp":
                var (seconds, nanoseconds) = Time(bytes);
                if (nanoseconds is < 0 or > 999_999_999)
                    throw new InvalidDataException($"a timestamp has {nanoseconds} nanoseconds");
                JsonValue.Moment(seconds, nanoseconds, to);
                return true;
            case "Duration":
                Duration(bytes, to);
                return true;
            case "Struct":
                Struct(bytes, depth, to);
                return true;
            case "Value":
                OneValue(bytes, depth, to);
                return true;
            case "ListValue":
                List(bytes, depth, to);
                return true;
            case "FieldMask":
                Mask(bytes, to);
                return true;
            case var wrapper when Wrappers.TryGetValue(wrapper, out var field):
                Wrapped(field, bytes, to);
                return true;
            default:
                return false;
        }
    }

    static void Wrapped(ProtoField field, ReadOnlySpan<byte> bytes, Utf8Buffer to)
    {
        var last = new WireValue(1, WireType.Varint, 0, 0, 0);
        var input = new DocumentBytes(bytes, 1);
        while (ProtoWire.TryRead(ref input, out var value))
        {
            if (value.Field == 1 && ProtoScalars.Fits(field, value.Type))
                last = value;
        }

        ProtoScalars.Write(field, last, bytes, to);
    }

    static (long Seconds, int Nanoseconds) Time(ReadOnlySpan<byte> bytes)
    {
        var (seconds, nanoseconds) = (0L, 0);
        var input = new DocumentBytes(bytes, 1);
        while (ProtoWire.TryRead(ref input, out var value))
        {
            if (value is { Field: 1, Type: WireType.Varint })
                seconds = (long)value.Number;
            else if (value is { Field: 2, Type: WireType.Varint })
                nanoseconds = (int)value.Number;
        }

        return (seconds, nanoseconds);
    }

    /// <summary>ISO 8601 in seconds.</summary>
    static void Duration(ReadOnlySpan<byte> bytes, Utf8Buffer to)
    {
        var (seconds, nanoseconds) = Time(bytes);
        var total = ((Int128)seconds * 1_000_000_000) + nanoseconds;
        var (whole, rest) = Int128.DivRem(Int128.Abs(total), 1_000_000_000);
        JsonValue.Text($"{(total < 0 ? "-" : "")}PT{whole}{(rest == 0 ? "" : $".{(int)rest:000000000}".TrimEnd('0'))}S", to);
    }

    static void Struct(ReadOnlySpan<byte> bytes, int depth, Utf8Buffer to)
    {
        var input = new DocumentBytes(bytes, 1);
        var isFirst = true;
        to.Write((byte)'{');
        while (ProtoWire.TryRead(ref input, out var entry))
        {
            if (entry is not { Field: 1, Type: WireType.Bytes })
                continue;
            if (!isFirst)
                to.Write((byte)',');
            isFirst = false;
            Entry(bytes.Slice(entry.Start, entry.Length), depth, to);
        }

        to.Write((byte)'}');
    }

    static void Entry(ReadOnlySpan<byte> bytes, int depth, Utf8Buffer to)
    {
        ReadOnlySpan<byte> key = default, content = default;
        var input = new DocumentBytes(bytes, 1);
        while (ProtoWire.TryRead(ref input, out var value))
        {
            if (value is { Field: 1, Type: WireType.Bytes })
                key = bytes.Slice(value.Start, value.Length);
            else if (value is { Field: 2, Type: WireType.Bytes })
                content = bytes.Slice(value.Start, value.Length);
        }

        JsonValue.Text(key, to);
        to.Write((byte)':');
        OneValue(content, depth, to);
    }

    static void OneValue(ReadOnlySpan<byte> bytes, int depth, Utf8Buffer to)
    {
        if (depth <= 0)
            throw new InvalidDataException("values are nested too deeply; the limit 'depth' says how deep they may be");
        var last = default(WireValue);
        var input = new DocumentBytes(bytes, 1);
        while (ProtoWire.TryRead(ref input, out var value))
            last = value;
        switch (last)
        {
            case { Field: 2, Type: WireType.Fixed64 }:
                JsonValue.Floating(BitConverter.UInt64BitsToDouble(last.Number), to);
                break;
            case { Field: 3, Type: WireType.Bytes }:
                JsonValue.Text(bytes.Slice(last.Start, last.Length), to);
                break;
            case { Field: 4, Type: WireType.Varint }:
                JsonValue.Boolean(last.Number != 0, to);
                break;
            case { Field: 5, Type: WireType.Bytes }:
                Struct(bytes.Slice(last.Start, last.Length), depth - 1, to);
                break;
            case { Field: 6, Type: WireType.Bytes }:
                List(bytes.Slice(last.Start, last.Length), depth - 1, to);
                break;
            default:
                JsonValue.Null(to);
                break;
        }
    }

    static void List(ReadOnlySpan<byte> bytes, int depth, Utf8Buffer to)
    {
        var input = new DocumentBytes(bytes, 1);
        var isFirst = true;
        to.Write((byte)'[');
        while (ProtoWire.TryRead(ref input, out var value))
        {
            if (value is not { Field: 1, Type: WireType.Bytes })
                continue;
            if (!isFirst)
                to.Write((byte)',');
            isFirst = false;
            OneValue(bytes.Slice(value.Start, value.Length), depth - 1, to);
        }

        to.Write((byte)']');
    }

    static void Mask(ReadOnlySpan<byte> bytes, Utf8Buffer to)
    {
        using var paths = new Utf8Buffer();
        var input = new DocumentBytes(bytes, 1);
        while (ProtoWire.TryRead(ref input, out var value))
        {
            if (value is not { Field: 1, Type: WireType.Bytes })
                continue;
            if (paths.Length > 0)
                paths.Write((byte)',');
            paths.Write(bytes.Slice(value.Start, value.Length));
        }

        JsonValue.Text(paths.Memory.Span, to);
    }
}
