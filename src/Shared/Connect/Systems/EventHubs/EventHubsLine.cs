using System.Collections;
using System.Text.Json;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace DataIngestion.Connect;

/// <summary>An event as a line: what the service says of it, then its body. Values of AMQP become JSON.</summary>
internal sealed record EventHubsLine(string Hub, string Partition, Message Message)
{
    static readonly Symbol SequenceNumber = new("x-opt-sequence-number");
    static readonly Symbol Offset = new("x-opt-offset");
    static readonly Symbol EnqueuedTime = new("x-opt-enqueued-time");
    static readonly Symbol PartitionKey = new("x-opt-partition-key");

    /// <summary>Number of the event in its partition; null when the service gave none.</summary>
    public static long? SequenceOf(Message message) => message.MessageAnnotations?[SequenceNumber] is { } number ? Convert.ToInt64(number) : null;

    /// <summary>When it arrived.</summary>
    public static DateTime? TimeOf(Message message) => message.MessageAnnotations?[EnqueuedTime] is DateTime time ? time.ToUniversalTime() : null;

    /// <summary>Adds an event.</summary>
    public static void Add(MessageLines lines, EventHubsLine line)
    {
        switch (line.Message.BodySection)
        {
            case Data data:
                lines.Add(line, Describe, data.Binary);
                break;
            case DataList list:
                lines.Add(line, Describe, Enumerable.Range(0, list.Count).SelectMany(i => list[i].Binary).ToArray());
                break;
            case AmqpValue value:
                AddValue(lines, line, value.Value);
                break;
            case AmqpSequence sequence:
                AddValue(lines, line, sequence.List);
                break;
            default:
                lines.Add(line, Describe, [], isNull: true);
                break;
        }
    }

    static void AddValue(MessageLines lines, EventHubsLine line, object? value)
    {
        if (value is byte[] bytes)
        {
            lines.Add(line, Describe, bytes);
            return;
        }

        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
            Write(writer, value);
        lines.Add(line, Describe, json.GetBuffer().AsSpan(0, (int)json.Length));
    }

    static void Describe(Utf8JsonWriter writer, EventHubsLine line)
    {
        var message = line.Message;
        writer.WriteString("_hub"u8, line.Hub);
        writer.WriteString("_partition"u8, line.Partition);
        writer.WritePropertyName("_sequence"u8);
        Write(writer, SequenceOf(message));
        writer.WriteString("_offset"u8, message.MessageAnnotations?[Offset]?.ToString());
        writer.WritePropertyName("_time"u8);
        Write(writer, TimeOf(message));
        writer.WriteString("_key"u8, message.MessageAnnotations?[PartitionKey]?.ToString());
        if (message.Properties is { } properties)
        {
            foreach (var (name, value) in (ReadOnlySpan<(string, object?)>)
                [("_message_id", properties.GetMessageId()), ("_correlation_id", properties.GetCorrelationId()), ("_content_type", properties.ContentType), ("_subject", properties.Subject)])
            {
                if (value is null)
                    continue;
                writer.WritePropertyName(name);
                Write(writer, value);
            }
        }

        if (message.ApplicationProperties is { Map.Count: > 0 } application)
        {
            writer.WritePropertyName("_properties"u8);
            Write(writer, application.Map);
        }
    }

    static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case byte or sbyte or short or ushort or int or uint or long: writer.WriteNumberValue(Convert.ToInt64(value)); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): writer.WriteNumberValue(number); break;
            case DateTime time: writer.WriteStringValue(time.ToUniversalTime()); break;
            case byte[] bytes: writer.WriteBase64StringValue(bytes); break;
            case IDictionary map:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    writer.WritePropertyName(entry.Key.ToString() ?? "");
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default: writer.WriteStringValue(value.ToString()); break;
        }
    }
}
