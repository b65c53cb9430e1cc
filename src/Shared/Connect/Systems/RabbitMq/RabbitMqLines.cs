using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RabbitMQ.Client;

namespace DataIngestion.Connect;

/// <summary>Writes what the broker and the publisher say of a message.</summary>
internal static class RabbitMqLines
{
    public static void WriteMetadata(Utf8JsonWriter json, Delivery delivery)
    {
        var properties = delivery.Properties;
        if (delivery.Offset is { } offset)
            json.WriteNumber("_offset", offset);
        json.WriteString("_exchange", delivery.Exchange);
        json.WriteString("_routing_key", delivery.RoutingKey);
        if (properties.MessageId is { } id)
            json.WriteString("_message_id", id);
        if (properties.IsTimestampPresent() && properties.Timestamp.UnixTime is >= 0 and <= 253_402_300_799)
            json.WriteString("_time", DateTimeOffset.FromUnixTimeSeconds(properties.Timestamp.UnixTime).UtcDateTime);
        if (properties.CorrelationId is { } correlation)
            json.WriteString("_correlation_id", correlation);
        if (properties.Type is { } type)
            json.WriteString("_type", type);
        if (properties.ContentType is { } contentType)
            json.WriteString("_content_type", contentType);
        if (properties.AppId is { } app)
            json.WriteString("_app_id", app);
        WriteHeaders(json, properties.Headers);
    }

    static void WriteHeaders(Utf8JsonWriter json, IDictionary<string, object?>? headers)
    {
        if (headers is null)
            return;
        var any = false;
        foreach (var (name, value) in headers)
        {
            if (name is "x-stream-offset" or "x-delivery-count" or "x-acquired-count")
                continue; // the first has a name of its own, the others differ with every delivery
            if (!any)
                json.WriteStartObject("_headers");
            any = true;
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        if (any)
            json.WriteEndObject();
    }

    static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case byte[] text when Utf8.IsValid(text):
                json.WriteStringValue(text);
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case double number when !double.IsFinite(number):
            case float single when !float.IsFinite(single):
                json.WriteNullValue();
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case float number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case AmqpTimestamp time when time.UnixTime is >= 0 and <= 253_402_300_799:
                json.WriteStringValue(DateTimeOffset.FromUnixTimeSeconds(time.UnixTime).UtcDateTime);
                break;
            case IDictionary<string, object?> members:
                json.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    json.WritePropertyName(name);
                    WriteValue(json, member);
                }

                json.WriteEndObject();
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items)
                    WriteValue(json, item);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
