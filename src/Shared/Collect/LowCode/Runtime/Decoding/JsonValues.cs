using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataIngestion.Collect;

/// <summary>JSON as values of templates, and back. Numbers keep their digits as far as a decimal holds them: prices are not rounded on the way.</summary>
internal static class JsonValues
{
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 128 };

    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static object? Read(Stream json)
    {
        using var document = JsonDocument.Parse(json, Lenient);
        return Of(document.RootElement);
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static object? Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Lenient);
        return Of(document.RootElement);
    }

    /// <summary>An element as a value.</summary>
    public static object? Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new LowCodeMap();
                foreach (var property in element.EnumerateObject())
                    map[property.Name] = Of(property.Value); // of a name that stands twice the last counts
                return map;
            case JsonValueKind.Array:
                var list = new List<object?>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                    list.Add(Of(item));
                return list;
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return NumberOf(element.GetRawText());
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }

    /// <summary>A value as JSON text.</summary>
    public static string Write(object? value)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Plain))
            Write(writer, value);
        return System.Text.Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length);
    }

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case long number: writer.WriteNumberValue(number); break;
            case BigInteger number: writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture), skipInputValidation: true); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case double: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case LowCodeMap map:
                writer.WriteStartObject();
                foreach (var (name, entry) in map)
                {
                    writer.WritePropertyName(MapKey.Value(name) is string text ? text : PythonText.Str(MapKey.Value(name)));
                    Write(writer, entry);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable<object?> list:
                writer.WriteStartArray();
                foreach (var item in list)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default: writer.WriteStringValue(PythonText.Str(value)); break;
        }
    }

    /// <summary>A copy that shares nothing which can be changed.</summary>
    public static object? Copy(object? value) => value switch
    {
        LowCodeMap map => new LowCodeMap(map.Select(entry => KeyValuePair.Create(entry.Key, Copy(entry.Value)))),
        List<object?> list => list.ConvertAll(Copy),
        _ => value,
    };

    static object NumberOf(string text)
    {
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : BigInteger.Parse(text, CultureInfo.InvariantCulture);
        var digits = text.Count(char.IsAsciiDigit);
        return digits <= 28 && text.AsSpan().IndexOfAny('e', 'E') < 0 ? decimal.Parse(text, CultureInfo.InvariantCulture) : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
