using System.Globalization;
using System.Text;

namespace DataIngestion.Collect;

/// <summary>Backslashes in quoted text, as Python reads them.</summary>
internal static class Escapes
{
    /// <summary>Reads the escape at a place and moves behind it; one that means nothing stays as written.</summary>
    /// <returns>False where it is cut off.</returns>
    public static bool TryRead(string text, ref int at, StringBuilder into)
    {
        if (at + 1 >= text.Length)
            return false;
        var c = text[at + 1];
        at += 2;
        switch (c)
        {
            case '\n': return true;
            case '\\' or '\'' or '"': into.Append(c); return true;
            case 'n': into.Append('\n'); return true;
            case 'r': into.Append('\r'); return true;
            case 't': into.Append('\t'); return true;
            case 'b': into.Append('\b'); return true;
            case 'f': into.Append('\f'); return true;
            case 'v': into.Append('\v'); return true;
            case 'a': into.Append('\a'); return true;
            case 'x': return Hex(text, ref at, 2, into);
            case 'u': return Hex(text, ref at, 4, into);
            case 'U': return Hex(text, ref at, 8, into);
            case >= '0' and <= '7': Octal(text, ref at, c, into); return true;
            default: into.Append('\\').Append(c); return true;
        }
    }

    static bool Hex(string text, ref int at, int digits, StringBuilder into)
    {
        if (at + digits > text.Length || !uint.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            return false;
        at += digits;
        if (code <= 0xFFFF)
            into.Append((char)code);
        else if (code <= 0x10FFFF)
            into.Append(char.ConvertFromUtf32((int)code));
        else
            return false;
        return true;
    }

    static void Octal(string text, ref int at, char first, StringBuilder into)
    {
        var code = first - '0';
        for (var i = 0; i < 2 && at < text.Length && text[at] is >= '0' and <= '7'; i++, at++)
            code = (code * 8) + text[at] - '0';
        into.Append((char)code);
    }
}
