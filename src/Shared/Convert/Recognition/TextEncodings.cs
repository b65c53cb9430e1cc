using System.Text;
using System.Text.Unicode;

namespace DataIngestion.Conversion;

/// <summary>What a text's bytes mean.</summary>
/// <param name="Name">IANA name; <c>unknown</c> where nothing tells, which is read as UTF-8; empty for what is no text.</param>
/// <param name="Text">The text in UTF-8, without byte order mark; null for what is no text.</param>
/// <param name="Evidence">A sentence about "it".</param>
internal sealed record FoundEncoding(string Name, byte[]? Text, string Evidence);

/// <summary>
/// Finds the encoding of a text: by byte order mark, by the pattern of zero bytes, by being valid UTF-8, and then by which code page makes words of the
/// bytes above 127. Abstains where no code page does.
/// </summary>
internal static class TextEncodings
{
    static readonly (string Name, byte[] Mark, string Words)[] Marks =
    [
        ("utf-8", [0xEF, 0xBB, 0xBF], "UTF-8"),
        ("utf-32", [0xFF, 0xFE, 0, 0], "UTF-32, little-endian"),
        ("utf-32be", [0, 0, 0xFE, 0xFF], "UTF-32, big-endian"),
        ("utf-16", [0xFF, 0xFE], "UTF-16, little-endian"),
        ("utf-16be", [0xFE, 0xFF], "UTF-16, big-endian"),
        ("gb18030", [0x84, 0x31, 0x95, 0x33], "GB 18030"),
    ];

    /// <summary>Whether an encoding is told by a mark or by its structure, so that nothing configured can be more right.</summary>
    public static bool IsCertain(string name) => name.StartsWith("utf-16", StringComparison.Ordinal) || name.StartsWith("utf-32", StringComparison.Ordinal);

    /// <summary>JSON is Unicode: a code page that would make words of other bytes has no say.</summary>
    public static string OfJson(string name) => name == "utf-8" || IsCertain(name) ? name : "unknown";

    public static FoundEncoding Find(ReadOnlySpan<byte> head)
    {
        foreach (var (name, mark, words) in Marks)
        {
            if (head.StartsWith(mark))
                return new(name, ToUtf8(name, head[mark.Length..]), $"starts with the byte order mark of {words}");
        }

        if (head.Contains((byte)0))
            return ZeroBytes(head);
        if (IsUtf8(head))
            return new("utf-8", head.ToArray(), "is valid UTF-8");
        if (BrokenUtf8(head))
            return new("utf-8", head.ToArray(), "is UTF-8 but for a few bytes");
        return CodePages.Find(head) is { } page
            ? new(page.Name, ToUtf8(page.Name, head), page.Evidence)
            : new("unknown", head.ToArray(), "is neither UTF-8 nor clearly anything else: it is read as UTF-8 unless configuration says more");
    }

    /// <summary>The bytes in UTF-8; a character that the end cuts in two is left out.</summary>
    public static byte[] ToUtf8(string name, ReadOnlySpan<byte> bytes)
    {
        if (name == "utf-8")
            return bytes.ToArray();
        var decoder = Pipeline.InputStreams.Find(name).GetDecoder();
        var characters = new char[bytes.Length + 1];
        var count = decoder.GetChars(bytes, characters, flush: false);
        return Encoding.UTF8.GetBytes(characters, 0, count);
    }

    /// <summary>Text in ASCII's part of Unicode has zeros at one place of every two or four.</summary>
    static FoundEncoding ZeroBytes(ReadOnlySpan<byte> head)
    {
        Span<int> zeros = stackalloc int[4];
        var looked = head[..(Math.Min(head.Length, 4096) & ~3)];
        for (var i = 0; i < looked.Length; i++)
            zeros[i & 3] += looked[i] == 0 ? 1 : 0;
        var quarter = looked.Length / 4;
        string? name = null;
        if (quarter >= 2 && zeros[3] == quarter && zeros[2] >= quarter * 0.95 && zeros[0] == 0)
            name = "utf-32";
        else if (quarter >= 2 && zeros[0] == quarter && zeros[1] >= quarter * 0.95 && zeros[3] == 0)
            name = "utf-32be";
        else if (quarter >= 2 && zeros[0] + zeros[2] == 0 && zeros[1] + zeros[3] >= quarter / 10.0)
            name = "utf-16";
        else if (quarter >= 2 && zeros[1] + zeros[3] == 0 && zeros[0] + zeros[2] >= quarter / 10.0)
            name = "utf-16be";
        if (name is not null && ToUtf8(name, head) is var text && !HasControls(text))
            return new(name, text, $"has zero bytes where {name.ToUpperInvariant()} has them");
        return new("", null, "has zero bytes and no mark that is known");
    }

    static bool HasControls(ReadOnlySpan<byte> text) =>
        text.IndexOf("\uFFFD"u8) >= 0 || text[..Math.Min(text.Length, 4096)].IndexOfAnyInRange((byte)0, (byte)8) >= 0;

    /// <summary>The head may end inside a character.</summary>
    static bool IsUtf8(ReadOnlySpan<byte> bytes)
    {
        for (var cut = 0; cut <= 3 && cut <= bytes.Length; cut++)
        {
            if (Utf8.IsValid(bytes[..^cut]))
                return cut == 0 || Rune.DecodeFromUtf8(bytes[^cut..], out _, out _) == System.Buffers.OperationStatus.NeedMoreData;
        }

        return false;
    }

    /// <summary>Sequences of several bytes that are right by chance are rare, so a few of them outweigh a broken one.</summary>
    static bool BrokenUtf8(ReadOnlySpan<byte> bytes)
    {
        var (right, wrong) = (0, 0);
        for (var rest = bytes[..Math.Min(bytes.Length, 64 << 10)]; !rest.IsEmpty;)
        {
            var ascii = rest.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0)
                break;
            rest = rest[ascii..];
            _ = Rune.DecodeFromUtf8(rest, out _, out var length) == System.Buffers.OperationStatus.Done ? right++ : wrong++;
            rest = rest[Math.Max(1, length)..];
        }

        return right > wrong * 4;
    }
}
