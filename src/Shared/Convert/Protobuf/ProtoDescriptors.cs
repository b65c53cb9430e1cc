using System.Text;
using DataIngestion.Conversion.Documents;

namespace DataIngestion.Conversion.Protobuf;

/// <summary>Reads a FileDescriptorSet (descriptor.proto), as <c>protoc --descriptor_set_out --include_imports</c> writes it.</summary>
internal sealed class ProtoDescriptors
{
    const int MaxDepth = 64;
    const int Repeated = 3;

    readonly Dictionary<string, ProtoMessage> _messages = new(StringComparer.Ordinal);
    readonly Dictionary<string, Dictionary<int, string>> _enums = new(StringComparer.Ordinal);
    readonly List<(string Extended, ProtoField Field)> _extensions = [];

    ProtoDescriptors()
    {
    }

    /// <exception cref="InvalidDataException">It is no descriptor set; the message says why.</exception>
    public static ProtoDescriptors Parse(byte[] set)
    {
        var descriptors = new ProtoDescriptors();
        foreach (var (field, file) in Parts(set))
        {
            if (field == 1)
                descriptors.File(file);
        }

        if (descriptors._messages.Count == 0)
            throw new InvalidDataException("The descriptor set holds no messages.");
        descriptors.Resolve();
        return descriptors;
    }

    public ProtoMessage? Find(string name) => _messages.GetValueOrDefault(name.TrimStart('.'));

    /// <summary>The message of that name, or the only one.</summary>
    /// <exception cref="ConversionException">There is none, or several.</exception>
    public ProtoMessage Choose(string? name)
    {
        var names = _messages.Values.Where(m => !m.IsMapEntry && !m.Name.StartsWith("google.protobuf.", StringComparison.Ordinal)).Select(m => m.Name).Order(StringComparer.Ordinal).ToList();
        if (name is null && names.Count == 1)
            return _messages[names[0]];
        if (name is not null && (Find(name) ?? (names.FindAll(n => n.EndsWith("." + name, StringComparison.Ordinal)) is [var only] ? Find(only) : null)) is { } found)
            return found;
        var list = string.Join(", ", names.Take(20)) + (names.Count > 20 ? " …" : "");
        throw new ConversionException(name is null ? $"Say which message the content holds (option 'message'): {list}." : $"The descriptor set has no message '{name}': it has {list}.");
    }

    /// <summary>The fields of a message of descriptors whose values are bytes; others as their number in eight bytes.</summary>
    static List<(int Field, byte[] Value)> Parts(byte[] message)
    {
        var input = new DocumentBytes(message, MaxDepth);
        var parts = new List<(int, byte[])>();
        while (ProtoWire.TryRead(ref input, out var value))
            parts.Add((value.Field, value.Type == WireType.Bytes ? message.AsSpan(value.Start, value.Length).ToArray() : BitConverter.GetBytes(value.Number)));
        return parts;
    }

    static string? Text(List<(int Field, byte[] Value)> parts, int field) => parts.FindLast(p => p.Field == field).Value is { } text ? Encoding.UTF8.GetString(text) : null;

    static int? Number(List<(int Field, byte[] Value)> parts, int field) =>
        parts.FindLast(p => p.Field == field).Value is { Length: 8 } number ? unchecked((int)BitConverter.ToInt64(number)) : null;

    void File(byte[] file)
    {
        var parts = Parts(file);
        var package = Text(parts, 2) is { Length: > 0 } name ? name + "." : "";
        var syntax = Text(parts, 12) ?? "proto2";
        var hasPresence = syntax == "editions" ? FieldPresence(parts, 8, 50) ?? true : syntax != "proto3";
        foreach (var (field, value) in parts)
        {
            if (field == 4)
                Message(value, package, hasPresence, MaxDepth);
            else if (field == 5)
                Enum(value, package);
            else if (field == 7)
                Extension(value, package, hasPresence);
        }
    }

    /// <summary>The feature field_presence of editions, where it is set: IMPLICIT is 2.</summary>
    static bool? FieldPresence(List<(int Field, byte[] Value)> parts, int options, int features) =>
        parts.FindLast(p => p.Field == options).Value is { } set && Parts(set).FindLast(p => p.Field == features).Value is { } chosen && Number(Parts(chosen), 1) is { } presence ? presence != 2 : null;

    void Message(byte[] message, string scope, bool hasPresence, int depth)
    {
        if (depth == 0)
            throw new InvalidDataException("The messages of the descriptor set are nested too deeply.");
        var parts = Parts(message);
        var name = scope + (Text(parts, 1) ?? throw new InvalidDataException("A message of the descriptor set has no name."));
        var type = new ProtoMessage(name) { OneOfs = parts.Count(p => p.Field == 8), IsMapEntry = parts.FindLast(p => p.Field == 7).Value is { } options && Number(Parts(options), 7) == 1 };
        _messages[name] = type;
        foreach (var (field, value) in parts)
        {
            switch (field)
            {
                case 2:
                    // An entry of a map that lacks its key or value has the default.
                    type.Add(Field(Parts(value), hasPresence && !type.IsMapEntry, type.OneOfs));
                    break;
                case 3:
                    Message(value, name + ".", hasPresence, depth - 1);
                    break;
                case 4:
                    Enum(value, name + ".");
                    break;
                case 6:
                    Extension(value, name + ".", hasPresence);
                    break;
            }
        }
    }

    static ProtoField Field(List<(int Field, byte[] Value)> parts, bool hasPresence, int oneOfs, string scope = "")
    {
        var type = (ProtoType)(Number(parts, 5) ?? 0);
        var oneOf = Number(parts, 9) is { } place && place >= 0 && place < oneOfs ? place : -1;
        return new()
        {
            Name = scope.Length == 0 ? Text(parts, 1) ?? "" : $"[{scope}{Text(parts, 1)}]",
            Number = Number(parts, 3) ?? 0,
            Type = type is >= ProtoType.Double and <= ProtoType.SInt64 ? type : throw new InvalidDataException($"The field '{Text(parts, 1)}' of the descriptor set has the type {(int)type}."),
            TypeName = (Text(parts, 6) ?? "").TrimStart('.'),
            IsRepeated = Number(parts, 4) == Repeated,
            OneOf = oneOf,
            HasPresence = type is ProtoType.Message or ProtoType.Group || oneOf >= 0 || (FieldPresence(parts, 8, 21) ?? hasPresence),
        };
    }

    void Extension(byte[] extension, string scope, bool hasPresence)
    {
        var parts = Parts(extension);
        _extensions.Add(((Text(parts, 2) ?? "").TrimStart('.'), Field(parts, hasPresence, 0, scope.Length == 0 ? "." : scope)));
    }

    void Enum(byte[] value, string scope)
    {
        var names = new Dictionary<int, string>();
        var parts = Parts(value);
        foreach (var (field, item) in parts)
        {
            if (field == 2 && Parts(item) is var member)
                names.TryAdd(Number(member, 2) ?? 0, Text(member, 1) ?? "");
        }

        _enums[scope + Text(parts, 1)] = names;
    }

    void Resolve()
    {
        foreach (var (extended, field) in _extensions)
            _messages.GetValueOrDefault(extended)?.Add(field);
        foreach (var field in _messages.Values.SelectMany(m => m.Fields))
        {
            if (field.Type is ProtoType.Message or ProtoType.Group)
                field.Message = _messages.GetValueOrDefault(field.TypeName) ?? (WellKnown.Has(field.TypeName) ? new ProtoMessage(field.TypeName) : throw Missing(field));
            else if (field.Type == ProtoType.Enum)
                field.Enum = _enums.GetValueOrDefault(field.TypeName) ?? throw Missing(field);
        }
    }

    static InvalidDataException Missing(ProtoField field) =>
        new($"The descriptor set lacks {field.TypeName}, the type of '{field.Name}': make it with protoc --include_imports --descriptor_set_out=FILE.");
}
