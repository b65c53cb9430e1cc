using System.Text.Json;

namespace DataIngestion.Connect;

/// <summary>A condition on a message that is JSON: the value at a path, <c>type=heartbeat</c>; any value, <c>error=*</c>.</summary>
internal sealed class MessageCondition
{
    readonly string[] _path;
    readonly string _value;

    MessageCondition(string[] path, string value) => (_path, _value) = (path, value);

    public static bool IsOne(string text) => text.IndexOf('=', StringComparison.Ordinal) > 0;

    public static string Rule(string text) => $"'{text}' is no condition: expected a path and a value, such as type=heartbeat or error.code=*.";

    public static MessageCondition Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return new(text[..at].Trim().Split('.'), text[(at + 1)..].Trim());
    }

    /// <summary>Whether a message fulfils it.</summary>
    public bool Holds(JsonElement message) =>
        Find(message, _path) is { } found && (_value == "*" ? found.ValueKind is not JsonValueKind.Null : TextOf(found) == _value);

    /// <summary>The value at a path; a number among its names is a place in an array. Null when there is none.</summary>
    public static JsonElement? Find(JsonElement message, string[] path)
    {
        foreach (var name in path)
        {
            if (message.ValueKind is JsonValueKind.Object && message.TryGetProperty(name, out var member))
                message = member;
            else if (message.ValueKind is JsonValueKind.Array && int.TryParse(name, out var place) && place >= 0 && place < message.GetArrayLength())
                message = message[place];
            else
                return null;
        }

        return message;
    }

    static string TextOf(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
