namespace DataIngestion.Conversion.Tests.Json;

/// <summary>RFC 8259 read byte by byte, with nothing of the converter's: tells where a text stops being JSON.</summary>
internal static class JsonReference
{
    /// <summary>The place of the first byte that no JSON text has there; the length if the text only ends too early; -1 if it is JSON.</summary>
    public static int FirstFault(ReadOnlySpan<byte> text)
    {
        var open = new Stack<byte>();
        var at = 0;
        for (var state = State.Value; ;)
        {
            while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
                at++;
            if (at == text.Length)
                return state == State.After && open.Count == 0 ? -1 : at;
            var b = text[at];
            if (state == State.After)
            {
                if (open.Count == 0)
                    return at;
                at++;
                if (b == ',')
                    state = open.Peek() == ']' ? State.Value : State.Key;
                else if (b == open.Peek())
                    open.Pop();
                else
                    return at - 1;
            }
            else if (state == State.Colon)
            {
                if (b != ':')
                    return at;
                at++;
                state = State.Value;
            }
            else if ((state == State.FirstKey && b == '}') || (state == State.FirstValue && b == ']'))
            {
                open.Pop();
                at++;
                state = State.After;
            }
            else if (state is State.Key or State.FirstKey)
            {
                if (b != '"' || !Text(text, ref at))
                    return at;
                state = State.Colon;
            }
            else if (b is (byte)'[' or (byte)'{')
            {
                open.Push(b == '[' ? (byte)']' : (byte)'}');
                at++;
                state = b == '[' ? State.FirstValue : State.FirstKey;
            }
            else
            {
                if (!(b == '"' ? Text(text, ref at) : b == '-' || char.IsAsciiDigit((char)b) ? Number(text, ref at) : Word(text, ref at)))
                    return at;
                state = State.After;
            }
        }
    }

    enum State
    {
        Value,
        FirstValue,
        Key,
        FirstKey,
        Colon,
        After,
    }

    static bool Word(ReadOnlySpan<byte> text, ref int at)
    {
        var word = text[at] switch { (byte)'t' => "true"u8, (byte)'f' => "false"u8, _ => "null"u8 };
        foreach (var letter in word)
        {
            if (at == text.Length || text[at] != letter)
                return false;
            at++;
        }

        return true;
    }

    static bool Number(ReadOnlySpan<byte> text, ref int at)
    {
        if (text[at] == '-')
            at++;
        if (at < text.Length && text[at] == '0')
            at++;
        else if (!Digits(text, ref at))
            return false;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (!Digits(text, ref at))
                return false;
        }

        if (at == text.Length || (text[at] | 0x20) != 'e')
            return true;
        at++;
        if (at < text.Length && text[at] is (byte)'+' or (byte)'-')
            at++;
        return Digits(text, ref at);
    }

    static bool Digits(ReadOnlySpan<byte> text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit((char)text[at]))
            at++;
        return at > start;
    }

    static bool Text(ReadOnlySpan<byte> text, ref int at)
    {
        at++;
        while (at < text.Length && text[at] >= 0x20)
        {
            if (text[at] == '"')
            {
                at++;
                return true;
            }

            if (!(text[at] == '\\' ? Escape(text, ref at) : Character(text, ref at)))
                return false;
        }

        return false;
    }

    static bool Escape(ReadOnlySpan<byte> text, ref int at)
    {
        at++;
        if (at == text.Length || !"\"\\/bfnrtu"u8.Contains(text[at]))
            return false;
        if (text[at++] != 'u')
            return true;
        for (var i = 0; i < 4; i++, at++)
        {
            if (at == text.Length || !char.IsAsciiHexDigit((char)text[at]))
                return false;
        }

        return true;
    }

    static bool Character(ReadOnlySpan<byte> text, ref int at)
    {
        var first = text[at];
        var (least, most) = first switch { 0xE0 => (0xA0, 0xBF), 0xED => (0x80, 0x9F), 0xF0 => (0x90, 0xBF), 0xF4 => (0x80, 0x8F), _ => (0x80, 0xBF) };
        var more = first switch { < 0x80 => 0, >= 0xC2 and <= 0xDF => 1, >= 0xE0 and <= 0xEF => 2, >= 0xF0 and <= 0xF4 => 3, _ => -1 };
        if (more < 0)
            return false;
        at++;
        for (; more > 0; more--, at++, least = 0x80, most = 0xBF)
        {
            if (at == text.Length || text[at] < least || text[at] > most)
                return false;
        }

        return true;
    }

    /// <summary>Line and column, from 1, of a place.</summary>
    public static (long Line, long Column) PlaceOf(ReadOnlySpan<byte> text, int at)
    {
        var before = text[..at];
        return (before.Count((byte)'\n') + 1, at - before.LastIndexOf((byte)'\n'));
    }
}
