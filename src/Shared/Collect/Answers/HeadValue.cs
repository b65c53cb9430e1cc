using System.Text;
using System.Text.Json;

namespace DataIngestion.Collect;

/// <summary>A value at a path in a JSON body of which perhaps only the beginning is there.</summary>
/// <param name="Text">A plain value's text; of an array or object its JSON.</param>
/// <param name="Scalars">The plain value, or those that are directly in an array.</param>
/// <param name="IsNothing">Whether it is null, false, 0 or empty.</param>
internal sealed record HeadValue(string Text, IReadOnlyList<string> Scalars, bool IsNothing)
{
    /// <summary>Finds the first value at a path; null where there is none, or the body is no JSON.</summary>
    public static HeadValue? Find(ReadOnlyMemory<byte> head, bool isWhole, string path)
    {
        var bytes = head.Span;
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        var at = new JsonPath(path);
        var reader = new Utf8JsonReader(bytes, isWhole, default);
        try
        {
            while (reader.Read())
            {
                if (at.Follow(ref reader))
                    return Of(ref reader, bytes);
            }
        }
        catch (JsonException)
        {
            // Not JSON, or not further: somebody else says what is wrong with it.
        }

        return null;
    }

    static HeadValue Of(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            var text = Scalar(ref reader);
            return new(text, [text], reader.TokenType is JsonTokenType.Null or JsonTokenType.False || text is "" or "0");
        }

        var (begin, depth, members) = ((int)reader.TokenStartIndex, reader.CurrentDepth, 0);
        List<string> scalars = [];
        var isArray = reader.TokenType is JsonTokenType.StartArray;
        try
        {
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                members++;
                if (isArray && reader.CurrentDepth == depth + 1 && reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)
                    scalars.Add(Scalar(ref reader));
            }
        }
        catch (JsonException)
        {
            // What is there of it is enough.
        }

        return new(Encoding.UTF8.GetString(bytes[begin..(int)reader.BytesConsumed]), scalars, members == 0);
    }

    static string Scalar(ref Utf8JsonReader reader) => reader.TokenType is JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
}
