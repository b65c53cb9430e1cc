using System.Text;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>The first element of an XML document, found without a parser so that a broken document has one, too.</summary>
/// <param name="name">Without its prefix.</param>
/// <param name="prefix">Empty for none.</param>
/// <param name="tag">The whole start tag, as much as is there.</param>
/// <param name="instructions">What stands before it: declaration, comments, document type.</param>
/// <param name="after">What follows the start tag.</param>
internal readonly ref struct XmlRoot(string name, string prefix, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> instructions, ReadOnlySpan<byte> after)
{
    public string Name { get; } = name;

    public string Prefix { get; } = prefix;

    public ReadOnlySpan<byte> Tag { get; } = tag;

    public ReadOnlySpan<byte> Instructions { get; } = instructions;

    public ReadOnlySpan<byte> After { get; } = after;

    /// <summary>Finds it.</summary>
    /// <param name="start">Begins with '&lt;'.</param>
    public static bool TryFind(ReadOnlySpan<byte> start, out XmlRoot root)
    {
        root = default;
        var rest = start;
        for (var rounds = 0; rounds < 1000; rounds++)
        {
            rest = rest.TrimStart(" \t\r\n\uFEFF"u8);
            if (rest.Length < 2 || rest[0] != '<')
                return false;
            var end = rest.StartsWith("<!--"u8) ? After(rest, "-->"u8) : rest[1] == '?' ? After(rest, "?>"u8) : rest[1] == '!' ? Declaration(rest) : 0;
            if (end < 0)
                return false;
            if (end == 0)
                break;
            rest = rest[end..];
        }

        static int After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark) => text.IndexOf(mark) is >= 0 and var at ? at + mark.Length : -1;

        var length = 1;
        while (length < rest.Length && IsName(rest[length]))
            length++;
        if (length == 1 || (length < rest.Length && rest[length] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'>' or (byte)'/')))
            return false;
        if (!(char.IsAsciiLetter((char)rest[1]) || rest[1] is (byte)'_' or >= 0x80))
            return false;
        var close = Close(rest);
        var qualified = Encoding.UTF8.GetString(rest[1..length]);
        var colon = qualified.IndexOf(':', StringComparison.Ordinal);
        root = new(qualified[(colon + 1)..], colon < 0 ? "" : qualified[..colon], rest[..close], start[..^rest.Length], rest[close..]);
        return true;
    }

    /// <summary>The namespace of the element itself; empty where the tag does not declare it.</summary>
    public string Namespace => Attribute(Prefix.Length == 0 ? "xmlns" : "xmlns:" + Prefix);

    /// <summary>An attribute's value; empty where there is none.</summary>
    public string Attribute(string name)
    {
        var wanted = Encoding.UTF8.GetBytes(name);
        for (var at = 1; at < Tag.Length;)
        {
            var found = Tag[at..].IndexOf(wanted);
            if (found < 0)
                return "";
            at += found + wanted.Length;
            if (Tag[at - wanted.Length - 1] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                continue;
            var rest = Tag[at..].TrimStart(" \t\r\n"u8);
            if (rest.IsEmpty || rest[0] != '=')
                continue;
            rest = rest[1..].TrimStart(" \t\r\n"u8);
            if (rest.Length < 2 || rest[0] is not ((byte)'"' or (byte)'\''))
                return "";
            var end = rest[1..].IndexOf(rest[0]);
            return end < 0 ? "" : Encoding.UTF8.GetString(rest.Slice(1, Math.Min(end, 300))).Trim();
        }

        return "";
    }

    static bool IsName(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)':' or (byte)'_' or (byte)'-' or (byte)'.' or >= 0x80;

    /// <summary>A document type may have a part in brackets that holds its own.</summary>
    static int Declaration(ReadOnlySpan<byte> text)
    {
        var (close, open) = (text.IndexOf((byte)'>'), text.IndexOf((byte)'['));
        if (open < 0 || open > close)
            return close + 1 == 0 ? -1 : close + 1;
        var end = text[open..].IndexOf("]"u8);
        if (end < 0)
            return -1;
        var rest = text[(open + end)..].IndexOf((byte)'>');
        return rest < 0 ? -1 : open + end + rest + 1;
    }

    /// <summary>The end of the start tag; quotes may hold its character.</summary>
    static int Close(ReadOnlySpan<byte> text)
    {
        byte quote = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (quote != 0)
                quote = text[at] == quote ? (byte)0 : quote;
            else if (text[at] is (byte)'"' or (byte)'\'')
                quote = text[at];
            else if (text[at] == '>')
                return at + 1;
        }

        return text.Length;
    }
}
