using System.Buffers;
using System.Text.Json;

namespace DataIngestion.Conversion.Json;

/// <summary>Writes JSON without blanks and with no escape that is not needed: the form in which a nested value becomes text.</summary>
internal sealed class JsonTextWriter(ArrayBufferWriter<byte> target)
{
    readonly ArrayBufferWriter<byte> _decoded = new();
    bool _needsComma;

    /// <summary>Whether a string since the last reset had half of a surrogate pair, which UTF-8 cannot hold.</summary>
    public bool HasLoneSurrogate { get; private set; }

    /// <summary>Begins a new text; what was written stays.</summary>
    public void Reset() => (_needsComma, HasLoneSurrogate) = (false, false);

    /// <summary>Writes one value that was found valid.</summary>
    public void Copy(ReadOnlySpan<byte> text)
    {
        Reset();
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
            Token(ref reader);
    }

    /// <summary>Writes the token that a reader is at.</summary>
    /// <returns>1 where it opens an object or array, -1 where it closes one, otherwise 0.</returns>
    public int Token(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Separate();
                target.Write(reader.TokenType == JsonTokenType.StartArray ? "["u8 : "{"u8);
                _needsComma = false;
                return 1;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                target.Write(reader.TokenType == JsonTokenType.EndArray ? "]"u8 : "}"u8);
                _needsComma = true;
                return -1;
            case JsonTokenType.PropertyName:
                Separate();
                String(ref reader);
                target.Write(":"u8);
                _needsComma = false;
                return 0;
            case JsonTokenType.String:
                Separate();
                String(ref reader);
                return 0;
            default:
                Separate();
                target.Write(reader.ValueSpan);
                return 0;
        }
    }

    void String(ref Utf8JsonReader reader)
    {
        _decoded.ResetWrittenCount();
        HasLoneSurrogate |= !JsonEscapes.TryDecode(reader.ValueSpan, _decoded);
        JsonEscapes.Encode(_decoded.WrittenSpan, target);
    }

    void Separate()
    {
        if (_needsComma)
            target.Write(","u8);
        _needsComma = true;
    }
}
