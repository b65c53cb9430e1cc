using System.Buffers;

namespace DataIngestion.Conversion.Edi;

/// <summary>The characters that an interchange gives a meaning.</summary>
/// <param name="Release">Takes the meaning from the character behind it; null where there is none.</param>
/// <param name="Repetition">Between repetitions of an element; null where elements do not repeat.</param>
internal sealed record EdiSyntax(byte Element, byte Component, byte Terminator, byte? Release, byte? Repetition)
{
    /// <summary>ISO 9735, where no service string advice stands before the interchange.</summary>
    public static EdiSyntax Edifact { get; } = new((byte)'+', (byte)':', (byte)'\'', (byte)'?', null);

    /// <summary>What ends a segment or takes the meaning from its end.</summary>
    SearchValues<byte> Ends { get; } = SearchValues.Create(Release is { } release ? [Terminator, release] : [Terminator]);

    SearchValues<byte> Splits { get; } = SearchValues.Create([Element, Component, .. Release is { } release ? (byte[])[release] : [], .. Repetition is { } repetition ? (byte[])[repetition] : []]);

    /// <summary>Bytes of the segment that the content begins with, without its terminator; -1 where it does not end.</summary>
    public int SegmentLength(ReadOnlySpan<byte> content)
    {
        for (var at = 0; at < content.Length;)
        {
            var found = content[at..].IndexOfAny(Ends);
            if (found < 0)
                return -1;
            at += found;
            if (content[at] == Terminator)
                return at;
            at += 2;
        }

        return -1;
    }

    /// <summary>The place of the next separator; the text's length where there is none. Released characters are none.</summary>
    public int Next(ReadOnlySpan<byte> text, int from, out bool hasRelease)
    {
        hasRelease = false;
        for (var at = from; at < text.Length;)
        {
            var found = text[at..].IndexOfAny(Splits);
            if (found < 0)
                return text.Length;
            at += found;
            if (text[at] != Release)
                return at;
            hasRelease = true;
            at += 2;
        }

        return text.Length;
    }

    /// <summary>The separators of an X12 interchange, which its header shows: behind ISA, behind its last element, and its end.</summary>
    /// <param name="content">Begins with <c>ISA</c>.</param>
    /// <returns>Null where more must be there to know, or where it is no such header.</returns>
    public static EdiSyntax? X12(ReadOnlySpan<byte> content, out bool isWrong)
    {
        const int Elements = 16;
        const int Longest = 200;
        isWrong = false;
        if (content.Length < 4)
            return null;
        var element = content[3];
        var (at, count, repetition) = (3, 0, -1);
        for (; at < content.Length && at < Longest && count < Elements; at++)
        {
            if (content[at] == element && ++count == 11)
                repetition = at + 1;
        }

        isWrong = count < Elements && content.Length >= Longest;
        if (count < Elements || at + 1 >= content.Length)
            return null;
        var (component, terminator) = (content[at], content[at + 1]);
        isWrong = char.IsAsciiLetterOrDigit((char)element) || char.IsAsciiLetterOrDigit((char)component) || char.IsAsciiLetterOrDigit((char)terminator) || element == component || element == terminator || component == terminator;
        // Before version 00402 this element was a standards identifier, U.
        var repeats = content[repetition];
        return isWrong ? null : new(element, component, terminator, null, char.IsAsciiLetterOrDigit((char)repeats) || repeats is (byte)' ' || repeats == element || repeats == component || repeats == terminator ? null : repeats);
    }

    /// <summary>The separators of a service string advice, <c>UNA:+.? '</c>.</summary>
    /// <param name="advice">Its nine bytes.</param>
    public static EdiSyntax Una(ReadOnlySpan<byte> advice)
    {
        byte? Or(byte b, byte nothing) => b == nothing ? null : b;
        return new(advice[4], advice[3], advice[8], Or(advice[6], (byte)' '), advice[7] == '*' ? advice[7] : null);
    }
}
