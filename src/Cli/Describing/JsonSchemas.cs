using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using DataIngestion.Cli.Sampling;
using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;

namespace DataIngestion.Cli.Describing;

/// <summary>
/// JSON Schemas (draft 7) of the files that people write, for editors: the loader is stricter, and has the last word. Names, types, words, ranges and
/// descriptions are those of the records that the files are bound to.
/// </summary>
internal sealed class JsonSchemas(DocComments docs, ConnectCatalogue catalogue)
{
    // As Duration reads them.
    const string DurationPattern = @"^(-?[0-9]+(\.[0-9]+)?(ms|s|m|h|d)|-?([0-9]+\.)?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?)$";

    /// <summary>All schemas by file name.</summary>
    public IReadOnlyDictionary<string, JsonObject> All() => new SortedDictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        ["source.schema.json"] = Of(typeof(SourceDefinition), "A source: configs/sources/{id}.yaml"),
        ["dataset.schema.json"] = Of(typeof(DatasetDefinition), "A dataset: configs/datasets/{id}.yaml"),
        ["workflow.schema.json"] = Of(typeof(WorkflowDefinition), "A workflow: workflows/{id}.yaml"),
        ["prices.schema.json"] = Of(typeof(PriceList), "A price list: configs/prices.yaml"),
        ["sample.schema.json"] = Of(typeof(SampleDefinition), "A sample of a source: samples/sources/{source}/{dataset}.yaml"),
    };

    JsonObject Of(Type record, string title)
    {
        var definitions = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var root = Record(record, definitions);
        root["$schema"] = "http://json-schema.org/draft-07/schema#";
        root["title"] = title;
        if (record == typeof(SourceDefinition))
            root["allOf"] = new JsonArray([.. catalogue.Systems.Select(system => (JsonNode)ReadOf(system, definitions))]);
        root["definitions"] = new JsonObject(definitions.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return root;
    }

    JsonObject Record(Type record, SortedDictionary<string, JsonObject> definitions)
    {
        var fields = RecordFields.Of(record);
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["description"] = docs.Of(record),
            ["additionalProperties"] = RecordFields.IsOpen(record),
            ["required"] = new JsonArray([.. fields.Where(f => f.Required).Select(f => (JsonNode)f.Name)]),
            ["properties"] = Properties(fields, definitions),
        };
        if (record == typeof(AuthenticationDefinition))
        {
            schema["properties"]!["kind"]!["enum"] = new JsonArray([.. catalogue.Authentications.Select(a => (JsonNode)a.Name), null]);
            schema["properties"]!["template"]!["examples"] = new JsonArray([.. catalogue.Templates.Select(t => (JsonNode)t.Name)]);
            schema["allOf"] = new JsonArray([.. catalogue.Authentications.Select(kind => (JsonNode)Closed("kind", kind.Name, "template", fields, kind.Options, definitions))]);
        }
        else if (record == typeof(ConnectionDefinition))
        {
            schema["properties"]!["system"]!["enum"] = new JsonArray([ConnectionDefinition.Http, .. catalogue.Systems.Select(s => (JsonNode)s.Name)]);
            schema["allOf"] = new JsonArray([.. catalogue.Systems.Select(system => (JsonNode)Closed("system", system.Name, null, fields, system.ConnectionOptions, definitions))]);
        }

        return schema;
    }

    // The options that a kind or system takes, where it is named (and no template stands behind it).
    JsonObject Closed(string member, string name, string? unless, IReadOnlyList<RecordField> fields, Type options, SortedDictionary<string, JsonObject> definitions)
    {
        var condition = Is(member, name);
        if (unless is not null)
            condition["not"] = new JsonObject { ["required"] = new JsonArray(unless) };
        var properties = Options(options, definitions);
        foreach (var field in fields)
            properties[field.Name] = true;
        return new() { ["if"] = condition, ["then"] = new JsonObject { ["properties"] = properties, ["additionalProperties"] = RecordFields.IsOpen(options) } };
    }

    JsonObject ReadOf(SystemEntry system, SortedDictionary<string, JsonObject> definitions)
    {
        var read = Record(typeof(ReadDefinition), definitions);
        foreach (var (name, value) in Options(system.ReadOptions, definitions).ToList())
            read["properties"]![name] = value!.DeepClone();
        read["additionalProperties"] = false;
        definitions[$"read-{system.Name}"] = read;
        return new()
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["connection"] = Is("system", system.Name) }, ["required"] = new JsonArray("connection") },
            ["then"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["datasets"] = new JsonObject { ["items"] = new JsonObject { ["properties"] = new JsonObject { ["read"] = Reference($"read-{system.Name}") } } },
                },
            },
        };
    }

    // Options travel as texts, so that a list of one may be written as its entry.
    JsonObject Options(Type record, SortedDictionary<string, JsonObject> definitions)
    {
        var fields = RecordFields.Of(record);
        var properties = Properties(fields, definitions);
        foreach (var field in fields.Where(f => RecordFields.EntryOf(f.Type, out var isMapping) is not null && !isMapping))
            properties[field.Name] = new JsonObject { ["anyOf"] = new JsonArray(properties[field.Name]!.DeepClone(), Value(RecordFields.EntryOf(field.Type, out _)!, definitions)), ["description"] = properties[field.Name]!["description"]?.DeepClone() };
        return properties;
    }

    static JsonObject Is(string member, string value) =>
        new() { ["properties"] = new JsonObject { [member] = new JsonObject { ["const"] = value } }, ["required"] = new JsonArray(member) };

    JsonObject Properties(IReadOnlyList<RecordField> fields, SortedDictionary<string, JsonObject> definitions)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            var value = Value(field.Type, definitions);
            AddRules(value, field);
            if (field.Nullable)
                value = new() { ["anyOf"] = new JsonArray(value, new JsonObject { ["type"] = "null" }) };
            var schema = value.ContainsKey("$ref") ? new() { ["allOf"] = new JsonArray(value) } : value; // what stands beside a $ref does not count
            if (docs.Of(field.Property) is { Length: > 0 } description)
                schema["description"] = description;
            if (field.Default is { } text)
                schema["default"] = Default(field.Type, text);
            properties[field.Name] = schema;
        }

        return properties;
    }

    JsonObject Value(Type type, SortedDictionary<string, JsonObject> definitions)
    {
        if (RecordFields.EntryOf(type, out var isMapping) is { } entry)
        {
            return isMapping
                ? new() { ["type"] = "object", ["additionalProperties"] = Value(entry, definitions) }
                : new() { ["type"] = "array", ["items"] = Value(entry, definitions) };
        }

        if (!RecordFields.IsRecord(type))
            return Scalar(type);
        if (!definitions.ContainsKey(type.Name))
        {
            definitions[type.Name] = []; // a record may hold itself
            definitions[type.Name] = Record(type, definitions);
        }

        return type.IsDefined(typeof(ShortFormAttribute), inherit: false)
            ? new() { ["anyOf"] = new JsonArray(Reference(type.Name), new JsonObject { ["type"] = "string" }) }
            : Reference(type.Name);
    }

    JsonObject Scalar(Type type) => type switch
    {
        _ when type == typeof(bool) => new() { ["type"] = "boolean" },
        _ when type == typeof(int) || type == typeof(long) => new() { ["type"] = "integer" },
        _ when type == typeof(double) || type == typeof(decimal) => new() { ["type"] = "number" },
        _ when type == typeof(TimeSpan) => new() { ["type"] = "string", ["pattern"] = DurationPattern },
        _ when type == typeof(DateOnly) => new() { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
        _ when type == typeof(TimeOnly) => new() { ["type"] = "string", ["pattern"] = "^[0-9]{2}:[0-9]{2}$" },
        _ when type == typeof(Uri) => new() { ["type"] = "string", ["pattern"] = "^[A-Za-z][A-Za-z0-9+.-]*:" },
        _ when type.IsEnum => new()
        {
            ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(n => (JsonNode)RecordFields.WordOf(n))]),
            ["markdownEnumDescriptions"] = new JsonArray([.. Enum.GetNames(type).Select(n => (JsonNode)docs.Of(type.GetField(n)!))]),
        },
        _ => new() { ["type"] = new JsonArray("string", "number", "boolean") }, // what YAML takes for a number is text where text is expected
    };

    static void AddRules(JsonObject schema, RecordField field)
    {
        if (field.Rule<RangeAttribute>() is { } range && schema["type"] is JsonValue kind && kind.GetValue<string>() is "integer" or "number")
        {
            schema["minimum"] = Number(range.Minimum);
            schema["maximum"] = Number(range.Maximum);
        }

        if (field.Rule<RegularExpressionAttribute>() is { } pattern)
            (schema["type"], schema["pattern"]) = ("string", $"^({pattern.Pattern})$");
        if (field.Rule<MinLengthAttribute>() is { } least)
            schema[RecordFields.EntryOf(field.Type, out var isMapping) is null ? "minLength" : isMapping ? "minProperties" : "minItems"] = least.Length;
        if (field.IsSecret)
            (schema["type"], schema["pattern"]) = ("string", @"^\$\{[^}]+\}$");
    }

    static JsonNode Number(object bound) => bound switch
    {
        int whole => whole,
        double number when number == Math.Floor(number) && Math.Abs(number) < 9e15 => (long)number,
        double number => number,
        _ => decimal.Parse(bound.ToString()!, CultureInfo.InvariantCulture),
    };

    static JsonNode Default(Type type, string text) => type switch
    {
        _ when type == typeof(bool) => text == "true",
        _ when type == typeof(int) || type == typeof(long) => long.Parse(text, CultureInfo.InvariantCulture),
        _ when type == typeof(double) || type == typeof(decimal) => decimal.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };

    static JsonObject Reference(string name) => new() { ["$ref"] = $"#/definitions/{name}" };
}
