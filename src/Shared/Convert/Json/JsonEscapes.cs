using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace DataIngestion.Conversion.Json;

/// <summary>Turns the escapes of JSON strings into UTF-8 and back.</summary>
internal static class JsonEscapes
{
    /// <summary>Appends the text of a string.</summary>
    /// <param name="inside">What stands between the quotes.</param>
    /// <returns>False where an escape is none of JSON's, or half of a surrogate pair, which UTF-8 cannot hold.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> inside, ArrayBufferWriter<byte> target)
    {
        while (true)
        {
            var at = inside.IndexOf((byte)'\\');
            if (at < 0)
            {
                target.Write(inside);
                return true;
            }

            target.Write(inside[..at]);
            inside = inside[at..];
            if (!TryOne(inside, out var rune, out var length))
                return false;
            target.Advance(rune.EncodeToUtf8(target.GetSpan(4)));
            inside = inside[length..];
        }
    }

    /// <summary>The text of a string, name or other token whose escapes are known to be whole.</summary>
    /// <param name="target">Is overwritten if there are any.</param>
    public static ReadOnlySpan<byte> Decode(ref Utf8JsonReader reader, ArrayBufferWriter<byte> target)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        target.ResetWrittenCount();
        return TryDecode(reader.ValueSpan, target) ? target.WrittenSpan : throw new JsonException("A text has half of a surrogate pair.");
    }

    static bool TryOne(ReadOnlySpan<byte> text, out Rune rune, out int length)
    {
        (rune, length) = (default, 2);
        if (text.Length < 2)
            return false;
        if (text[1] != 'u')
        {
            var at = "\"\\/bfnrt"u8.IndexOf(text[1]);
            if (at < 0)
                return false;
            rune = new("\"\\/\b\f\n\r\t"[at]);
            return true;
        }

        if (!TryUnit(text, out var unit))
            return false;
        length = 6;
        if (Rune.TryCreate(unit, out rune))
            return true;
        length = 12;
        return TryUnit(text[6..], out var low) && Rune.TryCreate(unit, low, out rune);
    }

    static bool TryUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < 6 || text[0] != '\\' || text[1] != 'u' || !Utf8Parser.TryParse(text.Slice(2, 4), out ushort value, out var read, 'x') || read != 4)
            return false;
        unit = (char)value;
        return true;
    }

    /// <summary>Appends the text as a string with quotes, escaping only what must be escaped.</summary>
    public static void Encode(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target)
    {
        target.Write("\""u8);
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(MustBeEscaped);
            target.Write(plain < 0 ? text : text[..plain]);
            if (plain < 0)
                break;
            EncodeOne(text[plain], target);
            text = text[(plain + 1)..];
        }

        target.Write("\""u8);
    }

    static readonly SearchValues<byte> MustBeEscaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    static void EncodeOne(byte b, ArrayBufferWriter<byte> target)
    {
        var at = "\"\\\b\f\n\r\t"u8.IndexOf(b);
        if (at >= 0)
        {
            target.Write([(byte)'\\', "\"\\bfnrt"u8[at]]);
            return;
        }

        var hex = "0123456789abcdef"u8;
        target.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', hex[b >> 4], hex[b & 15]]);
    }
}
