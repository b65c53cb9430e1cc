using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataIngestion.Contracts;

/// <summary>A queue message that no repetition can make readable; it belongs in the poison queue.</summary>
public sealed class UnreadableMessageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads queue messages, saying what is wrong with those it cannot read.</summary>
public static class MessageReader
{
    /// <summary>Reads a message whose <c>schemaVersion</c> must be the given one.</summary>
    /// <param name="message">The message's text.</param>
    /// <param name="queue">Where it came from, for the error.</param>
    /// <param name="schemaVersion">The version that the caller reads.</param>
    /// <exception cref="UnreadableMessageException">It is not JSON, of another version, or lacks a field.</exception>
    public static T Read<T>(string message, string queue, int schemaVersion)
        where T : class
    {
        try
        {
            if (JsonNode.Parse(message) is not JsonObject document)
                throw new UnreadableMessageException($"A message on '{queue}' is not a JSON object: expected a {typeof(T).Name}.");
            var version = document["schemaVersion"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;
            if (version != schemaVersion)
            {
                throw new UnreadableMessageException(
                    $"A message on '{queue}' has schemaVersion {document["schemaVersion"]?.ToJsonString() ?? "(none)"}: this version reads {schemaVersion}. " +
                    "Deploy the version that reads it, then replay the dead letter.");
            }

            return document.Deserialize<T>(ContractJson.Options)
                ?? throw new UnreadableMessageException($"A message on '{queue}' is null: expected a {typeof(T).Name}.");
        }
        catch (JsonException fault)
        {
            throw new UnreadableMessageException(
                $"A message on '{queue}' is not a {typeof(T).Name}: {fault.Message}", fault);
        }
    }
}
