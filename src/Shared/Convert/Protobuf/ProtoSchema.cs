using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Protobuf;

/// <summary>The types of fields, by their numbers in descriptors.</summary>
internal enum ProtoType
{
    Double = 1,
    Float,
    Int64,
    UInt64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Group,
    Message,
    Bytes,
    UInt32,
    Enum,
    SFixed32,
    SFixed64,
    SInt32,
    SInt64,
}

/// <summary>A message type.</summary>
internal sealed class ProtoMessage(string name)
{
    readonly Dictionary<int, int> _byNumber = [];

    /// <summary>With its package.</summary>
    public string Name => name;

    /// <summary>In the order of the declaration.</summary>
    public List<ProtoField> Fields { get; } = [];

    public int OneOfs { get; set; }

    /// <summary>Whether it is an entry of a map.</summary>
    public bool IsMapEntry { get; set; }

    public void Add(ProtoField field)
    {
        if (_byNumber.TryAdd(field.Number, Fields.Count))
            Fields.Add(field);
    }

    /// <summary>The field's place; -1 where there is none of that number.</summary>
    public int IndexOf(int number) => _byNumber.GetValueOrDefault(number, -1);
}

/// <summary>A field of a message.</summary>
internal sealed class ProtoField
{
    public required string Name { get; init; }

    /// <summary>The name as JSON, with the colon behind it.</summary>
    public byte[] Key => field ??= JsonCell.Name(Name, 1)[1..];

    public required int Number { get; init; }

    public required ProtoType Type { get; init; }

    /// <summary>The name of its message or enum type.</summary>
    public string TypeName { get; init; } = "";

    public bool IsRepeated { get; init; }

    /// <summary>Whether a value that is not there is told from the default; otherwise absence is the default.</summary>
    public bool HasPresence { get; set; }

    /// <summary>Its oneof's place; -1 for none.</summary>
    public int OneOf { get; init; } = -1;

    public ProtoMessage? Message { get; set; }

    /// <summary>Names by number.</summary>
    public IReadOnlyDictionary<int, string>? Enum { get; set; }
}
