using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace DataIngestion.Connect;

/// <summary>
/// Messages as newline-delimited JSON, one object a message: first what the broker says of it (names beginning with <c>_</c>), then
/// the members of the payload where it is a JSON object. Another JSON payload becomes <c>value</c>, text <c>value</c> as a string, other
/// bytes <c>value_base64</c>, none <c>"value": null</c>. An object with a member named like one of the broker's becomes <c>value</c> as a
/// whole: neither hides the other.
/// </summary>
internal sealed class MessageLines(Stream destination)
{
    const int FlushAt = 256 << 10;

    // A line may be one level deeper than its payload, and has to be readable with the usual limit of 64.
    static readonly JsonReaderOptions Reading = new() { MaxDepth = 63 };

    static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + (64 << 10));
    readonly ArrayBufferWriter<byte> _metadata = new(512);
    Utf8JsonWriter? _writer;

    /// <summary>Media type of what is written.</summary>
    public const string ContentType = "application/x-ndjson";

    /// <summary>Messages added.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes added.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether it is time to call <see cref="FlushAsync"/>.</summary>
    public bool IsFull => _buffer.WrittenCount >= FlushAt;

    /// <summary>Adds a message.</summary>
    /// <param name="state">Handed to <paramref name="metadata"/>.</param>
    /// <param name="metadata">Writes members, their names beginning with <c>_</c>, into an object that is open.</param>
    /// <param name="payload">The payload; <paramref name="isNull"/> tells an absent one from an empty one.</param>
    /// <param name="isNull">Whether there is no payload.</param>
    public void Add<TState>(TState state, Action<Utf8JsonWriter, TState> metadata, ReadOnlySpan<byte> payload, bool isNull = false)
    {
        var before = _buffer.WrittenCount;
        _metadata.ResetWrittenCount();
        _writer ??= new(_metadata, Writing);
        _writer.Reset(_metadata);
        _writer.WriteStartObject();
        metadata(_writer, state);
        var kind = KindOf(isNull ? "null"u8 : payload, out var mayCollide);
        if (mayCollide)
            _writer.Flush();
        if (kind is JsonTokenType.StartObject && !(mayCollide && Collides(payload)))
        {
            _writer.Flush();
            _buffer.Write(_metadata.WrittenSpan);
            var members = Trim(Trim(payload)[1..^1]);
            if (members.Length > 0 && _metadata.WrittenCount > 1)
                _buffer.Write(","u8);
            WriteOnOneLine(members);
            _buffer.Write("}\n"u8);
        }
        else
        {
            WriteValue(kind, payload);
            _writer.WriteEndObject();
            _writer.Flush();
            _buffer.Write(_metadata.WrittenSpan);
            _buffer.Write("\n"u8);
        }

        Records++;
        Bytes += _buffer.WrittenCount - before;
    }

    /// <summary>Writes out what was added; must be called at the end.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await destination.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }

    void WriteValue(JsonTokenType kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case JsonTokenType.Null:
                _writer!.WriteNull("value");
                break;
            case JsonTokenType.None when Utf8.IsValid(payload):
                _writer!.WriteString("value", payload);
                break;
            case JsonTokenType.None:
                _writer!.WriteBase64String("value_base64", payload);
                break;
            default:
                _writer!.WritePropertyName("value");
                _writer.WriteRawValue(OneLine(payload), skipInputValidation: true);
                break;
        }
    }

    // The token that a payload begins with which is JSON; none for everything else. The reader lets bytes in strings pass that are no UTF-8.
    static JsonTokenType KindOf(ReadOnlySpan<byte> payload, out bool mayCollide)
    {
        mayCollide = false;
        if (payload.IsEmpty)
            return JsonTokenType.None;
        var reader = new Utf8JsonReader(payload, Reading);
        try
        {
            if (!reader.Read())
                return JsonTokenType.None;
            var kind = reader.TokenType;
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType is JsonTokenType.PropertyName && (reader.ValueSpan is [(byte)'_', ..] || reader.ValueIsEscaped))
                    mayCollide = true;
            }

            return Utf8.IsValid(payload) ? kind : JsonTokenType.None;
        }
        catch (JsonException)
        {
            mayCollide = false;
            return JsonTokenType.None;
        }
    }

    // Whether the payload has a member of the metadata that was written so far.
    bool Collides(ReadOnlySpan<byte> payload)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader([.. _metadata.WrittenSpan, (byte)'}'], Reading);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType is JsonTokenType.PropertyName)
                names.Add(reader.GetString()!);
        }

        reader = new Utf8JsonReader(payload, Reading);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType is JsonTokenType.PropertyName && NameOf(ref reader) is { } name && names.Contains(name))
                return true;
        }

        return false;
    }

    // Half a surrogate pair is no name of ours.
    static string? NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // Line breaks of JSON stand between its tokens only: inside strings they are escaped. A space does as well.
    static void OnOneLine(Span<byte> json)
    {
        json.Replace((byte)'\n', (byte)' ');
        json.Replace((byte)'\r', (byte)' ');
    }

    static byte[] OneLine(ReadOnlySpan<byte> json)
    {
        var line = Trim(json).ToArray();
        OnOneLine(line);
        return line;
    }

    void WriteOnOneLine(ReadOnlySpan<byte> json)
    {
        var at = _buffer.GetSpan(json.Length)[..json.Length];
        json.CopyTo(at);
        OnOneLine(at);
        _buffer.Advance(json.Length);
    }

    static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);
}
