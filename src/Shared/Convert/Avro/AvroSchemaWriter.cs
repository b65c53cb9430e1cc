using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>
/// The Avro schema of columns. What Avro has no type for is stored in one that holds it, and says so in the attribute <c>ingest.type</c>; a column
/// whose name Avro does not allow has another, and its own in <c>ingest.name</c>. Other readers pass over both.
/// </summary>
internal static class AvroSchemaWriter
{
    const int LongestName = 100;

    public static byte[] Write(DataSchema schema)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 }))
            Record(schema, "row", json);
        return output.ToArray();
    }

    static void Record(DataSchema fields, string name, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "record");
        json.WriteString("name", name);
        json.WriteStartArray("fields");
        var names = Names(fields);
        for (var i = 0; i < fields.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", names[i]);
            json.WritePropertyName("type");
            Type(fields[i].Type, fields[i].Nullable, $"{name}_{i + 1}", json);
            if (fields[i].Nullable)
                json.WriteNull("default");
            if (names[i] != fields[i].Name)
                json.WriteString(AvroSchemaParser.ColumnNameAttribute, fields[i].Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Letters, digits and underscores, no digit first, none twice (1.12, "Names").</summary>
    static List<string> Names(DataSchema fields)
    {
        var taken = fields.Select(f => f.Name).Where(IsName).ToHashSet(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var field in fields)
        {
            if (IsName(field.Name))
            {
                names.Add(field.Name);
                continue;
            }

            var plain = string.Concat(field.Name.Take(LongestName).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
            var name = char.IsAsciiDigit(plain[0]) ? "_" + plain : plain;
            for (var i = 2; !taken.Add(name); i++)
                name = $"{plain}_{i}".Insert(0, char.IsAsciiDigit(plain[0]) ? "_" : "");
            names.Add(name);
        }

        return names;
    }

    static bool IsName(string name) => !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    static void Type(DataType type, bool nullable, string name, Utf8JsonWriter json)
    {
        if (!nullable)
        {
            Type(type, name, json);
            return;
        }

        json.WriteStartArray();
        json.WriteStringValue("null");
        Type(type, name, json);
        json.WriteEndArray();
    }

    static void Type(DataType type, string name, Utf8JsonWriter json)
    {
        switch (type.Kind)
        {
            case DataKind.Boolean or DataKind.Int32 or DataKind.Int64 or DataKind.Float or DataKind.Double or DataKind.String or DataKind.Binary:
                json.WriteStringValue(Plain(type.Kind));
                break;
            case DataKind.List:
                json.WriteStartObject();
                json.WriteString("type", "array");
                json.WritePropertyName("items");
                Type(type.Element!, type.ElementNullable, name + "_item", json);
                json.WriteEndObject();
                break;
            case DataKind.Struct:
                Record(type.Fields!, name, json);
                break;
            default:
                json.WriteStartObject();
                Logical(type, json);
                json.WriteEndObject();
                break;
        }
    }

    static string Plain(DataKind kind) => kind switch
    {
        DataKind.Boolean => "boolean",
        DataKind.Int32 => "int",
        DataKind.Int64 => "long",
        DataKind.Float => "float",
        DataKind.Double => "double",
        DataKind.String => "string",
        _ => "bytes",
    };

    static void Logical(DataType type, Utf8JsonWriter json)
    {
        var (stored, logical) = (type.Kind, type.Unit) switch
        {
            (DataKind.Decimal or DataKind.UInt64, _) => ("bytes", "decimal"),
            (DataKind.Date, _) => ("int", "date"),
            (DataKind.Time, TimeUnit.Milliseconds) => ("int", "time-millis"),
            (DataKind.Time, TimeUnit.Microseconds) => ("long", "time-micros"),
            (DataKind.Timestamp, var unit) => ("long", $"{(type.IsUtc ? "" : "local-")}timestamp-{Unit(unit)}"),
            (DataKind.Int8 or DataKind.Int16, _) => ("int", null),
            _ => ("long", null),
        };
        json.WriteString("type", stored);
        if (logical is not null)
            json.WriteString("logicalType", logical);
        if (logical == "decimal")
        {
            json.WriteNumber("precision", type.Kind == DataKind.UInt64 ? 20 : type.Precision);
            json.WriteNumber("scale", type.Scale);
        }

        if (logical is null || type.Kind == DataKind.UInt64)
            json.WriteString(AvroSchemaParser.ColumnTypeAttribute, type.ToString());
    }

    static string Unit(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => "millis", TimeUnit.Microseconds => "micros", _ => "nanos" };
}
