using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Retry;

/// <summary>What a message that could not be handled is about, as far as it can be made out.</summary>
internal static class MessageSubject
{
    /// <summary>The run and source that a message names; nulls when it is not JSON or names none.</summary>
    public static (string? Run, string? Source) Of(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty("run", out var run)
                && run.ValueKind is JsonValueKind.String
                && RunId.TryParse(run.GetString(), out var source, out _))
            {
                return (run.GetString(), source);
            }
        }
        catch (JsonException)
        {
            // Not JSON: it is kept as bytes.
        }
        catch (InvalidOperationException)
        {
            // A string that is not UTF-8.
        }

        return (null, null);
    }
}
