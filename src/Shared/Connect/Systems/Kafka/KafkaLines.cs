using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using Confluent.Kafka;

namespace DataIngestion.Connect;

/// <summary>
/// Messages of Kafka as lines. A payload in the wire format of schema registries (a zero byte, the schema's number, the data) shows the
/// number as <c>_schema_id</c>; JSON behind it becomes the payload, anything else is kept whole as <c>value_base64</c>.
/// </summary>
internal static class KafkaLines
{
    const int SchemaPrefix = 5;

    /// <summary>Adds a message.</summary>
    public static void Add(MessageLines lines, ConsumeResult<byte[]?, byte[]?> message)
    {
        var payload = message.Message.Value;
        if (payload is [0, _, _, _, _, (byte)'{' or (byte)'[', ..])
            lines.Add(message, Describe, payload.AsSpan(SchemaPrefix));
        else
            lines.Add(message, Describe, payload, payload is null);
    }

    static void Describe(Utf8JsonWriter writer, ConsumeResult<byte[]?, byte[]?> message)
    {
        var content = message.Message;
        writer.WriteString("_topic"u8, message.Topic);
        writer.WriteNumber("_partition"u8, message.Partition.Value);
        writer.WriteNumber("_offset"u8, message.Offset.Value);
        if (content.Timestamp.Type is TimestampType.NotAvailable || Math.Abs(content.Timestamp.UnixTimestampMs) > 253_000_000_000_000)
            writer.WriteNull("_time"u8);
        else
            writer.WriteString("_time"u8, DateTimeOffset.FromUnixTimeMilliseconds(content.Timestamp.UnixTimestampMs).UtcDateTime);
        Write(writer, "_key", content.Key);
        if (content.Headers is { Count: > 0 } headers)
            Write(writer, headers);
        if (content.Value is [0, _, _, _, _, ..] payload)
            writer.WriteNumber("_schema_id"u8, BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(1)));
    }

    // A name may come more than once: then its values are an array.
    static void Write(Utf8JsonWriter writer, Headers headers)
    {
        writer.WriteStartObject("_headers"u8);
        foreach (var group in headers.GroupBy(h => h.Key, h => h.GetValueBytes(), StringComparer.Ordinal))
        {
            var values = group.ToList();
            if (values is [var one])
            {
                Write(writer, group.Key, one);
                continue;
            }

            writer.WriteStartArray(group.Key);
            foreach (var value in values)
            {
                writer.WriteStartObject();
                Write(writer, "value", value);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, string name, byte[]? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else if (Utf8.IsValid(value))
            writer.WriteString(name, value);
        else
            writer.WriteBase64String(name + "_base64", value);
    }
}
