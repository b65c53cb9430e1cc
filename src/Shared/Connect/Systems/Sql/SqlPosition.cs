using System.Buffers;
using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// Where reading continues: <c>{"cursor":"2026-01-02 00:00:00+00","key":["17"]}</c>, the values of the last row that was read. Without
/// a cursor it has only the key, and counts within its run only.
/// </summary>
internal sealed record SqlPosition(SqlValue? Cursor, IReadOnlyList<SqlValue> Key)
{
    const int MaxLength = 4_000;

    /// <summary>The position's text.</summary>
    /// <exception cref="StepFailedException">Its values are too long to be kept.</exception>
    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (Cursor is { } cursor)
            {
                json.WritePropertyName("cursor");
                Write(json, cursor);
            }

            if (Key.Count > 0)
            {
                json.WriteStartArray("key");
                foreach (var value in Key)
                    Write(json, value);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenCount <= MaxLength ? Encoding.UTF8.GetString(buffer.WrittenSpan) : throw new StepFailedException(new()
        {
            Code = "configuration-invalid",
            Message = $"The values of cursor and key take {buffer.WrittenCount:N0} bytes where {MaxLength:N0} can be kept: name shorter columns in 'key'.",
        });
    }

    /// <summary>Reads a position's text.</summary>
    /// <exception cref="StepFailedException">It is none (<c>cursor-invalid</c>).</exception>
    public static SqlPosition Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return new(
                root.TryGetProperty("cursor", out var cursor) ? Read(cursor) : null,
                root.TryGetProperty("key", out var key) ? [.. key.EnumerateArray().Select(Read)] : []);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new StepFailedException(new() { Code = "cursor-invalid", Message = $"The stored position '{text}' is not one of this system: ask for a full refresh to set it anew." });
        }
    }

    static void Write(Utf8JsonWriter json, SqlValue value)
    {
        if (value.IsNumber)
            json.WriteRawValue(value.Text);
        else
            json.WriteStringValue(value.Text);
    }

    static SqlValue Read(JsonElement element) => element.ValueKind is JsonValueKind.Number ? new(element.GetRawText(), IsNumber: true) : new(element.GetString()!);
}
