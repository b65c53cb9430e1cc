using System.Text;

namespace DataIngestion.Conversion.Avro;

/// <summary>The Parsing Canonical Form of a schema and its CRC-64-AVRO fingerprint (Avro 1.12, "Parsing Canonical Form for Schemas", "Schema Fingerprints").</summary>
internal static class AvroCanonicalForm
{
    const ulong Empty = 0xC15D213AA4D7A795;

    static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((ulong)i, (f, _) => (f >> 1) ^ (Empty & (0UL - (f & 1)))))];

    public static string Of(AvroSchema schema)
    {
        var text = new StringBuilder();
        Write(schema, new(StringComparer.Ordinal), text);
        return text.ToString();
    }

    /// <summary>By which single objects say their schema.</summary>
    public static ulong Fingerprint(AvroSchema schema)
    {
        var fingerprint = Empty;
        foreach (var value in Encoding.UTF8.GetBytes(Of(schema)))
            fingerprint = (fingerprint >> 8) ^ Table[(byte)(fingerprint ^ value)];
        return fingerprint;
    }

    static void Write(AvroSchema schema, HashSet<string> written, StringBuilder text)
    {
        switch (schema.Kind)
        {
            case AvroKind.Union:
                List('[', schema.Branches, ']', text, b => Write(b, written, text));
                break;
            case AvroKind.Array:
            case AvroKind.Map:
                text.Append(schema.Kind == AvroKind.Array ? """{"type":"array","items":""" : """{"type":"map","values":""");
                Write(schema.Element!, written, text);
                text.Append('}');
                break;
            case AvroKind.Record or AvroKind.Enum or AvroKind.Fixed when !written.Add(schema.Name):
                Quote(schema.Name, text);
                break;
            case AvroKind.Record or AvroKind.Enum or AvroKind.Fixed:
                WriteNamed(schema, written, text);
                break;
            default:
                Quote(AvroSchema.Word(schema.Kind), text);
                break;
        }
    }

    static void WriteNamed(AvroSchema schema, HashSet<string> written, StringBuilder text)
    {
        text.Append("{\"name\":");
        Quote(schema.Name, text);
        text.Append(",\"type\":\"").Append(AvroSchema.Word(schema.Kind)).Append("\",");
        if (schema.Kind == AvroKind.Fixed)
            text.Append("\"size\":").Append(schema.Size);
        else if (schema.Kind == AvroKind.Enum)
            List("\"symbols\":[", schema.Symbols, ']', text, s => Quote(s, text));
        else
            List("\"fields\":[", schema.Fields, ']', text, f => WriteField(f, written, text));
        text.Append('}');
    }

    static void WriteField(AvroField field, HashSet<string> written, StringBuilder text)
    {
        text.Append("{\"name\":");
        Quote(field.Name, text);
        text.Append(",\"type\":");
        Write(field.Type, written, text);
        text.Append('}');
    }

    static void List<T>(object begin, IReadOnlyList<T> items, char end, StringBuilder text, Action<T> write)
    {
        text.Append(begin);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                text.Append(',');
            write(items[i]);
        }

        text.Append(end);
    }

    static void Quote(string value, StringBuilder text) => text.Append('"').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
}
