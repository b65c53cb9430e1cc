using System.Buffers;
using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Conversion.Json;

/// <summary>
/// Where the records of a JSON text are if nobody says: the elements of a root array; of a root object the one array of objects, or the one map of
/// objects; otherwise the root itself.
/// </summary>
internal sealed class JsonShapeFinder : IJsonHandler
{
    sealed class Property(string name)
    {
        public string Name { get; } = name;

        public bool IsArray { get; set; }

        public bool IsObject { get; set; }

        public long Objects { get; set; }

        public long Others { get; set; }

        public bool IsRecords => Objects > 0 && Others == 0;
    }

    const int MostProperties = 10_000;
    readonly List<Property> _properties = [];
    readonly ArrayBufferWriter<byte> _decoded = new();
    bool _rootIsArray;

    public long? KeepFrom => null;

    public JsonPath Path
    {
        get
        {
            if (_rootIsArray)
                return JsonPath.Parse("$[*]");
            var arrays = _properties.FindAll(p => p.IsArray && p.IsRecords);
            if (arrays.Count == 1)
                return new(RecordPath.Of(RecordStep.Property(arrays[0].Name), RecordStep.Elements));
            var maps = _properties.FindAll(p => p.IsObject && p.IsRecords);
            var isOne = arrays.Count == 0 && maps.Count == 1 && maps[0].Objects > 1;
            return isOne ? new(RecordPath.Of(RecordStep.Property(maps[0].Name), RecordStep.Entries("key"))) : JsonPath.Root;
        }
    }

    /// <summary>A root array leaves nothing open; whether it is JSON to its end is seen when it is read.</summary>
    public bool IsDone => _rootIsArray;

    public void Complete(JsonWindow window)
    {
    }

    public void Token(ref Utf8JsonReader reader, JsonWindow window)
    {
        var token = reader.TokenType;
        if (reader.CurrentDepth == 0)
        {
            _rootIsArray |= token == JsonTokenType.StartArray;
        }
        else if (_rootIsArray || reader.CurrentDepth > 2)
        {
            return;
        }
        else if (token == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
        {
            if (_properties.Count < MostProperties)
                _properties.Add(new(Name(ref reader)));
        }
        else if (_properties.Count > 0 && token is not (JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            Note(_properties[^1], reader.CurrentDepth, token);
        }
    }

    string Name(ref Utf8JsonReader reader)
    {
        _decoded.ResetWrittenCount();
        // A key with half of a surrogate pair leads to no records; it is refused where it matters.
        return JsonEscapes.TryDecode(reader.ValueSpan, _decoded) ? Encoding.UTF8.GetString(_decoded.WrittenSpan) : "";
    }

    static void Note(Property property, int depth, JsonTokenType token)
    {
        if (depth == 1)
            (property.IsArray, property.IsObject) = (token == JsonTokenType.StartArray, token == JsonTokenType.StartObject);
        else if (token == JsonTokenType.StartObject)
            property.Objects++;
        else
            property.Others++;
    }
}
