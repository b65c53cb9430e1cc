using System.Text;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>The start of a text, in UTF-8.</summary>
/// <param name="bytes">Without byte order mark.</param>
/// <param name="isWhole">Whether it is all of it.</param>
/// <param name="extension">Of the file's name, with its dot, in lower case; empty for none.</param>
internal sealed class TextSample(byte[] bytes, bool isWhole, string extension)
{
    /// <summary>How far text that need not be looked at wholly is looked at.</summary>
    public const int NearBytes = 16 << 10;

    readonly int _start = bytes.Length - bytes.AsSpan().TrimStart(" \t\r\n\0\u0001\u001A"u8).Length;

    public byte[] All => bytes;

    public bool IsWhole => isWhole;

    public string Extension => extension;

    /// <summary>From the first character that is no white space.</summary>
    public ReadOnlySpan<byte> Start => bytes.AsSpan(_start);

    /// <summary>The first 16 KiB of it.</summary>
    public ReadOnlySpan<byte> Near => bytes.AsSpan(_start, Math.Min(bytes.Length - _start, NearBytes));

    /// <summary>The first lines from <see cref="Start"/>, without their ends; the last may be cut.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines(int most)
    {
        var rest = bytes.AsMemory(_start);
        for (var line = 0; line < most && rest.Length > 0; line++)
        {
            var end = rest.Span.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                yield return rest;
                yield break;
            }

            yield return rest[..end];
            rest = rest[(end + (rest.Span[end] == '\r' && end + 1 < rest.Length && rest.Span[end + 1] == '\n' ? 2 : 1))..];
        }
    }

    /// <summary>The text behind the comments of markup that begin it; null where there are none.</summary>
    public byte[]? AfterComments()
    {
        var rest = Start;
        while (rest.StartsWith("<!--"u8) && rest.IndexOf("-->"u8) is > 0 and var end)
            rest = rest[(end + 3)..].TrimStart(" \t\r\n"u8);
        return rest.Length == Start.Length || rest.Length < 3 || rest.StartsWith("<!--"u8) ? null : rest.ToArray();
    }

    /// <summary>A line of <see cref="Lines"/> as text.</summary>
    public static string Words(ReadOnlyMemory<byte> line) => Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, 1000)]);

    /// <summary>The text up to a byte; empty where it is not found.</summary>
    public static string Until(ReadOnlySpan<byte> from, ReadOnlySpan<byte> ends, int most)
    {
        var end = from[..Math.Min(from.Length, most)].IndexOfAny(ends);
        return end < 0 ? "" : Field.Text(from[..end]);
    }

    /// <summary>Whether one of the words begins the text, in any case.</summary>
    public static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word);
}
