using System.Text.Json;

namespace DataIngestion.Conversion.Avro;

/// <summary>Reads a schema from its JSON (Avro 1.12, "Schema Declaration"). Names and the rules for them are not checked beyond what reading needs.</summary>
internal sealed class AvroSchemaParser
{
    /// <summary>The attributes by which our writer says what Avro cannot.</summary>
    public const string ColumnTypeAttribute = "ingest.type";
    public const string ColumnNameAttribute = "ingest.name";

    const int MaxDepth = 256;

    readonly Dictionary<string, AvroSchema> _named = new(StringComparer.Ordinal);
    readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);

    /// <summary>Logical types that are not in the specification, or not valid where they stand: their values are read as what is stored.</summary>
    public IReadOnlyCollection<string> Ignored => _ignored;

    /// <exception cref="InvalidDataException">It is no schema; the message says why.</exception>
    public static AvroSchema Parse(ReadOnlyMemory<byte> json) => new AvroSchemaParser().Read(json);

    /// <inheritdoc cref="Parse"/>
    public AvroSchema Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = MaxDepth });
            return Read(document.RootElement.Clone(), "");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The Avro schema is not valid JSON: {wrong.Message}", wrong);
        }
    }

    AvroSchema Read(JsonElement json, string space) => json.ValueKind switch
    {
        JsonValueKind.String => Named(json.GetString()!, space),
        JsonValueKind.Array => Union(json, space),
        JsonValueKind.Object => Declared(json, space),
        _ => throw Wrong($"a type is {json.ValueKind}, expected a name, an object or an array"),
    };

    AvroSchema Named(string name, string space) =>
        Primitive(name) is { } kind ? new(kind)
        : _named.TryGetValue(Full(name, space), out var known) || _named.TryGetValue(name, out known) ? known
        : throw Wrong($"there is no type '{name}'");

    static AvroKind? Primitive(string name) => name switch
    {
        "null" => AvroKind.Null,
        "boolean" => AvroKind.Boolean,
        "int" => AvroKind.Int,
        "long" => AvroKind.Long,
        "float" => AvroKind.Float,
        "double" => AvroKind.Double,
        "bytes" => AvroKind.Bytes,
        "string" => AvroKind.String,
        _ => null,
    };

    AvroSchema Union(JsonElement json, string space)
    {
        var branches = new List<AvroSchema>();
        foreach (var branch in json.EnumerateArray())
            branches.Add(branch.ValueKind == JsonValueKind.Array ? throw Wrong("a union lies directly in another") : Read(branch, space));
        return new(AvroKind.Union) { Branches = branches };
    }

    AvroSchema Declared(JsonElement json, string space)
    {
        if (!json.TryGetProperty("type", out var type))
            throw Wrong("a type has no 'type'");
        if (type.ValueKind != JsonValueKind.String)
            return Read(type, space);
        switch (type.GetString()!)
        {
            case "record" or "error":
                return Record(json, space);
            case "enum":
                return Enum(json, space);
            case "fixed":
                return Fixed(json, space);
            case "array":
                return new(AvroKind.Array) { Element = Read(Required(json, "items"), space) };
            case "map":
                return new(AvroKind.Map) { Element = Read(Required(json, "values"), space) };
            case var name when Primitive(name) is { } kind:
                var (logical, precision, scale) = Logical(json, kind, 0);
                return new(kind) { Logical = logical, Precision = precision, Scale = scale, ColumnType = Text(json, ColumnTypeAttribute) };
            case var name:
                return Named(name, space);
        }
    }

    AvroSchema Record(JsonElement json, string space)
    {
        var (name, inner) = NameOf(json, space);
        var record = Register(new(AvroKind.Record) { Name = name, Aliases = Aliases(json, inner) });
        var fields = new List<AvroField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in Required(json, "fields").EnumerateArray())
        {
            var fieldName = Text(field, "name") ?? throw Wrong($"a field of {name} has no name");
            if (fieldName.Length == 0 || !names.Add(fieldName))
                throw Wrong(fieldName.Length == 0 ? $"a field of {name} has an empty name" : $"{name} has two fields '{fieldName}'");
            var hasDefault = field.TryGetProperty("default", out var value);
            fields.Add(new(fieldName, FieldType(field, inner), hasDefault ? value : null, Texts(field, "aliases"), Text(field, ColumnNameAttribute)));
        }

        record.Fields = fields;
        return record;
    }

    /// <summary>Some writers put the attributes of a field's type beside it: <c>{"name":…,"type":"long","logicalType":…}</c> is not one of them, and is left alone.</summary>
    AvroSchema FieldType(JsonElement field, string space) => Read(Required(field, "type"), space);

    AvroSchema Enum(JsonElement json, string space)
    {
        var (name, inner) = NameOf(json, space);
        return Register(new(AvroKind.Enum) { Name = name, Aliases = Aliases(json, inner), Symbols = Texts(json, "symbols"), DefaultSymbol = Text(json, "default") });
    }

    AvroSchema Fixed(JsonElement json, string space)
    {
        var (name, inner) = NameOf(json, space);
        if (!Required(json, "size").TryGetInt32(out var size) || size < 0)
            throw Wrong($"the size of {name} is no whole number");
        var (logical, precision, scale) = Logical(json, AvroKind.Fixed, size);
        return Register(new(AvroKind.Fixed) { Name = name, Aliases = Aliases(json, inner), Size = size, Logical = logical, Precision = precision, Scale = scale, ColumnType = Text(json, ColumnTypeAttribute) });
    }

    /// <summary>An invalid or unknown logical type is to be ignored (1.12, "Logical Types").</summary>
    (string? Logical, int Precision, int Scale) Logical(JsonElement json, AvroKind kind, int size)
    {
        if (Text(json, "logicalType") is not { } logical)
            return default;
        var (precision, scale) = (Number(json, "precision"), Number(json, "scale") ?? 0);
        var isValid = (logical, kind) switch
        {
            ("decimal", AvroKind.Bytes or AvroKind.Fixed) => precision > 0 && scale >= 0 && scale <= precision && (kind == AvroKind.Bytes || precision <= MostDigits(size)),
            ("uuid", AvroKind.String) => true,
            ("uuid", AvroKind.Fixed) => size == 16,
            ("date" or "time-millis", AvroKind.Int) => true,
            ("time-micros", AvroKind.Long) => true,
            ("timestamp-millis" or "timestamp-micros" or "timestamp-nanos" or "local-timestamp-millis" or "local-timestamp-micros" or "local-timestamp-nanos", AvroKind.Long) => true,
            ("duration", AvroKind.Fixed) => size == 12,
            _ => false,
        };
        if (isValid)
            return (logical, logical == "decimal" ? precision!.Value : 0, logical == "decimal" ? scale : 0);
        _ignored.Add($"{logical} on {AvroSchema.Word(kind)}");
        return default;
    }

    /// <summary>Decimal digits that so many bytes hold with a sign.</summary>
    static int MostDigits(int size) => (int)Math.Floor(Math.Log10(2) * (8.0 * size - 1));

    AvroSchema Register(AvroSchema schema)
    {
        if (!_named.TryAdd(schema.Name, schema))
            throw Wrong($"the type '{schema.Name}' is declared twice");
        return schema;
    }

    static (string Name, string Space) NameOf(JsonElement json, string space)
    {
        var name = Text(json, "name") ?? throw Wrong("a record, enum or fixed has no name");
        if (name.Length == 0)
            throw Wrong("a record, enum or fixed has an empty name");
        var full = name.Contains('.', StringComparison.Ordinal) ? name : Full(name, Text(json, "namespace") ?? space);
        return (full, full[..Math.Max(0, full.LastIndexOf('.'))]);
    }

    static string Full(string name, string space) => name.Contains('.', StringComparison.Ordinal) || space.Length == 0 ? name : $"{space}.{name}";

    static List<string> Aliases(JsonElement json, string space) => [.. Texts(json, "aliases").Select(a => Full(a, space))];

    static JsonElement Required(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : throw Wrong($"a type has no '{name}'");

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static int? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    static List<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().Select(v => v.GetString() ?? "")] : [];

    static InvalidDataException Wrong(string why) => new($"The Avro schema is wrong: {why}.");
}
