using System.Text.Json;

namespace DataIngestion.Conversion.Json;

/// <summary>Takes the tokens of one JSON text.</summary>
internal interface IJsonHandler
{
    /// <summary>Bytes from here on must stay in the buffer; null if none need to.</summary>
    long? KeepFrom { get; }

    void Token(ref Utf8JsonReader reader, JsonWindow window);

    /// <summary>Whether the handler needs no more of the text, which is then not read to its end.</summary>
    bool IsDone => false;

    /// <summary>The text is complete and was JSON.</summary>
    void Complete(JsonWindow window);
}

/// <summary>Pushes the tokens of a stream through a handler, with a buffer that grows only for a large token or record.</summary>
internal sealed class JsonPump(ConversionLimits limits, int bufferBytes = 256 << 10)
{
    public async Task RunAsync(Stream content, IJsonHandler handler, Func<CancellationToken, ValueTask> pump, CancellationToken cancellationToken)
    {
        var window = new JsonWindow { Buffer = new byte[Math.Max(16, bufferBytes)] };
        var state = new JsonReaderState(new() { MaxDepth = limits.MaxDepth });
        var (length, at) = (0, 0);
        for (var final = false; !final && !handler.IsDone;)
        {
            var read = await content.ReadAsync(window.Buffer.AsMemory(length), cancellationToken);
            final = read == 0;
            length += read;
            at += Push(window, at, length, final, handler, ref state);
            if (final)
                handler.Complete(window);
            var keep = (int)Math.Min(at, (handler.KeepFrom ?? long.MaxValue) - window.Offset);
            window.LineAt(window.Offset + keep);
            window.Buffer.AsSpan(keep, length - keep).CopyTo(window.Buffer);
            (window.Offset, length, at) = (window.Offset + keep, length - keep, at - keep);
            if (length == window.Buffer.Length)
                Grow(window);
            await pump(cancellationToken);
        }
    }

    void Grow(JsonWindow window)
    {
        if (window.Buffer.Length >= limits.MaxRecordBytes)
            throw new ConversionException($"A record or value is larger than {limits.MaxRecordBytes} bytes.", window.LineAt(window.Offset));
        var larger = new byte[Math.Min(window.Buffer.Length * 2L, limits.MaxRecordBytes)];
        window.Buffer.CopyTo(larger, 0);
        window.Buffer = larger;
    }

    static int Push(JsonWindow window, int at, int length, bool final, IJsonHandler handler, ref JsonReaderState state)
    {
        window.ReaderOffset = window.Offset + at;
        var reader = new Utf8JsonReader(window.Buffer.AsSpan(at, length - at), final, state);
        try
        {
            while (reader.Read())
                handler.Token(ref reader, window);
        }
        catch (JsonException wrong)
        {
            throw Error(wrong);
        }

        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    static ConversionException Error(JsonException wrong) => new(Message(wrong), (wrong.LineNumber ?? 0) + 1, (wrong.BytePositionInLine ?? 0) + 1, wrong);

    /// <summary>What is wrong, without the place, which is said before it.</summary>
    public static string Message(JsonException wrong)
    {
        var place = wrong.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return "This is not JSON: " + (place < 0 ? wrong.Message : wrong.Message[..place]);
    }
}
