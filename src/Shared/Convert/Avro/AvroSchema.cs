using System.Text.Json;

namespace DataIngestion.Conversion.Avro;

/// <summary>The types of Avro 1.12.</summary>
internal enum AvroKind
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Enum,
    Array,
    Map,
    Union,
    Fixed,
}

/// <summary>A schema. A record may hold itself.</summary>
internal sealed class AvroSchema(AvroKind kind)
{
    public AvroKind Kind => kind;

    /// <summary>The full name of a record, enum or fixed; empty for other kinds.</summary>
    public string Name { get; init; } = "";

    /// <summary>Full names by which it was known before.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Of a record.</summary>
    public IReadOnlyList<AvroField> Fields { get; set; } = [];

    /// <summary>Of an enum.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = [];

    /// <summary>The symbol for one that a reader does not know.</summary>
    public string? DefaultSymbol { get; init; }

    /// <summary>What an array holds, and the values of a map.</summary>
    public AvroSchema? Element { get; init; }

    /// <summary>Of a union.</summary>
    public IReadOnlyList<AvroSchema> Branches { get; init; } = [];

    /// <summary>Bytes of a fixed.</summary>
    public int Size { get; init; }

    /// <summary>The logical type, where it is one of the specification that is valid for the kind; null otherwise.</summary>
    public string? Logical { get; init; }

    /// <summary>Digits of a decimal.</summary>
    public int Precision { get; init; }

    /// <summary>Digits of a decimal after the point.</summary>
    public int Scale { get; init; }

    /// <summary>The column type that our own writer says, where Avro has none of its own.</summary>
    public string? ColumnType { get; init; }

    /// <summary>The name without its namespace.</summary>
    public string ShortName => Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>How people know the type.</summary>
    public override string ToString() => Name.Length > 0 ? $"{Word(Kind)} {Name}" : Logical is null ? Word(Kind) : $"{Word(Kind)} ({Logical})";

    public static string Word(AvroKind kind) => kind switch
    {
        AvroKind.Null => "null",
        AvroKind.Boolean => "boolean",
        AvroKind.Int => "int",
        AvroKind.Long => "long",
        AvroKind.Float => "float",
        AvroKind.Double => "double",
        AvroKind.Bytes => "bytes",
        AvroKind.String => "string",
        AvroKind.Record => "record",
        AvroKind.Enum => "enum",
        AvroKind.Array => "array",
        AvroKind.Map => "map",
        AvroKind.Fixed => "fixed",
        _ => "union",
    };
}

/// <summary>A field of a record.</summary>
/// <param name="Default">The value that a reader takes where the writer has none; null where there is no default.</param>
/// <param name="ColumnName">The column's name, where our own writer could not use it as the field's.</param>
internal sealed record AvroField(string Name, AvroSchema Type, JsonElement? Default, IReadOnlyList<string> Aliases, string? ColumnName)
{
    public string Column => ColumnName ?? Name;
}
