using System.Text;
using System.Text.Json;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Avro;

/// <summary>Encodes the default of a field as a writer would have written the value (1.12, "Complex Types", the table of field defaults).</summary>
internal static class AvroDefaults
{
    const int MaxDepth = 64;

    public static byte[] Encode(AvroSchema record, AvroField field)
    {
        if (field.Default is not { } json)
            throw new InvalidDataException($"The reader's schema has a field '{field.Name}' in {record.Name} that the content lacks, and no default for it");
        using var to = new Utf8Buffer();
        if (!TryWrite(json, field.Type, to, MaxDepth))
            throw new InvalidDataException($"The default of '{field.Name}' in {record.Name} is no {field.Type}");
        return to.Memory.ToArray();
    }

    static bool TryWrite(JsonElement json, AvroSchema type, Utf8Buffer to, int depth)
    {
        if (depth == 0)
            return false;
        switch (type.Kind)
        {
            case AvroKind.Null:
                return json.ValueKind == JsonValueKind.Null;
            case AvroKind.Boolean when json.ValueKind is JsonValueKind.True or JsonValueKind.False:
                to.Write(json.GetBoolean() ? (byte)1 : (byte)0);
                return true;
            case AvroKind.Int when json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var number):
                AvroBinary.Long(number, to);
                return true;
            case AvroKind.Long when json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number):
                AvroBinary.Long(number, to);
                return true;
            case AvroKind.Float when Number(json) is { } number:
                AvroBinary.Float((float)number, to);
                return true;
            case AvroKind.Double when Number(json) is { } number:
                AvroBinary.Double(number, to);
                return true;
            case AvroKind.String when json.ValueKind == JsonValueKind.String:
                AvroBinary.Bytes(Encoding.UTF8.GetBytes(json.GetString()!), to);
                return true;
            case AvroKind.Bytes when Latin1(json) is { } bytes:
                AvroBinary.Bytes(bytes, to);
                return true;
            case AvroKind.Fixed when Latin1(json) is { } bytes && bytes.Length == type.Size:
                to.Write(bytes);
                return true;
            case AvroKind.Enum when json.ValueKind == JsonValueKind.String && type.Symbols.ToList().IndexOf(json.GetString()!) is >= 0 and var symbol:
                AvroBinary.Long(symbol, to);
                return true;
            case AvroKind.Array when json.ValueKind == JsonValueKind.Array:
                return TryWriteItems(json, type.Element!, to, depth);
            case AvroKind.Map when json.ValueKind == JsonValueKind.Object:
                return TryWriteEntries(json, type.Element!, to, depth);
            case AvroKind.Record when json.ValueKind == JsonValueKind.Object:
                return type.Fields.All(f => (json.TryGetProperty(f.Name, out var value) ? value : f.Default) is { } given && TryWrite(given, f.Type, to, depth - 1));
            case AvroKind.Union:
                return TryWriteBranch(json, type, to, depth);
            default:
                return false;
        }
    }

    static double? Number(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.String => json.GetString() switch { "NaN" => double.NaN, "Infinity" or "INF" => double.PositiveInfinity, "-Infinity" or "-INF" => double.NegativeInfinity, _ => null },
        _ => null,
    };

    /// <summary>Bytes are a string whose characters are their values.</summary>
    static byte[]? Latin1(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.GetString() is { } text && text.All(c => c <= 0xFF) ? Encoding.Latin1.GetBytes(text) : null;

    static bool TryWriteItems(JsonElement json, AvroSchema element, Utf8Buffer to, int depth)
    {
        if (json.GetArrayLength() > 0)
            AvroBinary.Long(json.GetArrayLength(), to);
        foreach (var item in json.EnumerateArray())
        {
            if (!TryWrite(item, element, to, depth - 1))
                return false;
        }

        to.Write((byte)0);
        return true;
    }

    static bool TryWriteEntries(JsonElement json, AvroSchema value, Utf8Buffer to, int depth)
    {
        var entries = json.EnumerateObject().ToList();
        if (entries.Count > 0)
            AvroBinary.Long(entries.Count, to);
        foreach (var entry in entries)
        {
            AvroBinary.Bytes(Encoding.UTF8.GetBytes(entry.Name), to);
            if (!TryWrite(entry.Value, value, to, depth - 1))
                return false;
        }

        to.Write((byte)0);
        return true;
    }

    /// <summary>The first branch by the specification's older editions, any by the newer ones.</summary>
    static bool TryWriteBranch(JsonElement json, AvroSchema union, Utf8Buffer to, int depth)
    {
        for (var i = 0; i < union.Branches.Count; i++)
        {
            using var value = new Utf8Buffer();
            if (!TryWrite(json, union.Branches[i], value, depth - 1))
                continue;
            AvroBinary.Long(i, to);
            to.Write(value.Memory.Span);
            return true;
        }

        return false;
    }
}
